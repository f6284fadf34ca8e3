#include "base/metrics.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace tradeassist::base {
namespace {

constexpr double kLatencyBounds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                     0.25,   0.5,   1,      2.5,   5,    10,    30,   60};
constexpr double kLongRunBounds[] = {0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 1800, 3600, 14400, 86400};

MetricLabels others(MetricLabels labels) {
  for (auto& [name, value] : labels) value = "other";
  return labels;
}

}  // namespace

std::span<const double> latency_bounds() { return kLatencyBounds; }
std::span<const double> long_run_bounds() { return kLongRunBounds; }

std::uint64_t HistogramValues::count() const { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

HistogramValues HistogramValues::since(const HistogramValues& before) const {
  if (before.counts.empty()) return *this;  // of when there was none
  assert(before.counts.size() == counts.size());
  HistogramValues out = *this;
  out.sum -= before.sum;
  for (std::size_t i = 0; i < counts.size(); ++i) out.counts[i] -= before.counts[i];
  return out;
}

std::optional<double> HistogramValues::quantile(double share) const {
  const auto all = static_cast<double>(count());
  if (all == 0) return std::nullopt;
  const double wanted = share * all;
  double below = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const auto here = static_cast<double>(counts[i]);
    if (here > 0 && below + here >= wanted) {
      const double low = i == 0 ? 0 : bounds[i - 1];
      return low + (bounds[i] - low) * std::max(0.0, wanted - below) / here;
    }
    below += here;
  }
  return bounds.empty() ? std::nullopt : std::optional(bounds.back());
}

Histogram::Histogram(std::span<const double> upper_bounds)
    : bounds_(upper_bounds.begin(), upper_bounds.end()),
      counts_(std::make_unique<std::atomic<std::uint64_t>[]>(upper_bounds.size() + 1)) {
  assert(bounds_.size() <= kBucketsMax && std::ranges::is_sorted(bounds_));
}

void Histogram::observe(double value) {
  const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

HistogramValues Histogram::values() const {
  HistogramValues out{bounds_, {}, sum_.load(std::memory_order_relaxed)};
  for (std::size_t i = 0; i <= bounds_.size(); ++i) out.counts.push_back(counts_[i].load(std::memory_order_relaxed));
  return out;
}

MetricFamily& MetricSink::family(std::string_view name, std::string_view help, MetricKind kind) {
  const auto [place, is_new] = places_.try_emplace(std::string(name), families_.size());
  if (is_new) families_.push_back({std::string(name), std::string(help), kind, {}});
  assert(families_[place->second].kind == kind);
  return families_[place->second];
}

void MetricSink::counter(std::string_view name, std::string_view help, double value, MetricLabels labels) {
  family(name, help, MetricKind::kCounter).samples.push_back({std::move(labels), value});
}

void MetricSink::gauge(std::string_view name, std::string_view help, double value, MetricLabels labels) {
  family(name, help, MetricKind::kGauge).samples.push_back({std::move(labels), value});
}

void MetricSink::histogram(std::string_view name, std::string_view help, HistogramValues values, MetricLabels labels) {
  family(name, help, MetricKind::kHistogram).samples.push_back({std::move(labels), 0, std::move(values)});
}

template <class Metric, class Make>
Metric& MetricRegistry::find(std::map<std::string, Family<Metric>, std::less<>>& families, std::string_view name,
                             std::string_view help, const MetricLabels& labels, Make make) {
  const std::lock_guard lock(mutex_);
  Family<Metric>& family = families[std::string(name)];
  if (family.metrics.empty()) family.help = help;
  auto found = family.metrics.find(labels);
  if (found == family.metrics.end()) {
    const bool is_full = family.metrics.size() >= kLabelSetsMax;
    found = family.metrics.try_emplace(is_full ? others(labels) : labels).first;
  }
  if (found->second == nullptr) found->second = make();
  return *found->second;
}

Counter& MetricRegistry::counter(std::string_view name, std::string_view help, const MetricLabels& labels) {
  return find(counters_, name, help, labels, [] { return std::make_unique<Counter>(); });
}

Gauge& MetricRegistry::gauge(std::string_view name, std::string_view help, const MetricLabels& labels) {
  return find(gauges_, name, help, labels, [] { return std::make_unique<Gauge>(); });
}

Histogram& MetricRegistry::histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                                     const MetricLabels& labels) {
  return find(histograms_, name, help, labels, [bounds] { return std::make_unique<Histogram>(bounds); });
}

void MetricRegistry::collect_from(std::function<void(MetricSink&)> collect) {
  const std::lock_guard lock(mutex_);
  collectors_.push_back(std::move(collect));
}

std::vector<MetricFamily> MetricRegistry::collect() const {
  MetricSink sink;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, family] : counters_) {
    for (const auto& [labels, metric] : family.metrics)
      sink.counter(name, family.help, static_cast<double>(metric->value()), labels);
  }
  for (const auto& [name, family] : gauges_) {
    for (const auto& [labels, metric] : family.metrics) sink.gauge(name, family.help, metric->value(), labels);
  }
  for (const auto& [name, family] : histograms_) {
    for (const auto& [labels, metric] : family.metrics) sink.histogram(name, family.help, metric->values(), labels);
  }
  for (const auto& collect : collectors_) collect(sink);
  std::vector<MetricFamily> families = sink.take();
  std::ranges::sort(families, {}, &MetricFamily::name);
  return families;
}

}  // namespace tradeassist::base
