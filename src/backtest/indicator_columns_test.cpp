#include "backtest/indicator_columns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "backtest/testing/script_run.hpp"
#include "indicators/testing/reference_columns.hpp"
#include "pine/indicators/definition.hpp"

namespace tradeassist::backtest {
namespace {

using indicators::testing::agrees;
using indicators::testing::Table;
using pine::ExpressionCall;
using pine::IndicatorCall;

RunRequest request_over(const market::Series& bars) {
  RunRequest request;
  request.series = &bars;
  request.instrument.symbol = "TEST";
  request.timeframe = {market::Timeframe::Unit::kMinute, 30};
  return request;
}

IndicatorColumns computed(const std::vector<IndicatorCall>& indicators, const std::vector<ExpressionCall>& expressions,
                          const market::Series& bars, std::size_t first_bar = 0) {
  const auto script = pine::make_indicator_script(indicators, expressions);
  if (!script) throw std::runtime_error(script.error().front().place + script.error().front().message);
  auto made = compute_indicators(*script, request_over(bars), first_bar);
  if (!made) throw std::runtime_error(made.error().message);
  return std::move(*made);
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

struct Reference {
  const char* file;
  IndicatorCall call;
  std::vector<std::string> columns;  // of the file, by output of the call
};

TEST(IndicatorColumns, an_indicator_by_name_gives_the_column_that_tradingview_exported) {
  const auto folder = indicators::testing::reference_folder();
  if (!folder) GTEST_SKIP() << "no reference data: set TRADEASSIST_SHARED_DATA to the folder that holds tradingview/";
  const std::vector<Reference> references = {
      {"accdist+pvi+pvt+wad+wvad", {"accdist", {}, "", "", ""}, {"ta.accdist"}},
      {"accdist+pvi+pvt+wad+wvad", {"wvad", {}, "", "", ""}, {"ta.wvad"}},
      {"bb",
       {"bb", {}, "", "", ""},
       {"ta.bb(close, 20, 2).base", "ta.bb(close, 20, 2).upper", "ta.bb(close, 20, 2).lower"}},
      {"bb", {"bbw", {{"mult", "2.1"}}, "", "", ""}, {"ta.bbw(close, 20, 2.1)"}},
      {"cci+cmo+cog", {"cci", {{"source", "close"}}, "", "", ""}, {"ta.cci(close, 20)"}},
      {"dmi",
       {"dmi", {{"length", "17"}}, "", "", ""},
       {"ta.dmi(17, 14).dip", "ta.dmi(17, 14).dim", "ta.dmi(17, 14).adx"}},
      {"iii+nvi+obv", {"obv", {}, "", "", ""}, {"ta.obv"}},
      {"kc",
       {"kc", {}, "", "", ""},
       {"ta.kc(close, 20, 2).base", "ta.kc(close, 20, 2).upper", "ta.kc(close, 20, 2).lower"}},
      {"kc",
       {"kcw", {{"mult", "2.1"}, {"use_true_range", "false"}}, "", "", ""},
       {"ta.kcw(close, 20, 2.1, useTrueRange=false)"}},
      {"linreg", {"linreg", {{"length", "20"}, {"offset", "10"}}, "", "", ""}, {"ta.linreg(close, 20, 10)"}},
      {"ma", {"ema", {{"source", "ohlc4"}, {"length", "10"}}, "", "", ""}, {"ta.ema(ohlc4, 10)"}},
      {"ma", {"hma", {}, "", "", ""}, {"ta.hma(close, 9)"}},
      {"macd",
       {"macd", {}, "", "", ""},
       {"ta.macd(close, 12, 26, 9).macd", "ta.macd(close, 12, 26, 9).signal", "ta.macd(close, 12, 26, 9).hist"}},
      {"mfi+rsi+stoch", {"rsi", {}, "", "", ""}, {"ta.rsi(close, 14)"}},
      {"mfi+rsi+stoch", {"mfi", {{"source", "close"}}, "", "", ""}, {"ta.mfi(close, 14)"}},
      {"pivot", {"pivothigh", {{"source", "close"}}, "", "", ""}, {"ta.pivothigh(close, 10, 5)"}},
      {"rci", {"rci", {{"source", "hl2"}, {"length", "20"}}, "", "", ""}, {"ta.rci(hl2, 20)"}},
      {"sar", {"sar", {}, "", "", ""}, {"ta.sar(0.02, 0.02, 0.2)"}},
      {"tr", {"atr", {}, "", "", ""}, {"ta.atr(14)"}},
      {"tsi", {"tsi", {{"short", "12"}, {"long", "26"}}, "", "", ""}, {"ta.tsi(close, 12, 26)"}},
      {"wpr", {"wpr", {{"length", "20"}}, "", "", ""}, {"ta.wpr(20)"}},
  };
  for (const Reference& reference : references) {
    SCOPED_TRACE(reference.columns.front());
    const Table table = indicators::testing::parse_table(
        indicators::testing::read_reference(*folder / "indicators" / (std::string(reference.file) + ".csv")));
    market::Series bars;
    for (const double seconds : table.numbers("time")) {
      bars.time.push_back(static_cast<std::int64_t>(seconds) * base::kNanosecondsPerSecond);
    }
    bars.open = table.numbers("open");
    bars.high = table.numbers("high");
    bars.low = table.numbers("low");
    bars.close = table.numbers("close");
    bars.volume = table.numbers("Volume");
    const IndicatorColumns made = computed({reference.call}, {}, bars);
    ASSERT_EQ(made.values.size(), reference.columns.size());
    for (std::size_t k = 0; k < reference.columns.size(); ++k) {
      const std::vector<double> expected = table.numbers(reference.columns[k]);
      ASSERT_EQ(made.values[k].size(), expected.size());
      for (std::size_t bar = 0; bar < expected.size(); ++bar) {
        ASSERT_TRUE(agrees(made.values[k][bar], expected[bar]))
            << reference.columns[k] << ", bar " << bar << ": got " << made.values[k][bar] << ", TradingView "
            << expected[bar];
      }
    }
  }
}

TEST(IndicatorColumns, every_indicator_from_some_bar_on_is_the_end_of_the_whole) {
  const market::Series bars = testing::random_bars(900, 7);
  const auto all = pine::indicator_definitions();
  for (std::size_t first = 0; first < all.size(); first += 20) {
    std::vector<IndicatorCall> calls;
    for (std::size_t i = first; i < std::min(first + 20, all.size()); ++i)
      calls.push_back({all[i].name, {}, "", "", ""});
    const IndicatorColumns whole = computed(calls, {}, bars);
    for (const std::size_t cut : {std::size_t{1}, std::size_t{450}, bars.size() - 1, bars.size()}) {
      const IndicatorColumns part = computed(calls, {}, bars, cut);
      ASSERT_EQ(part.values.size(), whole.values.size());
      for (std::size_t k = 0; k < part.values.size(); ++k) {
        ASSERT_EQ(part.values[k].size(), bars.size() - cut);
        for (std::size_t i = 0; i < part.values[k].size(); ++i) {
          ASSERT_TRUE(same(part.values[k][i], whole.values[k][cut + i])) << k << " " << i;
        }
      }
    }
    for (std::size_t k = 0; k < whole.values.size(); ++k) {
      EXPECT_TRUE(std::ranges::any_of(whole.values[k], [](double value) { return std::isfinite(value); }))
          << "column " << k << " of those from " << all[first].name << " on has no value at all";
    }
  }
}

TEST(IndicatorColumns, expressions_give_numbers_and_bools_and_do_not_disturb_each_other) {
  const market::Series bars = testing::five_bars();
  const IndicatorColumns made = computed({{"sma", {{"source", "open + 1"}, {"length", "1"}}, "", "", ""}},
                                         {{"close - close[1]", "", ""}, {"close > 11", "", ""}}, bars, 1);
  ASSERT_EQ(made.values.size(), 3u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(made.values[0][i], bars.open[i + 1] + 1);
  testing::expect_values(made.values[1], {2, -1, 4, -1});
  testing::expect_values(made.values[2], {1, 0, 1, 1});
}

TEST(IndicatorColumns, no_bars_give_empty_columns) {
  EXPECT_EQ(computed({{"macd", {}, "", "", ""}}, {}, market::Series{}).values,
            std::vector<std::vector<double>>(3, std::vector<double>{}));
}

TEST(IndicatorColumns, a_mistake_that_shows_only_when_it_runs_is_located) {
  const auto script = pine::make_indicator_script({}, {{"close", "", "/0"}, {"close[-1 - bar_index]", "", "/1"}});
  ASSERT_TRUE(script) << script.error().front().message;
  const market::Series bars = testing::five_bars();
  const auto made = compute_indicators(*script, request_over(bars), 0);
  ASSERT_FALSE(made);
  const pine::IndicatorError error = pine::locate_error(*script, made.error());
  EXPECT_EQ(error.place, "/1") << made.error().message;
  EXPECT_EQ(error.line, 1u);
}

}  // namespace
}  // namespace tradeassist::backtest
