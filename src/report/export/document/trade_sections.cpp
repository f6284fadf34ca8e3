#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "report/export/document/report_document.hpp"
#include "report/export/document/report_sections.hpp"
#include "report/export/document/typography.hpp"
#include "report/export/drawing/chart_axis.hpp"
#include "report/export/result_fields.hpp"

namespace tradeassist::report {

namespace json = boost::json;

Tone tone_of(double value) { return value > 0 ? Tone::kGood : value < 0 ? Tone::kBad : Tone::kPlain; }

void add_trade_distribution(Document& document, const json::object& result) {
  const json::array* trades = array_at(result, {"trades"});
  if (trades == nullptr) return;
  std::vector<double> returns;
  for (const json::value& trade : *trades) {
    if (!trade.is_object() || find_field(trade.get_object(), {"exit_time"}) == nullptr) continue;
    constexpr double kLargest = 1e12;
    const auto percent = number_at(trade.get_object(), {"profit_percent"});
    if (percent && std::abs(*percent) < kLargest) returns.push_back(*percent);
  }
  constexpr std::size_t kTradesMin = 5;
  if (returns.size() < kTradesMin) return;
  const auto [lowest, highest] = std::ranges::minmax(returns);
  constexpr int kBins = 24;
  const std::vector<Tick> edges = value_ticks(lowest, highest, kBins);
  BarChart chart;
  chart.title = "How trades ended";
  chart.axis = "Trades by their profit in percent";
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const Tone tone = edges[i].at >= 0 ? Tone::kGood : Tone::kBad;
    chart.bars.push_back({edges[i].label, 0, tone});
  }
  const double width = edges[1].at - edges[0].at;
  for (const double value : returns) {
    const auto bin = static_cast<std::size_t>(std::max(0.0, std::floor((value - edges[0].at) / width)));
    chart.bars[std::min(bin, chart.bars.size() - 1)].value += 1;
  }
  std::ranges::sort(returns);
  chart.description = fmt::format(
      "{} closed trades; the middle one made {}, the worst {}, the best {}. A bar begins at "
      "the figure under it.",
      returns.size(), set_percent(returns[returns.size() / 2]), set_percent(lowest), set_percent(highest));
  document.blocks.emplace_back(Heading{"Distribution of trades", 2});
  document.blocks.emplace_back(std::move(chart));
}

void add_trades(Document& document, const json::object& result) {
  const json::array* trades = array_at(result, {"trades"});
  if (trades == nullptr || trades->empty()) return;
  Table table;
  table.caption = "Trades, in closing order";
  table.columns = {{"No.", true},   {"Side"},      {"Entry"},        {"Price", true}, {"Exit"},
                   {"Price", true}, {"Qty", true}, {"Profit", true}, {"%", true},     {"Total", true}};
  for (const json::value& value : *trades) {
    if (table.rows.size() == kReportTradesMax) break;
    if (!value.is_object()) continue;
    const json::object& trade = value.get_object();
    const auto number = [&](const char* name) -> Cell {
      const auto given = number_at(trade, {name});
      return {given ? set_short(*given) : std::string(kDash)};
    };
    const auto money = [&](const char* name) -> Cell {
      const auto given = number_at(trade, {name});
      return {set_number(given, 2), tone_of(given.value_or(0))};
    };
    const std::string exit = text_at(trade, {"exit_time"});
    table.rows.push_back({number("number"),
                          {text_at(trade, {"side"})},
                          {set_time(text_at(trade, {"entry_time"}))},
                          number("entry_price"),
                          {exit.empty() ? "open" : set_time(exit)},
                          number("exit_price"),
                          number("quantity"),
                          money("profit"),
                          money("profit_percent"),
                          money("cumulative_profit")});
  }
  document.blocks.emplace_back(Heading{"Trades", 2});
  if (trades->size() > kReportTradesMax) {
    document.blocks.emplace_back(Paragraph{
        fmt::format("The first {} of {}; `tradeassist export trades` writes all.", kReportTradesMax, trades->size()),
        Paragraph::Style::kNote});
  }
  document.blocks.emplace_back(std::move(table));
}

}  // namespace tradeassist::report
