#include "report/export/document/report_document.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "report/export/document/report_sections.hpp"
#include "report/export/document/typography.hpp"
#include "report/export/result_fields.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

struct Figure {
  const char* title;
  const char* field;  // of metrics
  enum class Kind { kPercent, kMoney, kRatio, kCount } kind;
  const char* held = nullptr;  // the field of buy and hold that stands beside it
};

constexpr Figure kFigures[] = {
    {"Net profit", "net_profit_percent", Figure::Kind::kPercent, "return_percent"},
    {"Net profit, money", "net_profit", Figure::Kind::kMoney},
    {"Annualised return", "annualized_return_percent", Figure::Kind::kPercent},
    {"Max drawdown", "max_drawdown_percent", Figure::Kind::kPercent, "max_drawdown_percent"},
    {"Sharpe ratio (monthly)", "sharpe_ratio", Figure::Kind::kRatio},
    {"Sortino ratio (monthly)", "sortino_ratio", Figure::Kind::kRatio},
    {"Profit factor", "profit_factor", Figure::Kind::kRatio},
    {"Closed trades", "total_closed_trades", Figure::Kind::kCount},
    {"Percent profitable", "percent_profitable", Figure::Kind::kPercent},
    {"Average trade", "average_trade_percent", Figure::Kind::kPercent},
    {"Average winner to loser", "ratio_average_win_loss", Figure::Kind::kRatio},
    {"Time in the market", "exposure_percent", Figure::Kind::kPercent},
    {"Commission paid", "commission_paid", Figure::Kind::kMoney},
};

Cell figure_cell(const Figure& figure, const std::optional<double>& value) {
  switch (figure.kind) {
    case Figure::Kind::kPercent: return {set_percent(value)};
    case Figure::Kind::kMoney: return {set_number(value, 2)};
    case Figure::Kind::kRatio: return {set_number(value, 3)};
    case Figure::Kind::kCount: return {set_number(value, 0)};
  }
  return {};
}

bool is_profit(const Figure& figure) { return std::string_view(figure.field).starts_with("net_profit"); }

/// One period's figures beside those of holding, for each period there is.
void add_search_results(Document& document, const json::object& result) {
  Table table;
  const bool has_outside = object_at(result, {"out_of_sample"}) != nullptr;
  table.caption = "What the best trial made, beside buying at the start and holding";
  table.columns = {{"Figure"}, {"In sample", true}, {"Buy and hold", true}};
  if (has_outside) {
    table.columns.push_back({"Out of sample", true});
    table.columns.push_back({"Buy and hold", true});
  }
  for (const Figure& figure : kFigures) {
    std::vector<Cell> row{{figure.title}};
    for (const char* period : {"in_sample", "out_of_sample"}) {
      if (std::string_view(period) == "out_of_sample" && !has_outside) continue;
      const auto value = number_at(result, {period, "metrics", figure.field});
      row.push_back(figure_cell(figure, value));
      if (is_profit(figure)) row.back().tone = tone_of(value.value_or(0));
      row.push_back(figure.held == nullptr
                        ? Cell{}
                        : figure_cell(figure, number_at(result, {"buy_and_hold", period, figure.held})));
    }
    table.rows.push_back(std::move(row));
  }
  document.blocks.emplace_back(Heading{"Results", 2});
  document.blocks.emplace_back(std::move(table));
}

void add_backtest_results(Document& document, const json::object& result) {
  Table table;
  table.caption = "What the trades made";
  table.columns = {{"Figure"}, {"All", true}, {"Long", true}, {"Short", true}};
  for (const Figure& figure : kFigures) {
    const auto all = number_at(result, {"metrics", figure.field});
    std::vector<Cell> row{{figure.title}, figure_cell(figure, all)};
    if (is_profit(figure)) row.back().tone = tone_of(all.value_or(0));
    for (const char* side : {"long", "short"}) {
      const auto value = number_at(result, {"metrics", side, figure.field});
      row.push_back(value ? figure_cell(figure, value) : Cell{});
    }
    table.rows.push_back(std::move(row));
  }
  table.rows.push_back(
      {{"Buy and hold"}, {set_percent(number_at(result, {"metrics", "buy_and_hold_return_percent"}))}, {}, {}});
  document.blocks.emplace_back(Heading{"Results", 2});
  document.blocks.emplace_back(std::move(table));
}

