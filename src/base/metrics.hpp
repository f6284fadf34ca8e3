#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Numbers that the program counts about itself. Counting takes no lock; whoever wants to see the numbers collects
/// them.
namespace tradeassist::base {

/// A number that only grows. Any thread may add.
class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// A number that goes up and down. Any thread may change it.
class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double difference) { value_.fetch_add(difference, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

/// What a histogram held at one moment.
struct HistogramValues {
  std::vector<double> bounds;         // upper ones, ascending; the last bucket has none
  std::vector<std::uint64_t> counts;  // of each bucket alone; one more than bounds
  double sum = 0;

  std::uint64_t count() const;
  /// What came since `before`, of the same histogram.
  HistogramValues since(const HistogramValues& before) const;
  /// The value below which `share` (0 to 1) of the observations lie, taken evenly within a bucket; the largest bound
  /// where it lies beyond. Nothing without observations.
  std::optional<double> quantile(double share) const;
};

/// Counts observations by size, in buckets that are fixed when it is made. Any thread may observe.
class Histogram {
 public:
  static constexpr std::size_t kBucketsMax = 24;

  /// `upper_bounds` ascend; at most kBucketsMax.
  explicit Histogram(std::span<const double> upper_bounds);

  void observe(double value);
  HistogramValues values() const;

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
  std::atomic<double> sum_ = 0;
};

/// Bounds for seconds that something takes, from half a millisecond to a minute, and to a day for jobs.
std::span<const double> latency_bounds();
std::span<const double> long_run_bounds();

enum class MetricKind { kCounter, kGauge, kHistogram };
using MetricLabels = std::vector<std::pair<std::string, std::string>>;

struct MetricSample {
  MetricLabels labels;
  double value = 0;
  std::optional<HistogramValues> histogram{};  // of that kind, instead of the value
};

/// All samples of one name, with what they are, for people.
struct MetricFamily {
  std::string name, help;
  MetricKind kind = MetricKind::kGauge;
  std::vector<MetricSample> samples;
};

/// Takes samples of what keeps its own numbers. A sample whose name was not there begins a family.
class MetricSink {
 public:
  void counter(std::string_view name, std::string_view help, double value, MetricLabels labels = {});
  void gauge(std::string_view name, std::string_view help, double value, MetricLabels labels = {});
  void histogram(std::string_view name, std::string_view help, HistogramValues values, MetricLabels labels = {});
  std::vector<MetricFamily> take() { return std::move(families_); }

 private:
  MetricFamily& family(std::string_view name, std::string_view help, MetricKind kind);

  std::vector<MetricFamily> families_;
  std::map<std::string, std::size_t, std::less<>> places_;
};

/// The numbers of a process. Making one and collecting lock; counting does not. Every method may be called from any
/// thread; what it gave stays where it is as long as it lives.
class MetricRegistry {
 public:
  /// Sets of labels of one name; what is beyond them counts together, each label "other".
  static constexpr std::size_t kLabelSetsMax = 500;

  // The one of this name and these labels, made when it is new. A name has one help, one kind and one set of bounds.
  Counter& counter(std::string_view name, std::string_view help, const MetricLabels& labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, const MetricLabels& labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                       const MetricLabels& labels = {});

  /// `collect` is called for each collection, one at a time; it must be quick and ask no database.
  void collect_from(std::function<void(MetricSink&)> collect);

  /// By name.
  std::vector<MetricFamily> collect() const;

 private:
  template <class Metric>
  struct Family {
    std::string help;
    std::map<MetricLabels, std::unique_ptr<Metric>> metrics;
  };
  template <class Metric, class Make>
  Metric& find(std::map<std::string, Family<Metric>, std::less<>>& families, std::string_view name,
               std::string_view help, const MetricLabels& labels, Make make);

  mutable std::mutex mutex_;
  std::map<std::string, Family<Counter>, std::less<>> counters_;
  std::map<std::string, Family<Gauge>, std::less<>> gauges_;
  std::map<std::string, Family<Histogram>, std::less<>> histograms_;
  std::vector<std::function<void(MetricSink&)>> collectors_;
};

}  // namespace tradeassist::base
