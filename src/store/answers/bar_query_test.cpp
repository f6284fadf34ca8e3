#include "store/answers/bar_query.hpp"

#include <gtest/gtest.h>

#include <map>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Series;
using market::Timeframe;

std::int64_t at(std::string_view text) { return base::to_nanoseconds(base::parse_time(text).value()); }

/// Three quarterly contracts of ES in daily bars of 2024, each two points above the one before.
class ContinuousAnswers : public MarketStoreOnBoth {
 protected:
  void SetUp() override {
    MarketStoreOnBoth::SetUp();
    const std::pair<const char*, const char*> contracts[] = {
        {"ESH2024", "2024-03-15"}, {"ESM2024", "2024-06-21"}, {"ESU2024", "2024-09-20"}};
    double level = 4'000;
    for (const auto& [symbol, last] : contracts) {
      Series bars;
      for (std::int64_t day = at("2024-01-02"); day <= at(last); day += base::kNanosecondsPerDay) {
        const std::int64_t weekday = (day / base::kNanosecondsPerDay + 4) % 7;
        if (weekday == 0 || weekday == 6) continue;
        const double close = level + static_cast<double>((day - at("2024-01-02")) / base::kNanosecondsPerDay);
        bars.push_back({base::time_from_nanoseconds(day), close - 1, close + 2, close - 3, close, 1'000});
      }
      ASSERT_TRUE(store_->put_instrument({.symbol = symbol,
                                          .asset_class = "future",
                                          .exchange = "CME",
                                          .time_zone = "America/Chicago",
                                          .tick_size = 0.25,
                                          .point_value = 50}));
      series_ = store_->ensure_series({symbol, {Timeframe::Unit::kDay, 1}, "csv"}).value();
      import_ = store_->begin_import(series_, "csv", "").value();
      append(bars);
      stored_[symbol] = bars;
      level += 2;
    }
  }

  BarQuery query(const char* symbol) { return {.symbol = symbol, .timeframe = {Timeframe::Unit::kDay, 1}}; }

  std::map<std::string, Series> stored_;
};
INSTANTIATE_ON_BOTH_DATABASES(ContinuousAnswers);

TEST_P(ContinuousAnswers, a_symbol_gives_the_contracts_one_after_the_other_at_their_prices) {
  for (const char* symbol : {"ES.c.0", "ES1!", "CME_MINI:ES1!"}) {
    const auto made = answer(*store_, query(symbol));
    ASSERT_TRUE(made) << made.error().message;
    ASSERT_TRUE(made->continuous);
    EXPECT_EQ(made->instrument.symbol, symbol);
    EXPECT_EQ(made->instrument.point_value, 50);
    ASSERT_EQ(made->continuous->rolls.size(), 2u);
    EXPECT_EQ(made->continuous->rolls[0].gap, 2);
    for (std::size_t i = 0; i < made->bars.size(); ++i) {
      const std::string contract = market::to_string(made->continuous->contracts[made->continuous->contract[i]]);
      const Series& bars = stored_.at(contract);
      const std::size_t row = bars.lower_bound(base::time_from_nanoseconds(made->bars.time[i]));
      ASSERT_EQ(made->bars.close[i], bars.close[row]) << contract;
      ASSERT_EQ(made->bars.high[i], bars.high[row]) << contract;
    }
    EXPECT_EQ(made->bars.time.back(), stored_.at("ESU2024").time.back());
  }
}

TEST_P(ContinuousAnswers, adjusted_prices_stand_beside_those_that_traded) {
  BarQuery wanted = query("ES.c.0");
  wanted.adjustment = market::Adjustment::kDifferenceBackward;
  const auto made = answer(*store_, wanted);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->bars.close.front(), made->continuous->unadjusted_close.front() + 4);
  EXPECT_EQ(made->bars.close.back(), made->continuous->unadjusted_close.back());
  wanted.last = 5;
  const auto last = answer(*store_, wanted);
  EXPECT_TRUE(same_bits(last->bars, made->bars.slice(made->bars.size() - 5, 5)));
  EXPECT_EQ(last->continuous->unadjusted_close.size(), 5u);
  EXPECT_TRUE(last->continuous->rolls.empty());
}

TEST_P(ContinuousAnswers, weeks_are_made_of_joined_days) {
  BarQuery weekly = query("ES.c.0");
  weekly.timeframe = {Timeframe::Unit::kWeek, 1};
  const auto weeks = answer(*store_, weekly);
  ASSERT_TRUE(weeks) << weeks.error().message;
  const auto days = answer(*store_, query("ES.c.0"));
  const auto expected = market::resample(days->bars, weekly.timeframe);
  EXPECT_TRUE(same_bits(weeks->bars, *expected));
}

TEST_P(ContinuousAnswers, another_rule_of_rolls_may_be_asked_for) {
  BarQuery wanted = query("ES.c.0");
  wanted.roll = market::parse_roll_rule("calendar:5").value();
  const auto earlier = answer(*store_, wanted);
  const auto later = answer(*store_, query("ES.c.0"));
  ASSERT_TRUE(earlier && later);
  EXPECT_LT(earlier->continuous->rolls[0].at.time, later->continuous->rolls[0].at.time);
  EXPECT_EQ(market::to_string(earlier->continuous->rule), "calendar:5");
  wanted.roll = market::parse_roll_rule("open_interest").value();
  const auto refused = answer(*store_, wanted);  // none is stored
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition) << refused.error().message;
}

