#include "report/export/pine_export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <cstring>

#include "backtest/metrics/trade_rows.hpp"
#include "backtest/testing/companions.hpp"
#include "backtest/testing/script_run.hpp"
#include "pine/catalogue.hpp"
#include "report/search_report.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// The result of a search, as far as an export of Pine reads it.
json::object result_with(json::object parameters) {
  return {
      {"strategy", "Mine"},
      {"symbol", "SPY"},
      {"timeframe", "1d"},
      {"sampler", "grid"},
      {"objective", "net_profit"},
      {"seed", 7},
      {"trials_tried", 120},
      {"data_fingerprint", "cafe01"},
      {"statement", "Out of sample it earned less than holding."},
      {"in_sample", json::object{{"from", "2020-01-02T00:00:00Z"},
                                 {"to", "2021-01-02T00:00:00Z"},
                                 {"metrics", json::object{{"net_profit_percent", 12.5}, {"total_closed_trades", 9}}}}},
      {"out_of_sample", nullptr},
      {"parameters", std::move(parameters)}};
}

pine::Compilation compiled(const std::string& text) {
  pine::Compilation made = pine::compile("mine.pine", text);
  EXPECT_TRUE(made.program) << pine::render(made);
  return made;
}

base::Result<std::string> exported(const std::string& text, json::object parameters) {
  return pine_export(compiled(text), result_with(std::move(parameters)), {{}, "1.2"});
}

std::string without_header(const std::string& text) {
  std::string out;
  bool in_header = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string line = text.substr(at, end - at);
    if (line.starts_with("// Inputs found by")) in_header = true;
    if (!in_header) out += line;
    if (line.starts_with("// Warning: values that")) in_header = false;
    at = end;
  }
  return out;
}

TEST(PineExport, found_values_replace_the_defaults_and_nothing_else) {
  const std::string text =
      "//@version=6\n"
      "strategy(\"Mine\")   // kept as it is\n"
      "a = input.int( 14 , 'Length', minval=1) // by position\n"
      "b = input.float(title = \"x\", defval = 1.5)\n"
      "c = input.bool(true)\n"
      "d = input.string('both', options=['both','it\\'s \"one\"'])\n"
      "e = input.source(close)\n"
      "f = input.color(#FF0000)\n"
      "g = input(3)\n"
      "plot(a+b+g)\n";
  const auto out = exported(
      text, {{"a", 21}, {"b", 0.1}, {"c", false}, {"d", "it's \"one\""}, {"e", "hlc3"}, {"f", 0x11223380}, {"g", 4}});
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_EQ(without_header(*out),
            "//@version=6\n"
            "strategy(\"Mine\")   // kept as it is\n"
            "a = input.int( 21 , 'Length', minval=1) // by position\n"
            "b = input.float(title = \"x\", defval = 0.1)\n"
            "c = input.bool(false)\n"
            "d = input.string(\"it's \\\"one\\\"\", options=['both','it\\'s \"one\"'])\n"
            "e = input.source(hlc3)\n"
            "f = input.color(#11223380)\n"
            "g = input(4)\n"
            "plot(a+b+g)\n");
}

TEST(PineExport, properties_of_the_search_are_written_into_the_declaration) {
  const auto exported_with = [](const std::string& declaration, json::object properties) {
    const std::string text = "//@version=6\n" + declaration + "\na = input.int(1)\nplot(a)\n";
    json::object result = result_with({{"a", 2}});
    result["properties"] = std::move(properties);
    return pine_export(compiled(text), result, {{}, "1.2"});
  };
  const json::object given = {{"initial_capital", 50'000}, {"commission_type", "cash_per_order"},
                              {"pyramiding", 3},           {"close_entries_rule", "ANY"},
                              {"currency", "EUR"},         {"process_orders_on_close", true},
                              {"commission_value", 0.25},  {"default_qty_type", "percent_of_equity"}};
  const auto written = exported_with(
      "strategy('Mine', 'M', true, format.price, 2, scale.right, 1,  // by position\n"
      "     initial_capital = 1e4, commission_value = 9,\n     slippage = 1 // last\n     )",
      given);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_THAT(
      without_header(*written),
      HasSubstr(
          "strategy('Mine', 'M', true, format.price, 2, scale.right, 3,  // by position\n"
          "     initial_capital = 50000, commission_value = 0.25,\n     slippage = 1, close_entries_rule = \"ANY\", "
          "commission_type = strategy.commission.cash_per_order, "
          "currency = currency.EUR, default_qty_type = strategy.percent_of_equity, "
          "process_orders_on_close = true // last\n     )"));
  EXPECT_THAT(*written, HasSubstr("// Properties of the search, set in strategy(): close_entries_rule = ANY, "));
  const auto plain = exported_with("strategy('Mine')", {});
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_THAT(*plain, ::testing::Not(HasSubstr("Properties")));
  const auto unknown = exported_with("strategy('Mine')", {{"leverage", 2}});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("there is no property 'leverage'"));
}

