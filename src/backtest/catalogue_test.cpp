#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>

#include "backtest/backtest.hpp"
#include "backtest/testing/companions.hpp"
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

/// A trade in words, so that lists of two runs can be compared and read.
struct ListedTrade {
  std::uint32_t entry_bar = 0, exit_bar = 0;
  bool is_open = false;
  double quantity = 0;
  std::string entry, exit;  // side, price and bar
  std::string names;        // ids and comments of both

  std::string text() const {
    std::ostringstream text;
    text.precision(17);
    text << quantity << " " << entry << ", " << exit << " " << names;
    return text.str();
  }
};

/// Runs the strategy; without inputs, on its defaults. A run that ends with an error fails the test.
std::vector<ListedTrade> run_on(const pine::Program& program, const market::Series& series,
                                const std::optional<InputVector>& inputs = std::nullopt, bool columns = true) {
  RunRequest request = testing::request_for(program, series);
  if (inputs) request.inputs = *inputs;
  request.instrument.symbol = "SP500";
  request.timeframe = {market::Timeframe::Unit::kDay, 1};
  request.record_outputs = false;
  request.columns = columns;
  request.source = testing::companions_of(series);
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
    listed.quantity = trade.quantity;
    std::ostringstream entry, exit;
    entry.precision(17);
    exit.precision(17);
    entry << (trade.direction == Direction::kLong ? "long at " : "short at ") << trade.entry_price << " on bar "
          << trade.entry_bar;
    exit << "at " << trade.exit_price << " on bar " << trade.exit_bar;
    listed.entry = entry.str();
    listed.exit = listed.is_open ? "open" : exit.str();
    listed.names = text(trade.entry_id) + " " + text(trade.entry_comment);
    if (!listed.is_open) listed.names += ", " + text(trade.exit_id) + " " + text(trade.exit_comment);
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
  for (const ListedTrade& trade : trades) texts.push_back(trade.text());
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

/// Lengths of pasts that end on the very bar on which an order of the whole run was filled: whoever knew a later bar
/// when placing it cannot have placed it there. Spread over the trades of the first years, which take less to run
/// again; the first trade at least.
std::vector<std::size_t> telling_lengths(const std::vector<ListedTrade>& trades) {
  constexpr std::uint32_t kBarsMax = 2000;
  constexpr std::size_t kTradesMax = 6;
  const auto later = std::ranges::find_if(
      trades, [](const ListedTrade& trade) { return trade.is_open || trade.exit_bar >= kBarsMax; });
  const std::size_t early = std::max<std::size_t>(static_cast<std::size_t>(later - trades.begin()), 1);
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < std::min(early, trades.size()); i += (early + kTradesMax - 1) / kTradesMax) {
    lengths.push_back(trades[i].entry_bar + 1);
    if (!trades[i].is_open) lengths.push_back(trades[i].exit_bar + 1);
  }
  return lengths;
}

TEST_P(CatalogueStrategy, decides_on_closed_bars_alone_so_a_shorter_past_has_the_same_trades) {
  const Strategy& whole = strategy(GetParam());
  ASSERT_TRUE(whole.program);
  for (const std::size_t length : telling_lengths(whole.trades)) {
    SCOPED_TRACE(length);
    const market::Series past = bars()->slice(0, length);
    std::vector<std::string> got, expected;
    std::map<std::string, double> got_open, expected_open;  // a partial exit after the past has split what is one now
    for (const ListedTrade& trade : run_on(*whole.program, past)) {
      if (trade.is_open) {
        got_open[trade.entry] += trade.quantity;
      } else {
        got.push_back(trade.text());
      }
    }
    for (const ListedTrade& trade : whole.trades) {
      if (trade.entry_bar >= length) continue;
      if (trade.is_open || trade.exit_bar >= length) {
        expected_open[trade.entry] += trade.quantity;
      } else {
        expected.push_back(trade.text());
      }
    }
    EXPECT_EQ(got, expected);
    EXPECT_EQ(got_open, expected_open);
  }
}

/// Every input at one end of what it may be: the smallest and first, or the largest and last.
InputVector corner(const pine::Program& program, bool at_end) {
  InputVector inputs = *bind_inputs(program, {});
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const pine::Input& input = program.inputs[i];
    if (!input.text_options.empty()) {
      inputs[i] = at_end ? input.text_options.back() : input.text_options.front();
    } else if (!input.number_options.empty()) {
      inputs[i] = at_end ? input.number_options.back() : input.number_options.front();
    } else if (input.kind == pine::InputKind::kBool) {
      inputs[i] = at_end ? 1.0 : 0.0;
    } else if (input.has_minimum && input.has_maximum) {
      inputs[i] = at_end ? input.maximum : input.minimum;
    }
  }
  return inputs;
}

TEST_P(CatalogueStrategy, runs_at_both_ends_of_its_inputs) {
  const pine::Program& program = *strategy(GetParam()).program;
  const market::Series past = bars()->slice(0, 1000);
  run_on(program, past, corner(program, false));
  run_on(program, past, corner(program, true));
}

TEST_P(CatalogueStrategy, trades_the_same_when_printed_and_read_again) {
  const pine::Compilation again = pine::compile("printed.pine", printed(GetParam()));
  ASSERT_TRUE(again.program) << pine::render(again);
  const market::Series past = bars()->slice(0, 1200);
  EXPECT_EQ(trade_texts(run_on(*again.program, past)), trade_texts(run_on(*strategy(GetParam()).program, past)));
}

TEST_P(CatalogueStrategy, trades_the_same_bar_by_bar_as_in_columns) {
  const pine::Program& program = *strategy(GetParam()).program;
  const market::Series past = bars()->slice(0, 1200);
  EXPECT_EQ(trade_texts(run_on(program, past, std::nullopt, false)), trade_texts(run_on(program, past)));
}

TEST_P(CatalogueStrategy, has_another_list_of_trades_than_every_other) {
  // What orders are called does not make a strategy another one.
  const auto deals = [](const fs::path& file) {
    std::vector<std::string> found;
    for (const ListedTrade& trade : strategy(file).trades) found.push_back(trade.entry + ", " + trade.exit);
    return found;
  };
  const std::vector<std::string> own = deals(GetParam());
  for (const fs::path& other : files()) {
    if (other == GetParam()) break;  // the others compare themselves with this one
    EXPECT_NE(deals(other), own) << other.stem();
  }
}

INSTANTIATE_TEST_SUITE_P(Every, CatalogueStrategy, ::testing::ValuesIn(files()),
                         [](const ::testing::TestParamInfo<fs::path>& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace tradeassist::backtest
