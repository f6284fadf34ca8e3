#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <cmath>

#include "report/export/document/report_sections.hpp"
#include "report/export/document/typography.hpp"
#include "report/export/result_fields.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

constexpr std::size_t kStudyRowsMax = 200;

std::string set_share(const std::optional<double>& share) {
  return share ? set_percent(*share * 100, 1) : std::string(kDash);
}

Table figures_table(const char* caption) {
  Table table;
  table.caption = caption;
  table.columns = {{"Figure"}, {"Value", true}, {"What it says", false, true}};
  return table;
}

/// A row of a table of figures, left out where the result has no such figure.
void add_figure(Table& table, const char* title, const std::optional<double>& value, std::string text,
                const char* sentence) {
  if (value) table.rows.push_back({{title}, {std::move(text)}, {sentence}});
}

void add_sharpe_ratios(Table& table, const json::object& assessment) {
  const auto ratio = [&](const char* title, Path path, const char* sentence) {
    const auto value = number_at(assessment, path);
    add_figure(table, title, value, set_number(value, 2), sentence);
  };
  const auto share = [&](const char* title, Path path, const char* sentence) {
    const auto value = number_at(assessment, path);
    add_figure(table, title, value, set_share(value), sentence);
  };
  ratio("Sharpe ratio, in sample", {"sharpe"},
        "Yearly return for each unit of its yearly variation, where the search looked.");
  ratio("Sharpe ratio, out of sample", {"out_of_sample_sharpe"}, "The same on bars that the search has not seen.");
  if (const json::object* interval = object_at(assessment, {"sharpe_interval"})) {
    table.rows.push_back(
        {{"Interval of the Sharpe ratio"},
         {set_number(number_at(*interval, {"low"}), 2) + " to " + set_number(number_at(*interval, {"high"}), 2)},
         {fmt::format("Resampled pasts put it between these in {} of cases.",
                      set_share(number_at(*interval, {"level"})))}});
  }
  share("Probabilistic Sharpe ratio", {"probabilistic_sharpe"},
        "Chance that the true Sharpe ratio is above zero, by the length and the shape of the returns.");
  share("Deflated Sharpe ratio", {"deflated_sharpe"},
        "Chance that it is above what the best of so many trials reaches by luck alone.");
  const auto record = number_at(assessment, {"minimum_track_record"});
  add_figure(table, "Minimum track record", record, set_number(record, 0) + " days",
             "How long such returns must last before luck becomes an unlikely explanation.");
}

void add_tests(Table& table, const json::object& assessment) {
  const auto share = [&](const char* title, Path path, const char* sentence) {
    const auto value = number_at(assessment, path);
    add_figure(table, title, value, set_share(value), sentence);
  };
  const auto plain = [&](const char* title, Path path, const char* sentence) {
    const auto value = number_at(assessment, path);
    add_figure(table, title, value, set_number(value, 3), sentence);
  };
  share("Probability of overfitting", {"overfitting", "probability"},
        "How often the best trial of one half of the data ends below the middle in the other half.");
  share("Probability of a loss", {"overfitting", "probability_of_loss"},
        "How often the best trial of one half loses money in the other half.");
  plain("Slope of the other half", {"overfitting", "slope"},
        "How much of a higher Sharpe ratio in one half is left in the other; below zero, better was worse.");
  plain("Reality check (p)", {"reality_check", "white"},
        "Chance of a result as good as the best if no trial were better than doing nothing.");
  plain("Superior predictive ability (p)", {"reality_check", "spa"}, "The same, with hopeless trials counting less.");
}

void add_trade_order(Table& table, const json::object& assessment) {
  const auto percent = [&](const char* title, Path path, const char* sentence) {
    const auto value = number_at(assessment, path);
    add_figure(table, title, value, set_percent(value, 1), sentence);
  };
  percent("Drawdown as it was", {"trade_order", "drawdown_percent"},
          "With the trades in the order in which they came.");
  percent("Drawdown, middle", {"trade_order", "median_percent"},
          "Of the same trades in random orders, half fell further.");
  percent("Drawdown, one in twenty", {"trade_order", "p95_percent"}, "One order in twenty fell further than this.");
  percent("Drawdown, worst", {"trade_order", "worst_percent"}, "The deepest fall of all orders that were tried.");
  const auto below = number_at(assessment, {"trade_order", "share_below"});
  add_figure(table, "Orders that fell less", below, set_share(below),
             "Share of the orders whose deepest fall was smaller than the real one.");
  const auto ruin = number_at(assessment, {"trade_order", "ruin_share"});
  add_figure(table, "Ruin", ruin, set_share(ruin), "Share of the orders in which the account is lost.");
}

