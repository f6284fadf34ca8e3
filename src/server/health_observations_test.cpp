#include "server/health_observations.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "monitor/alert_decision.hpp"
#include "monitor/trend_store.hpp"
#include "store/testing/temporary_directory.hpp"

namespace tradeassist::server {
namespace {

class ObservationsOfHealth : public testing::Test {
 protected:
  std::vector<monitor::Observation> observe() { return observations_of(sample_, parts_); }
  /// Of a type; empty severity: nothing is wrong with any source.
  std::string worst(const char* type) {
    const auto thresholds = monitor::default_thresholds();
    std::string worst;
    for (const monitor::Observation& each : observe()) {
      if (each.type != type) continue;
      if (!each.is_measured) return "unmeasured";
      for (const monitor::Reading& reading : each.readings) {
        const auto severity =
            monitor::severity_of(*monitor::find_threshold(thresholds, type), reading.value, std::nullopt, {});
        if (severity) worst = reading.source + " " + std::string(monitor::to_string(*severity));
      }
    }
    return worst;
  }

  store::TemporaryDirectory directory_;
  std::unique_ptr<store::MarketStore> market_ = std::move(store::MarketStore::open(directory_.path()).value());
  std::unique_ptr<store::SeriesCache> cache_ = std::move(store::SeriesCache::create(*market_).value());
  std::optional<LiveStatus> live_;
  HealthSample sample_ = [] {
    HealthSample sample;
    sample.is_reachable = true;
    return sample;
  }();
  HealthParts parts_{
      .market = *market_, .cache = *cache_, .live_source = "schwab", .live_status = [this] { return live_; }};
};

TEST_F(ObservationsOfHealth, are_made_of_every_type_that_has_a_threshold_and_of_no_other) {
  std::vector<std::string> observed, known;
  for (const auto& each : observe()) observed.push_back(each.type);
  for (const auto& each : monitor::default_thresholds()) known.push_back(each.type);
  std::ranges::sort(observed);
  std::ranges::sort(known);
  EXPECT_EQ(observed, known);
}

TEST_F(ObservationsOfHealth, find_nothing_wrong_where_nothing_was_measured) {
  for (const auto& each : monitor::default_thresholds()) {
    const std::string found = worst(each.type.c_str());
    EXPECT_TRUE(found.empty() || found == "unmeasured") << each.type << ": " << found;
  }
}

TEST_F(ObservationsOfHealth, tell_what_is_wrong) {
  sample_.is_reachable = false;
  EXPECT_EQ(worst("database_unreachable"), "market database critical");
  sample_.data_disk = base::DiskSpace{5'000'000'000, 100'000'000'000};
  EXPECT_EQ(worst("free_disk"), "data directory warning");
  sample_.rows_per_writing_second = 20;
  EXPECT_EQ(worst("insert_rate"), "market database critical");
  sample_.query_p95_seconds = 0.2;
  EXPECT_EQ(worst("query_time"), "market database warning");
  sample_.process.resident_bytes = 95;
  sample_.memory_limit_bytes = 100;
  EXPECT_EQ(worst("memory"), "process critical");
  sample_.error_share = 0.02;
  EXPECT_EQ(worst("error_rate"), "requests warning");
  sample_.dead_letters_last_day = 1;
  EXPECT_EQ(worst("jobs_dead_letter"), "jobs warning");
  store::PartitionInfo partition;
  partition.range = store::partition_of(store::PartitionKind::kBar, 0);
  partition.payload_bytes = 1'200'000'000;
  sample_.partitions = {partition};
  EXPECT_EQ(worst("partition_size"), "bar partition 1970 critical");
  sample_.benchmark = boost::json::object{{"regressions", boost::json::array{"insert"}}};
  EXPECT_EQ(worst("performance_regression"), "benchmark of the database warning");
}

TEST_F(ObservationsOfHealth, of_one_of_several_servers_bear_its_name_unless_they_are_of_all) {
  parts_.server = "desk-1";
  sample_.process.open_files = 99;
  sample_.process.open_files_max = 100;
  EXPECT_EQ(worst("open_files"), "process@desk-1 critical");
  sample_.dead_letters_last_day = 1;
  EXPECT_EQ(worst("jobs_dead_letter"), "jobs warning");
}

TEST_F(ObservationsOfHealth, a_stream_that_stopped_is_critical_and_a_rehearsal_that_ended_is_done) {
  live_.emplace();
  live_->state = feed::LiveState::kDegraded;
  EXPECT_EQ(worst("live_feed"), "live source schwab warning");
  live_->state = feed::LiveState::kLive;
  EXPECT_EQ(worst("live_feed"), "");
  live_->state = feed::LiveState::kStopped;
  EXPECT_EQ(worst("live_feed"), "live source schwab critical");
  parts_.live_source = "replay";
  EXPECT_EQ(worst("live_feed"), "");
  live_->login = LiveLogin{.state = "ends_soon", .is_good = false, .ends_at = base::now() + std::chrono::hours(20)};
  EXPECT_EQ(worst("login_ends"), "live source replay warning");
}

TEST_F(ObservationsOfHealth, trends_are_of_kinds_there_are_and_leave_out_what_was_not_measured) {
  sample_.requests_per_second = 3;
  sample_.data_disk = base::DiskSpace{5, 10};
  const auto values = trend_values_of(sample_, parts_);
  for (const auto& [name, value] : values) EXPECT_NE(monitor::find_trend_kind(name), nullptr) << name;
  EXPECT_EQ(values.at("requests_per_second"), 3);
  EXPECT_EQ(values.at("free_disk_bytes"), 5);
  EXPECT_FALSE(values.contains("query_p95_milliseconds"));
}

}  // namespace
}  // namespace tradeassist::server
