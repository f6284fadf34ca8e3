#include "store/benchmark/benchmark_run.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

Measurement rate(double value, double spread = 0.05) {
  return {
      .name = "append", .unit = "bars/s", .higher_is_better = true, .value = value, .spread = spread, .rows = 1'000};
}

Measurement duration(double value, double spread = 0.05) {
  return {.name = "query", .unit = "ms", .value = value, .spread = spread, .rows = 1'000};
}

BenchmarkRun run_of(std::vector<Measurement> measurements) {
  return {.started_at = base::time_from_nanoseconds(1'750'000'000'123'456'789),
          .seconds = 1.5,
          .program_version = "0.1.0",
          .database_kind = "SQLite",
          .database_version = "3.40.1",
          .hardware = {.cpu_model = "a processor", .cores = 2, .memory_bytes = 8, .kernel = "Linux 6"},
          .measurements = std::move(measurements)};
}

bool regresses(const Measurement& now, const Measurement& then) {
  return compare(run_of({now}), run_of({then})).front().is_regression;
}

TEST(BenchmarkComparison, a_fifth_worse_is_a_regression_only_beyond_what_runs_differ_by) {
  EXPECT_TRUE(regresses(rate(74), rate(100)));
  EXPECT_FALSE(regresses(rate(76), rate(100)));
  EXPECT_FALSE(regresses(rate(74, 0.3), rate(100)));
  EXPECT_FALSE(regresses(rate(74), rate(100, 0.3)));
  EXPECT_FALSE(regresses(rate(500), rate(100)));
  EXPECT_TRUE(regresses(duration(126), duration(100)));
  EXPECT_FALSE(regresses(duration(124), duration(100)));
  EXPECT_FALSE(regresses(duration(20), duration(100)));
}

TEST(BenchmarkComparison, a_change_above_zero_is_better_whatever_the_unit) {
  const auto changes = compare(run_of({rate(150), duration(50)}), run_of({rate(100), duration(100)}));
  EXPECT_DOUBLE_EQ(*changes[0].change, 0.5);
  EXPECT_DOUBLE_EQ(*changes[1].change, 1);
}

TEST(BenchmarkComparison, what_is_not_alike_is_not_compared_and_says_why) {
  const auto reason = [](const BenchmarkRun& now, const BenchmarkRun& then) {
    const Comparison compared = compare(now, then).front();
    EXPECT_FALSE(compared.change);
    EXPECT_FALSE(compared.is_regression);
    return compared.reason.value_or("");
  };
  Measurement fewer = rate(1), missing = rate(1);
  fewer.rows = 10;
  missing.value.reset();
  EXPECT_EQ(reason(run_of({fewer}), run_of({rate(100)})), "the baseline is of 1000 rows");
  EXPECT_EQ(reason(run_of({missing}), run_of({rate(100)})), "not measured");
  EXPECT_EQ(reason(run_of({rate(1)}), run_of({})), "not in the baseline");
  Measurement otherwise = rate(1);
  otherwise.description = "NOT durable";
  EXPECT_EQ(reason(run_of({rate(1)}), run_of({otherwise})), "the baseline is of: NOT durable");
  BenchmarkRun elsewhere = run_of({rate(1)});
  elsewhere.hardware.cores = 64;
  EXPECT_NE(reason(elsewhere, run_of({rate(100)})).find("another machine"), std::string::npos);
  BenchmarkRun newer_kernel = run_of({rate(100)});
  newer_kernel.hardware.kernel = "Linux 7";
  EXPECT_TRUE(compare(newer_kernel, run_of({rate(100)})).front().change);
}

TEST(BenchmarkComparison, a_trend_is_the_values_of_like_runs_oldest_first) {
  Measurement other_rows = rate(7);
  other_rows.rows = 7;
  const std::vector<StoredRun> runs{
      {3, false, run_of({rate(30)})}, {2, false, run_of({other_rows})}, {1, true, run_of({rate(10)})}};
  const auto found = trends(runs);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].values, (std::vector<std::optional<double>>{10, 30}));
}

class BenchmarkHistory : public MarketStoreOnBoth {};
INSTANTIATE_ON_BOTH_DATABASES(BenchmarkHistory);

TEST_P(BenchmarkHistory, the_first_complete_run_is_the_baseline_until_another_is_made_one) {
  Measurement missing = rate(1);
  missing.value.reset();
  missing.reason = "no time";
  const auto put = [&](const BenchmarkRun& run, bool set_baseline) {
    return store_->put_benchmark_run(run, set_baseline).value().is_baseline;
  };
  EXPECT_FALSE(store_->benchmark_baseline().value());
  EXPECT_FALSE(put(run_of({missing}), false));
  EXPECT_TRUE(put(run_of({rate(2)}), false));
  EXPECT_FALSE(put(run_of({rate(3)}), false));
  EXPECT_EQ(store_->benchmark_baseline().value()->run.measurements[0].value, 2);
  EXPECT_TRUE(put(run_of({rate(4)}), true));
  EXPECT_EQ(store_->benchmark_baseline().value()->run.measurements[0].value, 4);
  const auto runs = store_->list_benchmark_runs(3).value();
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0].run.measurements[0].value, 4);
  EXPECT_FALSE(runs[2].is_baseline);
}

TEST_P(BenchmarkHistory, a_run_is_kept_as_it_was) {
  Measurement missing = duration(1);
  missing.value.reset();
  missing.reason = "no time";
  const BenchmarkRun run = run_of({rate(1.0 / 3), missing});
  ASSERT_TRUE(store_->put_benchmark_run(run, false));
  EXPECT_EQ(base::to_json(store_->list_benchmark_runs(1).value()[0].run), base::to_json(run));
}

}  // namespace
}  // namespace tradeassist::store