void add_table(Document& document, Table table) {
  if (!table.rows.empty()) document.blocks.emplace_back(std::move(table));
}

void add_statement(Document& document, const json::object& study) {
  const std::string statement = text_at(study, {"statement"});
  if (!statement.empty()) document.blocks.emplace_back(Paragraph{statement});
}

/// A table of what the rows have, as they have it: columns by the first row's names.
void add_rows(Document& document, const json::object& study, const std::string& caption) {
  const json::array* rows = array_at(study, {"rows"});
  if (rows == nullptr || rows->empty() || !(*rows)[0].is_object()) return;
  Table table;
  table.caption = caption;
  const json::object& first = (*rows)[0].get_object();
  for (const auto& entry : first) {
    const bool is_number = entry.value().is_number() || entry.value().is_null();
    table.columns.push_back({field_title(entry.key()), is_number, entry.value().is_object()});
  }
  for (const json::value& row : *rows) {
    if (table.rows.size() == kStudyRowsMax) break;
    if (!row.is_object()) continue;
    std::vector<Cell> cells;
    for (const auto& entry : first) {
      const json::value* value = row.get_object().if_contains(entry.key());
      cells.push_back(value == nullptr ? Cell{std::string(kDash)} : value_cell(entry.key(), *value));
    }
    table.rows.push_back(std::move(cells));
  }
  document.blocks.emplace_back(std::move(table));
}

Table window_table(const json::array& windows) {
  Table table;
  table.caption = "Windows, each chosen on its training bars and traded on the bars behind them";
  table.columns = {{"Trained"},       {"Tested"},      {"Parameters", false, true}, {"In, %", true}, {"Out, %", true},
                   {"Fall, %", true}, {"Trades", true}};
  for (const json::value& value : windows) {
    if (table.rows.size() == kStudyRowsMax) break;
    if (!value.is_object()) continue;
    const json::object& window = value.get_object();
    const auto cell = [&](const char* part, const char* name) {
      const json::value* given = find_field(window, {part, name});
      return given == nullptr ? Cell{std::string(kDash)} : value_cell(name, *given);
    };
    const json::value* parameters = find_field(window, {"parameters"});
    Cell out = cell("out_of_sample", "return_percent");
    out.tone = tone_of(number_at(window, {"out_of_sample", "return_percent"}).value_or(0));
    table.rows.push_back({{set_range(text_at(window, {"train_from"}), text_at(window, {"train_to"}))},
                          {set_range(text_at(window, {"test_from"}), text_at(window, {"test_to"}))},
                          parameters == nullptr ? Cell{} : value_cell("", *parameters),
                          cell("in_sample", "return_percent"),
                          std::move(out),
                          cell("out_of_sample", "max_drawdown_percent"),
                          cell("out_of_sample", "closed_trades")});
  }
  return table;
}

}  // namespace

std::string field_title(std::string_view name) {
  std::string title(name);
  const bool is_percent = title.ends_with("_percent");
  if (is_percent) title.resize(title.size() - std::string_view("_percent").size());
  std::ranges::replace(title, '_', ' ');
  if (!title.empty()) title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  return is_percent ? title + ", %" : title;
}

Cell value_cell(std::string_view name, const json::value& value) {
  if (value.is_number()) {
    const double number = value.to_number<double>();
    if (name.ends_with("_percent")) return {set_number(number, 2)};
    const bool is_figure = !name.empty() && std::abs(number) < 1'000;  // else a parameter or a count
    return {set_short(number, is_figure ? 4 : 6)};
  }
  if (value.is_bool()) return {value.get_bool() ? "true" : "false"};
  if (value.is_string()) {
    const std::string_view text = value.get_string();
    const bool is_time = text.size() >= 20 && text[4] == '-' && text[10] == 'T' && text.ends_with('Z');
    return {is_time ? set_time(text) : std::string(text)};
  }
  if (value.is_object()) {
    std::string text;
    for (const auto& entry : value.get_object()) {
      text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", std::string(entry.key()),
                          value_cell(entry.key(), entry.value()).text);
    }
    return {std::move(text)};
  }
  return {std::string(kDash)};
}

