// use_bar_magnifier: the path inside a bar is that of the finer bars. calc_bars_count: the newest bars alone.
#include "backtest/magnifier.hpp"

#include <gmock/gmock.h>

#include <map>

#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using namespace testing;

constexpr const char* kBracket =
    "//@version=6\nstrategy(\"t\", use_bar_magnifier = true, margin_long = 0)\n"
    "if bar_index == 0\n    strategy.entry(\"L\", strategy.long)\n    strategy.exit(\"X\", \"L\", limit = 108, stop = "
    "92)\n";

/// Two hours; the second goes from 100 to 110 and 90, the high nearer.
market::Series hours() {
  market::Series bars = bars_of_closes({100, 95}, nanoseconds("2024-01-01T00:00:00Z"), kHour);
  bars.high[1] = 109;
  bars.low[1] = 90;
  return bars;
}

/// Six bars of ten minutes in the second hour; the low comes first.
SeriesSource tens(double second_open) {
  return [=](const std::string& symbol, market::Timeframe timeframe) -> base::Result<SourcedSeries> {
    if (symbol != "TEST" || timeframe != market::Timeframe{market::Timeframe::Unit::kMinute, 10}) {
      return base::failure(base::ErrorCode::kNotFound, "there are no bars of " + symbol);
    }
    market::Series bars;
    const auto add = [&](double open, double high, double low, double close) {
      bars.push_back({base::time_from_nanoseconds(nanoseconds("2024-01-01T01:00:00Z") +
                                                  static_cast<std::int64_t>(bars.size()) * kHour / 6),
                      open, high, low, close, 1});
    };
    add(100, 101, 99, 100);
    add(second_open, 100, 90, 91);
    for (int i = 0; i < 3; ++i) add(91, 100, 91, 100);
    add(100, 109, 94, 95);
    SourcedSeries made;
    made.series = std::make_shared<const market::Series>(std::move(bars));
    made.instrument.symbol = symbol;
    return made;
  };
}

Trade traded(const SeriesSource& source, std::size_t warnings) {
  const ScriptRun made = run_script(kBracket, hours(), [&](RunRequest& request) { request.source = source; });
  EXPECT_TRUE(made.result) << made.result.error().message;
  EXPECT_EQ(made.result->warnings.size(), warnings);
  EXPECT_EQ(made.result->trades.size(), 1u);
  return made.result->trades.at(0);
}

TEST(BarMagnifier, finer_bars_say_which_extreme_came_first) {
  const Trade without = traded({}, 1), with = traded(tens(100), 0);
  EXPECT_EQ(without.exit_price, 108) << "of the hour's own prices the nearer high comes first";
  EXPECT_EQ(with.exit_price, 92);
  EXPECT_EQ(with.entry_price, 100);
  EXPECT_EQ(with.exit_bar, 1u) << "bars are the chart's";
}

TEST(BarMagnifier, open_of_a_finer_bar_is_a_gap) { EXPECT_EQ(traded(tens(91), 0).exit_price, 91); }

TEST(BarMagnifier, timeframes_are_those_of_tradingview) {
  for (const auto& [chart, finer] : std::map<std::string, std::string>{{"1", "10S"},
                                                                       {"5", "30S"},
                                                                       {"10", "1"},
                                                                       {"15", "2"},
                                                                       {"30", "5"},
                                                                       {"60", "10"},
                                                                       {"240", "30"},
                                                                       {"1D", "60"},
                                                                       {"3D", "240"},
                                                                       {"1W", "1D"},
                                                                       {"30S", "5S"},
                                                                       {"1S", "1S"}}) {
    EXPECT_EQ(market::to_pine(magnified_timeframe(*market::parse_pine_timeframe(chart))), finer) << chart;
  }
}

TEST(BarMagnifier, finer_timeframes_are_named_as_stored_ones_are) {
  // "60" of Pine is stored as 1h: another unit would not be found.
  EXPECT_EQ(magnified_timeframe({market::Timeframe::Unit::kDay, 1}),
            (market::Timeframe{market::Timeframe::Unit::kHour, 1}));
  EXPECT_EQ(magnified_timeframe({market::Timeframe::Unit::kDay, 3}),
            (market::Timeframe{market::Timeframe::Unit::kHour, 4}));
}

TEST(CalcBarsCount, runs_on_the_newest_bars_and_reports_on_all) {
  const ScriptRun made = run_script(
      "//@version=6\nstrategy(\"t\", calc_bars_count = 3, margin_long = 0)\n"
      "if barstate.isfirst\n    strategy.entry(\"L\", strategy.long)\n    label.new(bar_index, high)\n"
      "plot(bar_index, \"index\")\nplot(close[1], \"before\")\n",
      bars_of_closes({10, 20, 30, 40, 50}, nanoseconds("2024-01-01T00:00:00Z"), kHour));
  ASSERT_TRUE(made.result) << made.result.error().message;
  EXPECT_EQ(made.result->trades.at(0).entry_bar, 3u);
  EXPECT_EQ(made.result->trades.at(0).entry_price, 30);
  EXPECT_EQ(made.result->equity.size(), 5u);
  EXPECT_EQ(made.result->equity[1], 1'000'000);
  EXPECT_THAT(made.plot("index"), ::testing::ElementsAre(::testing::IsNan(), ::testing::IsNan(), 0, 1, 2));
  EXPECT_TRUE(std::isnan(made.plot("before")[2])) << "earlier bars are not there";
  EXPECT_EQ(made.result->drawings.at(0).fields[0], 2) << "the drawing lies on its bar of the chart";
}

}  // namespace
}  // namespace tradeassist::backtest
