#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <sstream>

#include "backtest/backtest.hpp"
#include "backtest/testing/script_run.hpp"
#include "indicators/testing/reference_columns.hpp"
#include "pine/catalogue.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/syntax/printer.hpp"

// The strategies that come with the program, run on daily bars of the S&P 500 from 2000 to 2020: each trades, each in
// its own way, and none knows a bar before it is over.
namespace tradeassist::backtest {
namespace {

namespace fs = std::filesystem;

/// The bars of the file that the page's tests use; nothing when its npm packages are not installed.
const std::optional<market::Series>& bars() {
  static const std::optional<market::Series> read = []() -> std::optional<market::Series> {
    const fs::path file = TRADEASSIST_SOURCE_DIR "/web/node_modules/vega-datasets/data/sp500-2000.csv";
    if (!fs::exists(file)) return std::nullopt;
    using namespace indicators::testing;
    const Table table = parse_table(read_reference(file));
    const std::size_t date = table.column("date");
    market::Series series;
    for (const auto& row : table.rows) series.time.push_back(testing::nanoseconds(row[date]));
    series.open = table.numbers("open");
    series.high = table.numbers("high");
    series.low = table.numbers("low");
    series.close = table.numbers("close");
    series.volume = table.numbers("volume");
    return series;
  }();
  return read;
}

/// What stands for the other instruments: no second real series is at hand, so the chart's own closes are made to stray
/// from themselves and come back, each symbol in its own way. A volatility index is the chart's own volatility.
market::Series companion(const market::Series& chart, const std::string& symbol) {
  std::seed_seq seed(symbol.begin(), symbol.end());
  std::mt19937_64 random(seed);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const bool is_volatility = symbol == "CBOE:VIX";
  market::Series made = chart;
  double stray = 0, variance = 1e-4;
  for (std::size_t i = 0; i < chart.size(); ++i) {
    stray = 0.97 * stray + 0.01 * (uniform() + uniform() - 1);
    const double change = i == 0 ? 0 : std::log(chart.close[i] / chart.close[i - 1]);
    variance = 0.9 * variance + 0.1 * change * change;
    made.close[i] = is_volatility ? 100 * std::sqrt(252 * variance) : chart.close[i] / 10 * std::exp(stray);
    made.open[i] = i == 0 ? made.close[i] : made.close[i - 1];
    made.high[i] = std::max(made.open[i], made.close[i]);
    made.low[i] = std::min(made.open[i], made.close[i]);
  }
  return made;
}

/// A trade in words, so that lists of two runs can be compared and read.
struct ListedTrade {
  std::uint32_t entry_bar = 0, exit_bar = 0;
  bool is_open = false;
  std::string entry, exit;
};

std::vector<ListedTrade> run_on(const pine::Program& program, const market::Series& series) {
  RunRequest request = testing::request_for(program, series);
  request.instrument.symbol = "SP500";
  request.timeframe = {market::Timeframe::Unit::kDay, 1};
  request.record_outputs = false;
  request.source = [&series](const std::string& symbol, market::Timeframe) -> base::Result<SourcedSeries> {
    SourcedSeries sourced;
    sourced.series = std::make_shared<const market::Series>(companion(series, symbol));
    sourced.instrument.symbol = symbol;
    return sourced;
  };
  const base::Result<RunResult> result = run(request);
  if (!result) {
    ADD_FAILURE() << result.error().message;
    return {};
  }
  const auto text = [&](TextId id) { return id == kNoText ? std::string() : result->texts[id]; };
  std::vector<ListedTrade> trades;
  for (std::size_t i = 0; i < result->trades.size(); ++i) {
    const Trade& trade = result->trades[i];
    ListedTrade listed;
    listed.entry_bar = trade.entry_bar;
    listed.is_open = i + result->open_trade_count >= result->trades.size();
    listed.exit_bar = trade.exit_bar;
    std::ostringstream entry, exit;
    entry.precision(17);
    exit.precision(17);
    entry << (trade.direction == Direction::kLong ? "long " : "short ") << trade.quantity << " at " << trade.entry_price
          << " on bar " << trade.entry_bar << " by " << text(trade.entry_id) << " " << text(trade.entry_comment);
    exit << "at " << trade.exit_price << " on bar " << trade.exit_bar << " by " << text(trade.exit_id) << " "
         << text(trade.exit_comment) << " for " << trade.profit;
    listed.entry = entry.str();
    listed.exit = listed.is_open ? "open" : exit.str();
    trades.push_back(std::move(listed));
  }
  return trades;
}

struct Strategy {
  std::shared_ptr<const pine::Program> program;
  std::vector<ListedTrade> trades;  // on all bars
};

std::string printed(const fs::path& file) {
  pine::Diagnostics diagnostics;
  const pine::Source source(file.filename(), *pine::read_script(file));
  return pine::print(pine::parse(source, diagnostics));
}

/// Compiled and run on all bars once, whichever test asks first.
const Strategy& strategy(const fs::path& file) {
  static std::map<fs::path, Strategy> known;
  const auto [found, is_new] = known.try_emplace(file);
  if (is_new) {
    const pine::Compilation made = pine::compile(file.filename(), *pine::read_script(file));
    if (!made.program) {
      ADD_FAILURE() << pine::render(made);
      return found->second;
    }
    found->second.program = made.program;
    found->second.trades = run_on(*made.program, *bars());
  }
  return found->second;
}

std::vector<std::string> trade_texts(const std::vector<ListedTrade>& trades) {
  std::vector<std::string> texts;
  for (const ListedTrade& trade : trades) texts.push_back(trade.entry + " → " + trade.exit);
  return texts;
}

std::vector<fs::path> files() { return *pine::strategy_files(TRADEASSIST_SOURCE_DIR "/strategies"); }

class CatalogueStrategy : public ::testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    if (!bars()) GTEST_SKIP() << "the npm packages of web/ are not installed, which hold the bars of the S&P 500";
  }
};