void add_assessment(Document& document, const json::object& result) {
  const json::object* assessment = object_at(result, {"assessment"});
  if (assessment == nullptr) return;
  document.blocks.emplace_back(Heading{"Is it skill or luck?", 2});
  const auto trials = number_at(*assessment, {"trials"});
  const auto effective = number_at(*assessment, {"effective_trials"});
  if (trials) {
    document.blocks.emplace_back(Paragraph{
        fmt::format("{} trials were made{}. The best of many looks good by chance; the figures below allow for that.",
                    set_short(*trials),
                    effective ? fmt::format(", which differ from each other about as much as {} independent ones",
                                            set_short(*effective, 3))
                              : "")});
  }
  Table ratios = figures_table("Return for the risk taken");
  add_sharpe_ratios(ratios, *assessment);
  add_table(document, std::move(ratios));
  Table tests = figures_table("Choosing the best of many trials");
  add_tests(tests, *assessment);
  add_table(document, std::move(tests));
  Table order = figures_table("The same trades in another order");
  add_trade_order(order, *assessment);
  add_table(document, std::move(order));
  if (const json::array* unknown = array_at(*assessment, {"unknown"}); unknown != nullptr && !unknown->empty()) {
    document.blocks.emplace_back(Heading{"What could not be told", 3});
    for (const json::value& text : *unknown) {
      if (text.is_string())
        document.blocks.emplace_back(Paragraph{std::string(text.get_string()), Paragraph::Style::kNote});
    }
  }
}

void add_walk_forward(Document& document, const json::object& result) {
  const json::object* walk = object_at(result, {"walk_forward"});
  if (walk == nullptr) return;
  document.blocks.emplace_back(Heading{"Walk-forward", 2});
  add_statement(document, *walk);
  std::string plan;
  const auto days = [&](const char* name, const char* words) {
    if (const auto value = number_at(*walk, {name}))
      plan += fmt::format("{}{} {} days", plan.empty() ? "" : ", ", words, set_short(*value));
  };
  days("train_days", "trained on");
  days("test_days", "tested on");
  days("step_days", "moved on by");
  if (const std::string mode = text_at(*walk, {"mode"}); !mode.empty()) plan += fmt::format(" ({})", mode);
  if (const auto efficiency = number_at(*walk, {"efficiency"}))
    plan += fmt::format(". Efficiency {}: yearly return out of sample for that in sample", set_number(*efficiency, 2));
  if (!plan.empty()) document.blocks.emplace_back(Paragraph{"Windows " + plan + ".", Paragraph::Style::kNote});
  if (const json::array* windows = array_at(*walk, {"windows"})) add_table(document, window_table(*windows));
  if (const json::object* equity = object_at(*walk, {"equity"})) {
    add_equity(document, *equity, "Walk-forward equity");
  }
}

void add_studies(Document& document, const json::object& result) {
  struct Study {
    const char* field;
    const char* heading;
    const char* caption;
  };
  constexpr Study kStudies[] = {{"stability", "Stability", "The result when a parameter moves a little"},
                                {"regimes", "Market regimes", "The result in different states of the market"},
                                {"cross_validation", "Cross-validation", "The result on days it was not chosen on"},
                                {"random_periods", "Random periods", "The result in periods drawn at random"},
                                {"other_instruments", "Other instruments", "The same inputs elsewhere"}};
  for (const Study& kind : kStudies) {
    const json::object* study = object_at(result, {kind.field});
    if (study == nullptr) continue;
    document.blocks.emplace_back(Heading{kind.heading, 2});
    add_statement(document, *study);
    if (const std::string rule = text_at(*study, {"rule"}); !rule.empty()) {
      document.blocks.emplace_back(Paragraph{rule, Paragraph::Style::kNote});
    }
    add_rows(document, *study, kind.caption);
  }
}

}  // namespace tradeassist::report