TEST_P(ContinuousAnswers, a_stored_symbol_wins_and_an_unknown_root_is_named) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "ES1!"}));
  series_ = store_->ensure_series({"ES1!", {Timeframe::Unit::kDay, 1}, "csv"}).value();
  import_ = store_->begin_import(series_, "csv", "").value();
  append(minutes(0, 1));
  const auto stored = answer(*store_, query("ES1!"));
  EXPECT_FALSE(stored->continuous);
  EXPECT_EQ(stored->bars.size(), 1u);
  const auto unknown = answer(*store_, query("NQ.c.0"));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  EXPECT_NE(unknown.error().message.find("no contracts of NQ are stored"), std::string::npos);
}

TEST_P(ContinuousAnswers, gaps_are_found_by_the_calendar_of_the_product) {
  BarQuery wanted = query("ES.c.0");
  wanted.with_gaps = true;
  const auto made = answer(*store_, wanted);
  ASSERT_TRUE(made->gaps);
  EXPECT_EQ(made->gaps->calendar, "CME_EQUITY");
  EXPECT_EQ(made->gaps->report.missing_count, 0);
  EXPECT_EQ(made->gaps->report.bars_present, static_cast<std::int64_t>(made->bars.size()));
}

TEST_P(ContinuousAnswers, a_dropped_partition_in_the_range_is_said) {
  const PartitionRange range = partition_of(PartitionKind::kBar, at("2024-06-01"));
  const auto fingerprint = store_->seal_partition(PartitionKind::kBar, range);
  ASSERT_TRUE(store_->set_partition_archived(PartitionKind::kBar, range,
                                             {"f", "00", fingerprint->row_count, base::now()}, *fingerprint));
  ASSERT_TRUE(store_->drop_partition(PartitionKind::kBar, range));
  const auto made = answer(*store_, query("ESH2024"));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->bars.size(), 0u);
  ASSERT_EQ(made->archived.size(), 1u);
  EXPECT_EQ(partition_name(PartitionKind::kBar, made->archived[0]), "2024");
}

using AnswersOfABase = MarketStoreOnBoth;
INSTANTIATE_ON_BOTH_DATABASES(AnswersOfABase);

TEST_P(AnswersOfABase, bars_are_made_of_the_stored_ones_that_were_named) {
  append(minutes(0, 120));
  // Five-minute bars of another price, so that it shows what an hour was made of.
  series_ = store_->ensure_series({"SPY", {Timeframe::Unit::kMinute, 5}, "csv"}).value();
  import_ = store_->begin_import(series_, "csv", "").value();
  Series fives;
  for (std::int64_t i = 0; i < 24; ++i)
    fives.push_back(
        {base::time_from_nanoseconds(at("2020-01-01") + i * 300 * base::kNanosecondsPerSecond), 1, 2, 0.5, 1, 10});
  append(fives);
  BarQuery query{.symbol = "SPY", .timeframe = {Timeframe::Unit::kHour, 1}};
  EXPECT_EQ(answer(*store_, query)->bars.open[0], 1);
  query.base = {Timeframe::Unit::kMinute, 1};
  const auto made = answer(*store_, query);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->bars.open[0], minutes(0, 1).open[0]);
  EXPECT_EQ(made->series.key.timeframe, *query.base);
  query.base = {Timeframe::Unit::kMinute, 7};
  EXPECT_EQ(answer(*store_, query).error().code, ErrorCode::kInvalidArgument);
}

TEST(IsMadeOf, whole_bars_make_longer_ones) {
  const auto made = [](const char* coarse, const char* fine) {
    return is_made_of(market::parse_timeframe(coarse).value(), market::parse_timeframe(fine).value());
  };
  EXPECT_TRUE(made("5m", "1m") && made("90m", "30m") && made("1w", "1d") && made("1M", "1h") && made("1d", "1d"));
  EXPECT_FALSE(made("1m", "5m") || made("90m", "1h") || made("1M", "1w") || made("3d", "2d"));
  EXPECT_FALSE(is_made_of({Timeframe::Unit::kDay, 1}, market::kTickTimeframe));
}

}  // namespace
}  // namespace tradeassist::store