TEST_P(CatalogueStrategy, trades_on_real_bars) {
  const std::vector<ListedTrade>& trades = strategy(GetParam()).trades;
  EXPECT_GE(std::ranges::count_if(trades, [](const ListedTrade& trade) { return !trade.is_open; }), 4);
}

TEST_P(CatalogueStrategy, decides_on_closed_bars_alone_so_a_shorter_past_has_the_same_trades) {
  const Strategy& whole = strategy(GetParam());
  ASSERT_TRUE(whole.program);
  for (const std::size_t length : {511u, 1777u, 3000u, 4444u}) {
    SCOPED_TRACE(length);
    const market::Series past = bars()->slice(0, length);
    std::vector<std::string> got, expected, got_open, expected_open;
    for (const ListedTrade& trade : run_on(*whole.program, past)) {
      (trade.is_open ? got_open : got).push_back(trade.entry + (trade.is_open ? "" : " → " + trade.exit));
    }
    for (const ListedTrade& trade : whole.trades) {
      if (trade.entry_bar >= length) continue;
      const bool is_open = trade.is_open || trade.exit_bar >= length;
      (is_open ? expected_open : expected).push_back(trade.entry + (is_open ? "" : " → " + trade.exit));
    }
    EXPECT_EQ(got, expected);
    EXPECT_THAT(got_open, ::testing::UnorderedElementsAreArray(expected_open));
  }
}

TEST_P(CatalogueStrategy, trades_the_same_when_printed_and_read_again) {
  const pine::Compilation again = pine::compile("printed.pine", printed(GetParam()));
  ASSERT_TRUE(again.program) << pine::render(again);
  const market::Series past = bars()->slice(0, 2000);
  EXPECT_EQ(trade_texts(run_on(*again.program, past)), trade_texts(run_on(*strategy(GetParam()).program, past)));
}

TEST_P(CatalogueStrategy, has_another_list_of_trades_than_every_other) {
  const auto texts = trade_texts(strategy(GetParam()).trades);
  for (const fs::path& other : files()) {
    if (other == GetParam()) break;  // the others compare themselves with this one
    EXPECT_NE(trade_texts(strategy(other).trades), texts) << other.stem();
  }
}

INSTANTIATE_TEST_SUITE_P(Every, CatalogueStrategy, ::testing::ValuesIn(files()),
                         [](const ::testing::TestParamInfo<fs::path>& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace tradeassist::backtest