TEST(PineExport, header_stands_behind_the_version_line_and_says_where_values_come_from) {
  const std::string text = "//@version=6\nstrategy(\"Mine\")\na = input.int(1)\nplot(a)\n";
  const auto out = exported(text, {{"a", 2}});
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_THAT(*out, StartsWith("//@version=6\n// Inputs found by a search of TradeAssist 1.2;"));
  for (const char* part :
       {"Market: SPY, timeframe 1d", "In sample: 2020-01-02 to 2021-01-02, net profit 12.50 %, 9 trades",
        "Out of sample: none", "Search: 120 trials, sampler grid, objective net_profit, seed 7",
        "Verdict: Out of sample it earned less", "Data fingerprint: cafe01", "partly luck"}) {
    EXPECT_THAT(*out, HasSubstr(part));
  }
}

TEST(PineExport, names_cannot_end_the_comment_and_windows_line_ends_stay) {
  json::object result = result_with({{"a", 2}});
  result["strategy"] = "x\nstrategy.close_all()";
  const auto out =
      pine_export(compiled("//@version=6\r\nstrategy(\"Mine\")\r\na = input.int(1)\r\nplot(a)\r\n"), result, {{}, "1"});
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_THAT(*out, HasSubstr("// Strategy: x strategy.close_all()\r\n"));
  EXPECT_EQ(std::ranges::count(*out, '\n'), std::ranges::count(*out, '\r'));
}

TEST(PineExport, numbers_read_back_to_the_bit) {
  const std::string text = "//@version=6\nstrategy(\"Mine\")\na = input.float(1)\nn = input.int(1)\nplot(a + n)\n";
  for (const double value : {0.1 + 0.2, 1e-7, -5e-324, 1.7976931348623157e308, 3.0, -2.5}) {
    const auto out = exported(text, {{"a", value}, {"n", -4503599627370496}});
    ASSERT_TRUE(out) << out.error().message;
    const pine::Compilation made = compiled(*out);
    EXPECT_EQ(std::memcmp(&made.program->inputs[0].number, &value, sizeof value), 0) << *out;
    EXPECT_EQ(made.program->inputs[1].number, -4503599627370496.0);
  }
}

TEST(PineExport, default_that_is_a_name_or_computed_is_replaced_where_it_is_used) {
  const std::string text =
      "//@version=6\nstrategy(\"Mine\")\nlength = 10\na = input.int(length)\nb = input.time(timestamp(2020, 1, 1))\n"
      "c = input.color(color.new(color.red, 50))\nplot(a + length, color = c)\n";
  const auto out = exported(text, {{"a", 30}, {"b", 1609459200000}, {"c", 0}});
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_THAT(*out, HasSubstr("length = 10\na = input.int(30)\nb = input.time(1609459200000)\n"
                              "c = input.color(color.new(color.red, 50))\n"));
}

TEST(PineExport, member_of_an_enum_is_written_by_its_name) {
  const std::string text =
      "//@version=6\nstrategy(\"Mine\")\nenum Mode\n    fast = \"Fast one\"\n    slow = \"Slow one\"\n"
      "m = input.enum(Mode.fast)\nplot(m == Mode.slow ? 1 : 0)\n";
  const auto out = exported(text, {{"m", "Slow one"}});
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_THAT(*out, HasSubstr("m = input.enum(Mode.slow)\n"));
}

