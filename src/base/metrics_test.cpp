#include "base/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/metrics_process.hpp"
#include "base/metrics_text.hpp"

namespace tradeassist::base {
namespace {

constexpr double kBounds[] = {1, 2.5, 5};

TEST(Metrics, counts_of_many_threads_are_all_there) {
  MetricRegistry registry;
  Counter& counter = registry.counter("tradeassist_things_total", "Things.");
  Histogram& histogram = registry.histogram("tradeassist_sizes_bytes", "Sizes.", kBounds);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 10'000; ++k) counter.add(), histogram.observe(2);
      });
    }
  }
  EXPECT_EQ(counter.value(), 40'000u);
  EXPECT_EQ(histogram.values().counts, (std::vector<std::uint64_t>{0, 40'000, 0, 0}));
  EXPECT_EQ(histogram.values().sum, 80'000);
}

TEST(Metrics, an_observation_on_a_bound_belongs_below_it) {
  Histogram histogram(kBounds);
  for (const double value : {1.0, 1.1, 5.0, 5.1}) histogram.observe(value);
  EXPECT_EQ(histogram.values().counts, (std::vector<std::uint64_t>{1, 1, 1, 1}));
}

TEST(Metrics, quantiles_lie_within_their_bucket_and_never_beyond_the_last_bound) {
  Histogram histogram(kBounds);
  EXPECT_FALSE(histogram.values().quantile(0.5));
  for (int i = 0; i < 10; ++i) histogram.observe(2);
  EXPECT_DOUBLE_EQ(*histogram.values().quantile(0.5), 1.75);
  const HistogramValues before = histogram.values();
  histogram.observe(1'000);
  EXPECT_DOUBLE_EQ(*histogram.values().since(before).quantile(0.95), 5);
  EXPECT_EQ(histogram.values().since(before).count(), 1u);
  EXPECT_DOUBLE_EQ(histogram.values().since(before).sum, 1'000);
}

TEST(Metrics, the_same_name_and_labels_give_the_same_metric) {
  MetricRegistry registry;
  Gauge& first = registry.gauge("tradeassist_a", "A.", {{"kind", "x"}});
  EXPECT_EQ(&first, &registry.gauge("tradeassist_a", "A.", {{"kind", "x"}}));
  EXPECT_NE(&first, &registry.gauge("tradeassist_a", "A.", {{"kind", "y"}}));
}

TEST(Metrics, sets_of_labels_are_bounded_and_what_is_beyond_counts_together) {
  MetricRegistry registry;
  for (std::size_t i = 0; i < MetricRegistry::kLabelSetsMax + 50; ++i) {
    registry.counter("tradeassist_many_total", "Many.", {{"id", std::to_string(i)}}).add();
  }
  const auto families = registry.collect();
  ASSERT_EQ(families.size(), 1u);
  EXPECT_EQ(families[0].samples.size(), MetricRegistry::kLabelSetsMax + 1);
  const auto other = std::ranges::find_if(families[0].samples,
                                          [](const MetricSample& each) { return each.labels[0].second == "other"; });
  ASSERT_NE(other, families[0].samples.end());
  EXPECT_EQ(other->value, 50);
}

MetricRegistry& fill(MetricRegistry& registry) {
  registry.counter("tradeassist_a_total", "What \\ was\ncounted.", {{"path", "C:\\x \"y\"\n"}}).add(3);
  registry.gauge("tradeassist_b", "A \"gauge\".").set(0.1);
  Histogram& histogram = registry.histogram("tradeassist_c_seconds", "Times.", kBounds, {{"kind", "k"}});
  histogram.observe(0.5);
  histogram.observe(7);
  return registry;
}

TEST(MetricsText, is_what_prometheus_reads) {
  MetricRegistry registry;
  EXPECT_EQ(metrics_text(fill(registry).collect(), MetricsFormat::kPrometheus),
            R"(# HELP tradeassist_a_total What \\ was\ncounted.
# TYPE tradeassist_a_total counter
tradeassist_a_total{path="C:\\x \"y\"\n"} 3
# HELP tradeassist_b A "gauge".
# TYPE tradeassist_b gauge
tradeassist_b 0.1
# HELP tradeassist_c_seconds Times.
# TYPE tradeassist_c_seconds histogram
tradeassist_c_seconds_bucket{kind="k",le="1"} 1
tradeassist_c_seconds_bucket{kind="k",le="2.5"} 1
tradeassist_c_seconds_bucket{kind="k",le="5"} 1
tradeassist_c_seconds_bucket{kind="k",le="+Inf"} 2
tradeassist_c_seconds_sum{kind="k"} 7.5
tradeassist_c_seconds_count{kind="k"} 2
)");
}

TEST(MetricsText, is_openmetrics_where_that_is_accepted) {
  MetricRegistry registry;
  const std::string text = metrics_text(fill(registry).collect(), MetricsFormat::kOpenMetrics);
  EXPECT_NE(text.find("# TYPE tradeassist_a counter\ntradeassist_a_total{"), std::string::npos) << text;
  EXPECT_NE(text.find("le=\"1.0\"} 1\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("# EOF\n"));
  EXPECT_EQ(metrics_format_of("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"),
            MetricsFormat::kOpenMetrics);
  EXPECT_EQ(metrics_format_of("text/plain"), MetricsFormat::kPrometheus);
  EXPECT_EQ(metrics_format_of(""), MetricsFormat::kPrometheus);
}

TEST(Process, has_the_bounds_of_memory_of_all_groups_that_it_is_in) {
  EXPECT_EQ(memory_limit_files("0::/system.slice/tradeassist.service\n"),
            (std::vector<std::string>{"/sys/fs/cgroup/system.slice/tradeassist.service/memory.max",
                                      "/sys/fs/cgroup/system.slice/memory.max", "/sys/fs/cgroup/memory.max"}));
  EXPECT_EQ(memory_limit_files("5:devices:/\n4:cpu,memory:/a\n0::/\n"),
            (std::vector<std::string>{"/sys/fs/cgroup/memory/a/memory.limit_in_bytes",
                                      "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max"}));
  EXPECT_TRUE(memory_limit_files("").empty());
}

TEST(Process, started_once) {
  const auto first = read_process_status().started_at;
  EXPECT_EQ(first, read_process_status().started_at);
}

TEST(Process, tells_of_itself) {
  const ProcessStatus status = read_process_status();
  ASSERT_TRUE(status.resident_bytes && status.threads && status.open_files && status.started_at && status.cpu_seconds);
  EXPECT_GT(*status.resident_bytes, 1 << 20);
  EXPECT_GE(*status.threads, 1);
  EXPECT_GE(*status.open_files, 3);
  EXPECT_LE(*status.started_at, now());
  EXPECT_GT(*status.started_at, now() - std::chrono::hours(24));
  ASSERT_TRUE(memory_limit_bytes());
  EXPECT_GT(*memory_limit_bytes(), *status.resident_bytes);
}

}  // namespace
}  // namespace tradeassist::base
