#include "store/maintenance.hpp"

#include <gmock/gmock.h>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using base::Time;
using testing::ElementsAre;
using testing::HasSubstr;

class Maintenance : public MarketStoreOnBoth {};
INSTANTIATE_ON_BOTH_DATABASES(Maintenance);

TEST_P(Maintenance, makes_the_planners_statistics_anew) {
  append(minutes(0, 10'000));
  const char* count = on_server() ? "SELECT count(*) FROM pg_stats WHERE schemaname = current_schema() AND tablename = "
                                    "'bar_chunk_2020'"
                                  : "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'";
  ASSERT_EQ(number(count), 0);
  EXPECT_EQ(store_->database_status().value().maintained_at, std::nullopt);
  const Time before = base::now();
  const auto outcomes = run_maintenance(database_steps("market", database_.address()));
  ASSERT_EQ(outcomes.size(), on_server() ? 1u : 2u);
  EXPECT_EQ(outcomes[0].name, "market statistics");
  ASSERT_TRUE(outcomes[0].done) << outcomes[0].done.error().message;
  EXPECT_THAT(*outcomes[0].done, HasSubstr(" tables made anew"));
  EXPECT_GT(number(count), 0);
  EXPECT_GE(store_->database_status().value().maintained_at, before);
  if (!on_server()) { EXPECT_GT(number("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'bar_chunk'"), 0); }
  EXPECT_TRUE(same_bits(read_all().value(), minutes(0, 10'000)));
}

TEST_F(MarketStoreTest, maintenance_empties_the_write_ahead_log_and_says_when_a_reader_kept_it_from_that) {
  append(minutes(0, 10'000));
  const auto log = directory() / "market.db-wal";
  ASSERT_GT(std::filesystem::file_size(log), 0u);
  const MaintenanceStep step = database_steps("market", database_.address()).at(1);
  {
    const auto reader = raw();
    const Transaction snapshot = Transaction::begin(*reader, Transaction::Kind::kRead).value();
    reader->query_integer("SELECT count(*) FROM series").value();
    append(minutes(10'000, 10'000));
    const auto outcome = run_maintenance(std::span(&step, 1)).at(0);
    ASSERT_TRUE(outcome.done) << outcome.done.error().message;
    EXPECT_THAT(*outcome.done, HasSubstr("others are reading"));
    EXPECT_GT(std::filesystem::file_size(log), 0u);
  }
  EXPECT_THAT(*run_maintenance(std::span(&step, 1)).at(0).done, HasSubstr("and the log emptied"));
  EXPECT_EQ(std::filesystem::file_size(log), 0u);
}

class MaintenanceScheduleTest : public testing::Test {
 protected:
  MaintenanceStep step(const std::string& name, std::chrono::minutes takes = {}) {
    return {name, [this, name, takes]() -> base::Result<std::string> {
              ran_.push_back(name);
              now_ += takes;
              return "done";
            }};
  }
  void tick_every_minute_until(const char* time) {
    for (const Time end = base::parse_time(time).value(); now_ < end; now_ += std::chrono::minutes(1)) {
      for (const auto& outcome : schedule_->tick([&] { return now_; })) {
        if (outcome.name == "a") began_.push_back(base::format_time(now_));
      }
    }
  }
  void schedule(const char* window, std::vector<MaintenanceStep> steps) {
    schedule_.emplace(base::parse_daily_window(window).value(), std::move(steps));
  }

  Time now_ = base::parse_time("2024-02-27T12:00:00Z").value();
  std::vector<std::string> ran_, began_;
  std::optional<MaintenanceSchedule> schedule_;
};

TEST_F(MaintenanceScheduleTest, runs_once_a_day_when_the_window_begins) {
  schedule("02:00-04:00", {step("a"), step("b")});
  tick_every_minute_until("2024-03-01T12:00:00Z");
  EXPECT_THAT(began_, ElementsAre("2024-02-28T02:00:00Z", "2024-02-29T02:00:00Z", "2024-03-01T02:00:00Z"));
  EXPECT_THAT(ran_, ElementsAre("a", "b", "a", "b", "a", "b"));
}

TEST_F(MaintenanceScheduleTest, runs_once_in_a_window_that_goes_over_midnight) {
  schedule("23:30-00:30", {step("a")});
  now_ = base::parse_time("2024-02-28T00:10:00Z").value();  // begun in the middle of one
  tick_every_minute_until("2024-03-01T12:00:00Z");
  EXPECT_THAT(began_, ElementsAre("2024-02-28T00:10:00Z", "2024-02-28T23:30:00Z", "2024-02-29T23:30:00Z"));
}

TEST_F(MaintenanceScheduleTest, begins_no_step_after_the_windows_end_or_when_it_is_to_stop) {
  schedule("02:00-04:00", {step("a", std::chrono::minutes(180)), step("b")});
  tick_every_minute_until("2024-02-28T12:00:00Z");
  EXPECT_THAT(ran_, ElementsAre("a"));
  now_ = base::parse_time("2024-02-29T02:00:00Z").value();
  schedule_->tick([&] { return now_; }, [] { return false; });
  EXPECT_THAT(ran_, ElementsAre("a"));
}

TEST_F(MaintenanceScheduleTest, a_step_that_fails_is_told_of_and_the_others_run) {
  const MaintenanceStep steps[] = {
      {"bad", []() -> base::Result<std::string> { return base::failure(ErrorCode::kIo, "no disk"); }}, step("good")};
  const auto outcomes = run_maintenance(steps);
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[0].done.error().message, "no disk");
  EXPECT_EQ(outcomes[1].done.value(), "done");
  EXPECT_THAT(ran_, ElementsAre("good"));
}

}  // namespace
}  // namespace tradeassist::store