TEST(PineExport, script_that_was_changed_since_is_refused) {
  const std::string text = "//@version=6\nstrategy(\"Mine\")\na = input.int(5, minval = 1, maxval = 9)\nplot(a)\n";
  const auto gone = exported(text, {{"a", 2}, {"old", 3}});
  ASSERT_FALSE(gone);
  EXPECT_THAT(gone.error().message, HasSubstr("it has no input 'old'"));
  const auto added = exported(text, {});
  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message, HasSubstr("the result has no input 'a'"));
  const auto outside = exported(text, {{"a", 10}});
  ASSERT_FALSE(outside);
  EXPECT_THAT(outside.error().message, HasSubstr("10 is above its maximum 9"));
}

/// Another value that the input accepts; its default where there is none.
backtest::InputValue another(const pine::Input& input) {
  for (const std::string& option : input.text_options) {
    if (option != input.text) return option;
  }
  for (const double option : input.number_options) {
    if (option != input.number) return option;
  }
  const double step = input.has_step ? input.step : 1;
  switch (input.kind) {
    case pine::InputKind::kBool: return 1 - input.number;
    case pine::InputKind::kSource: return input.number == 5 ? 6.0 : 5.0;
    case pine::InputKind::kColor: return 4278190335.0;
    case pine::InputKind::kInt:
    case pine::InputKind::kFloat:
      if (!input.has_maximum || input.number + step <= input.maximum) return input.number + step;
      if (!input.has_minimum || input.number - step >= input.minimum) return input.number - step;
      return input.number;
    case pine::InputKind::kTime:
    case pine::InputKind::kPrice: return input.number;
    default: return input.text;
  }
}

std::string trades_of(const pine::Program& program, const backtest::InputVector& inputs, const market::Series& bars) {
  backtest::RunRequest request = backtest::testing::request_for(program, bars);
  request.inputs = inputs;
  request.instrument.symbol = "WALK";
  request.timeframe = {market::Timeframe::Unit::kDay, 1};
  request.record_outputs = false;
  request.source = backtest::testing::companions_of(bars);
  const auto result = backtest::run(request);
  return result ? backtest::trades_csv(*result, bars) : "error: " + result.error().message;
}

TEST(PineExport, every_strategy_of_the_catalogue_trades_as_with_the_found_values) {
  std::vector<double> closes;
  double close = 100;
  std::uint64_t state = 42;
  for (int i = 0; i < 1'500; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    close *= std::exp((static_cast<double>(state >> 11) * 0x1p-53 - 0.5) * 0.06 + 0.008 * std::sin(i / 40.0));
    closes.push_back(std::round(close * 100) / 100);
  }
  const market::Series bars = backtest::testing::bars_of_closes(
      closes, backtest::testing::nanoseconds("2015-01-02T00:00:00Z"), base::kNanosecondsPerDay);
  const auto files = pine::strategy_files(TRADEASSIST_SOURCE_DIR "/strategies");
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_GT(files->size(), 50u);
  std::size_t trading = 0;
  for (const auto& file : *files) {
    SCOPED_TRACE(file.filename().string());
    const pine::Compilation made = pine::compile(file.string(), *pine::read_script(file));
    ASSERT_TRUE(made.program) << pine::render(made);
    backtest::InputVector values;
    for (const pine::Input& input : made.program->inputs) values.push_back(another(input));
    const auto out = pine_export(made, result_with(inputs_json(*made.program, values)), {{}, "1.0"});
    ASSERT_TRUE(out) << out.error().message;
    const pine::Compilation again = pine::compile("exported.pine", *out);
    ASSERT_TRUE(again.program) << pine::render(again);
    const auto defaults = backtest::bind_inputs(*again.program, {});
    ASSERT_TRUE(defaults);
    const std::string expected = trades_of(*made.program, values, bars);
    EXPECT_EQ(trades_of(*again.program, *defaults, bars), expected);
    if (std::ranges::count(expected, '\n') > 1) ++trading;
  }
  EXPECT_GT(trading, files->size() / 2);
}

}  // namespace
}  // namespace tradeassist::report
