#include <gtest/gtest.h>

#include <map>
#include <set>

#include "backtest/backtest.hpp"
#include "base/time.hpp"
#include "indicators/testing/reference_columns.hpp"
#include "pine/compile.hpp"

/// Every column that TradingView exported, plotted by a script: source text to output column.
namespace tradeassist::backtest {
namespace {

using indicators::testing::agrees;
using indicators::testing::parse_table;
using indicators::testing::read_reference;
using indicators::testing::Table;

/// One exported file: lines that come first, and the expression of each column. A column that is not named here is the
/// expression that its header says.
struct Script {
  std::string prelude;
  std::map<std::string, std::string> columns;
};

std::map<std::string, std::string> fields(const std::string& call, const std::vector<std::string>& names) {
  std::map<std::string, std::string> columns;
  for (std::size_t i = 0; i < names.size(); ++i) columns[call + "." + names[i]] = "part" + std::to_string(i);
  return columns;
}

const std::map<std::string, Script>& scripts() {
  static const std::map<std::string, Script> all = {
      {"bb",
       {"[part0, part1, part2] = ta.bb(close, 20, 2)", fields("ta.bb(close, 20, 2)", {"base", "upper", "lower"})}},
      {"correlation", {"", {{"correlation", "ta.correlation(ta.ema(close, 10), ta.sma(close, 20), 20)"}}}},
      {"cross",
       {"ema1 = ta.ema(close, 5)\nema2 = ta.ema(close, 11)",
        {{"ta.cross(ema1, ema2)", "ta.cross(ema1, ema2) ? 0.5 : 0"},
         {"ta.crossover(ema1, ema2)", "ta.crossover(ema1, ema2) ? 1 : 0"},
         {"ta.crossunder(ema1, ema2)", "ta.crossunder(ema1, ema2) ? -1 : 0"}}}},
      {"dmi", {"[part0, part1, part2] = ta.dmi(17, 14)", fields("ta.dmi(17, 14)", {"dip", "dim", "adx"})}},
      {"falling+rising",
       {"ema = ta.ema(close, 20)",
        {{"ta.falling(ema, 5)", "ta.falling(ema, 5) ? -1 : 0"}, {"ta.rising(ema, 5)", "ta.rising(ema, 5) ? 1 : 0"}}}},
      {"kc",
       {"[part0, part1, part2] = ta.kc(close, 20, 2)", fields("ta.kc(close, 20, 2)", {"base", "upper", "lower"})}},
      {"macd",
       {"[part0, part1, part2] = ta.macd(close, 12, 26, 9)",
        fields("ta.macd(close, 12, 26, 9)", {"macd", "signal", "hist"})}},
      {"min+max+median+mode",
       {"",
        {{"min(close)", "ta.min(close)"},
         {"max(close)", "ta.max(close)"},
         {"median(close)", "ta.median(close, 20)"},
         {"mode(close)", "ta.mode(close, 20)"}}}},
      {"ppp",
       {"",
        {{"ta.percentile_linear_interpolation(close, 20, 30)", "ta.percentile_linear_interpolation(close, 20, 20)"},
         {"ta.percentile_nearest_rank(close, 20, 0)", "ta.percentile_nearest_rank(close, 20, 20)"}}}},
      {"supertrend",
       {"[line, direction] = ta.supertrend(3, 10)",
        {{"ta.supertrend(3, 10).up", "direction < 0 ? line : na"},
         {"ta.supertrend(3, 10).down", "direction < 0 ? na : line"}}}},
      {"valuewhen", {"slow = ta.sma(close, 14)\nfast = ta.sma(close, 7)", {}}},
      {"valuewhen_na",
       {"third = bar_index % 3 == 0\nsource = bar_index % 6 == 0 ? na : close",
        {{"v0", "ta.valuewhen(third, source, 0)"},
         {"v1", "ta.valuewhen(third, source, 1)"},
         {"v2", "ta.valuewhen(third, source, 2)"},
         {"w0", "ta.valuewhen(third, close, 0)"}}}},
      {"vwap",
       {"[part0, part1, part2] = ta.vwap(close, timeframe.change(\"360\"), 2.0)",
        {{"ta.vwap(close, timeframe.change(&quot;240&quot;))", "ta.vwap(close, timeframe.change(\"240\"))"},
         {"ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).vwap", "part0"},
         {"ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).upper_band", "part1"},
         {"ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0).lower_band", "part2"}}}},
  };
  return all;
}

TEST(TradingviewColumns, a_script_that_plots_the_expression_gives_the_exported_column) {
  const auto folder = indicators::testing::reference_folder();
  if (!folder) GTEST_SKIP() << "no reference data: set TRADEASSIST_SHARED_DATA to the folder that holds tradingview/";
  const std::set<std::string> chart = {"time", "open", "high", "low", "close", "Volume"};
  market::Instrument instrument;
  instrument.symbol = "EURUSD";
  instrument.asset_class = "forex";
  instrument.time_zone = "America/New_York";
  instrument.session = "1700-1700";
  instrument.tick_size = 0.00001;

  std::size_t compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder / "indicators")) {
    if (entry.path().extension() != ".csv") continue;
    const std::string file = entry.path().stem().string();
    SCOPED_TRACE(file);
    const Table table = parse_table(read_reference(entry.path()));
    market::Series bars;
    for (const double seconds : table.numbers("time")) {
      bars.time.push_back(static_cast<std::int64_t>(seconds) * base::kNanosecondsPerSecond);
    }
    bars.open = table.numbers("open");
    bars.high = table.numbers("high");
    bars.low = table.numbers("low");
    bars.close = table.numbers("close");
    bars.volume = table.numbers("Volume");

    const auto known = scripts().find(file);
    const Script script = known == scripts().end() ? Script{} : known->second;
    std::string text = "//@version=6\nindicator(\"columns\")\n" + script.prelude + "\n";
    std::vector<std::string> columns;
    for (const std::string& header : table.header) {
      if (chart.contains(header)) continue;
      const auto expression = script.columns.find(header);
      text += "plot(" + (expression == script.columns.end() ? header : expression->second) + ", \"" +
              std::to_string(columns.size()) + "\")\n";
      columns.push_back(header);
    }
    const pine::Compilation compilation = pine::compile(file + ".pine", text);
    ASSERT_TRUE(compilation.program) << pine::render(compilation) << text;

    RunRequest request;
    request.program = compilation.program.get();
    request.settings = compilation.program->settings;
    request.series = &bars;
    request.instrument = instrument;
    request.timeframe = {market::Timeframe::Unit::kMinute, file == "vwap" ? 15 : 30};
    request.record_outputs = true;
    const auto result = run(request);
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ(result->outputs.size(), columns.size());
    request.columns = false;
    const auto bar_by_bar = run(request);
    ASSERT_TRUE(bar_by_bar) << bar_by_bar.error().message;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::vector<double> expected = table.numbers(columns[k]);
      for (std::size_t bar = 0; bar < bars.size(); ++bar) {
        const double got = result->outputs[k].values[bar];
        ASSERT_TRUE(agrees(got, expected[bar]))
            << columns[k] << ", bar " << bar << ": got " << got << ", TradingView " << expected[bar];
        const double streamed = bar_by_bar->outputs[k].values[bar];
        ASSERT_TRUE(got == streamed || (got != got && streamed != streamed))
            << columns[k] << ", bar " << bar << ": got " << got << ", without columns " << streamed;
      }
      ++compared;
    }
  }
  EXPECT_GE(compared, 80u);
}

}  // namespace
}  // namespace tradeassist::backtest