/// Texts of an array, each a paragraph.
void add_texts(Document& document, const json::object& result, const char* field, const char* heading) {
  const json::array* texts = array_at(result, {field});
  if (texts == nullptr || texts->empty()) return;
  constexpr std::size_t kTextsMax = 50;
  document.blocks.emplace_back(Heading{heading, 2});
  for (std::size_t i = 0; i < std::min(texts->size(), kTextsMax); ++i) {
    if ((*texts)[i].is_string())
      document.blocks.emplace_back(Paragraph{std::string((*texts)[i].get_string()), Paragraph::Style::kNote});
  }
}

struct Note {
  const char* figure;
  const char* meaning;
  const char* source;
  const char* needs;  // the member of the result that shows the figure; null: always
};

constexpr Note kNotes[] = {
    {"Net profit", "Closed trades after commission, in percent of the initial capital.", "TradingView, strategy report",
     nullptr},
    {"Max drawdown", "The largest fall of the account inside bars, in percent of the peak before it.",
     "TradingView, strategy report", nullptr},
    {"Sharpe ratio (monthly)",
     "Mean of the monthly returns above the risk-free rate, divided by their standard deviation; not annualised.",
     "Sharpe (1994), The Sharpe Ratio", nullptr},
    {"Sortino ratio (monthly)", "The same, divided by the deviation of the months below the risk-free rate.",
     "Sortino and van der Meer (1991), Downside Risk", nullptr},
    {"Profit factor", "What winning trades made, divided by what losing ones lost.", "TradingView, strategy report",
     nullptr},
    {"Out of sample", "The last bars, which the search did not see. Only they say something about bars to come.",
     "Pardo (2008), The Evaluation and Optimization of Trading Strategies", "out_of_sample"},
    {"Probabilistic Sharpe ratio",
     "The sampling error of a Sharpe ratio, for returns that are skewed and have fat tails; and the minimum track "
     "record.",
     "Bailey and L\u00f3pez de Prado (2012), The Sharpe Ratio Efficient Frontier", "assessment"},
    {"Deflated Sharpe ratio", "The same against the best that so many trials would reach without any skill.",
     "Bailey and L\u00f3pez de Prado (2014), The Deflated Sharpe Ratio", "assessment"},
    {"Probability of overfitting", "Combinatorially symmetric cross-validation: halves of the data against each other.",
     "Bailey, Borwein, L\u00f3pez de Prado and Zhu (2017), The Probability of Backtest Overfitting", "assessment"},
    {"Reality check and SPA", "Bootstrap tests of the best of many rules against a benchmark.",
     "White (2000), A Reality Check for Data Snooping; Hansen (2005), A Test for Superior Predictive Ability",
     "assessment"},
    {"Walk-forward efficiency", "Yearly return of the tested bars divided by that of the bars trained on.",
     "Pardo (2008)", "walk_forward"},
};

void add_notes(Document& document, const json::object& result) {
  Table table;
  table.caption = "How the figures are computed";
  table.columns = {{"Figure"}, {"Meaning", false, true}, {"Source", false, true}};
  for (const Note& note : kNotes) {
    if (note.needs != nullptr && find_field(result, {note.needs}) == nullptr) continue;
    table.rows.push_back({{note.figure}, {note.meaning}, {note.source}});
  }
  document.blocks.emplace_back(Heading{"Notes on method", 2});
  document.blocks.emplace_back(std::move(table));
  document.blocks.emplace_back(Paragraph{
      "Orders fill on the bar behind the signal at the prices that TradingView's broker emulator would use, "
      "with the commission and slippage of the script. The same bars, script and seed give this report again, "
      "figure by figure.",
      Paragraph::Style::kNote});
}

/// The facts of the cover; those that the result does not have are left out.
class Cover {
 public:
  explicit Cover(Document& document) : document_(document) {}
  void add(const char* label, std::string value) {
    if (!value.empty()) document_.facts.push_back({label, std::move(value)});
  }
  void add(const char* label, const std::optional<double>& value) {
    if (value) add(label, set_short(*value, 15));
  }

 private:
  Document& document_;
};

std::string period_of(const json::object& result, const char* period) {
  const json::object* found = object_at(result, {period});
  return found == nullptr ? "none" : set_range(text_at(*found, {"from"}), text_at(*found, {"to"}));
}

void describe(Document& document, const json::object& result, const char* kind) {
  document.title = text_at(result, {"strategy"});
  if (document.title.empty()) document.title = "Strategy";
  document.subtitle = fmt::format("{} on {}, {}", kind, text_at(result, {"symbol"}), text_at(result, {"timeframe"}));
}

void report_search(Document& document, const json::object& result) {
  describe(document, result, "Parameter search");
  Cover cover(document);
  cover.add("In sample", period_of(result, "in_sample"));
  cover.add("Out of sample", period_of(result, "out_of_sample"));
  cover.add("Objective", field_title(text_at(result, {"objective"})));
  cover.add("Trials", number_at(result, {"trials_tried"}));
  cover.add("Combinations", number_at(result, {"combinations"}));
  cover.add("Sampler", text_at(result, {"sampler"}));
  cover.add("Seed", number_at(result, {"seed"}));
  cover.add("Data fingerprint", text_at(result, {"data_fingerprint"}));
  const std::string verdict = text_at(result, {"assessment", "verdict"});
  const std::string statement = text_at(result, {"statement"});
  document.verdict = verdict.empty() ? statement : verdict;
  if (!verdict.empty() && !statement.empty()) document.blocks.emplace_back(Paragraph{statement});

  add_search_results(document, result);
  add_texts(document, result, "warnings", "Warnings");
  if (const json::object* equity = object_at(result, {"equity"})) {
    add_equity(document, *equity, "Equity and drawdown");
    add_monthly_returns(document, *equity);
  }
  add_assessment(document, result);
  add_walk_forward(document, result);
  add_parameters(document, result);
  add_parameter_map(document, result);
  add_best_trials(document, result);
  add_studies(document, result);
}

void report_backtest(Document& document, const json::object& result) {
  describe(document, result, "Backtest");
  Cover cover(document);
  cover.add("Period", set_range(text_at(result, {"first_time"}), text_at(result, {"last_time"})));
  cover.add("Bars", number_at(result, {"bar_count"}));
  cover.add("Trades", number_at(result, {"metrics", "total_closed_trades"}));
  cover.add("Data fingerprint", text_at(result, {"data_fingerprint"}));
  document.verdict = fmt::format(
      "Net profit {}, largest fall {}, buy and hold {}. No search chose these values, and "
      "nothing here is out of sample.",
      set_percent(number_at(result, {"metrics", "net_profit_percent"})),
      set_percent(number_at(result, {"metrics", "max_drawdown_percent"})),
      set_percent(number_at(result, {"metrics", "buy_and_hold_return_percent"})));
  add_backtest_results(document, result);
  add_texts(document, result, "no_trades_reasons", "Why there are no trades");
  add_texts(document, result, "warnings", "Warnings");
  if (const json::object* equity = object_at(result, {"equity"})) {
    add_equity(document, *equity, "Equity and drawdown");
    add_monthly_returns(document, *equity);
  }
  add_trade_distribution(document, result);
  add_trades(document, result);
}

}  // namespace

base::Result<Document> report_document(const json::object& result, const std::string& version) {
  TRY_ASSIGN(const ResultKind kind, result_kind(result));
  Document document;
  kind == ResultKind::kSearch ? report_search(document, result) : report_backtest(document, result);
  document.facts.push_back({"Made by", "TradeAssist " + version});
  add_notes(document, result);
  document.footer = "TradeAssist " + version + ". What was, does not say what will be.";
  return document;
}

}  // namespace tradeassist::report
