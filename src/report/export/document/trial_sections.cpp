#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "report/export/document/report_document.hpp"
#include "report/export/document/report_sections.hpp"
#include "report/export/document/typography.hpp"
#include "report/export/result_fields.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

constexpr std::size_t kBinsMax = 12;

/// A parameter's values over the trials as a few groups, in ascending order.
struct Grouped {
  std::string name;
  std::vector<std::string> labels;
  std::vector<int> group;  // of each trial; -1: none
};

/// Each value a group of its own; nothing when there are more than a table shows.
std::optional<Grouped> group_texts(const std::string& name, const json::array& values) {
  std::map<std::string, int> known;
  for (const json::value& value : values) known.emplace(value_cell("", value).text, 0);
  if (known.size() < 2 || known.size() > kBinsMax) return std::nullopt;
  Grouped grouped{name, {}, {}};
  for (auto& [text, number] : known) {
    number = static_cast<int>(grouped.labels.size());
    grouped.labels.push_back(text);
  }
  for (const json::value& value : values) grouped.group.push_back(known[value_cell("", value).text]);
  return grouped;
}

/// Numbers: each a group while they are few, else ranges of one width.
std::optional<Grouped> group_numbers(const std::string& name, const json::array& values) {
  std::vector<double> distinct;
  for (const json::value& value : values) distinct.push_back(value.to_number<double>());
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() < 2) return std::nullopt;
  Grouped grouped{name, {}, {}};
  const bool has_ranges = distinct.size() > kBinsMax;
  const double first = distinct.front(), width = (distinct.back() - first) / static_cast<double>(kBinsMax);
  if (has_ranges && !(width > 0 && std::isfinite(width))) return std::nullopt;
  const auto range_of = [&](double value) {
    return std::min(static_cast<std::size_t>((value - first) / width), kBinsMax - 1);
  };
  if (has_ranges) {
    for (std::size_t i = 0; i < kBinsMax; ++i) {
      grouped.labels.push_back("from " + fmt::format("{:.3g}", first + static_cast<double>(i) * width));
    }
  } else {
    for (const double value : distinct) grouped.labels.push_back(set_short(value));
  }
  for (const json::value& value : values) {
    const double number = value.to_number<double>();
    const std::size_t group =
        has_ranges ? range_of(number)
                   : static_cast<std::size_t>(std::ranges::lower_bound(distinct, number) - distinct.begin());
    grouped.group.push_back(static_cast<int>(group));
  }
  return grouped;
}

struct Mean {
  double sum = 0;
  std::size_t count = 0;
  void add(double value) {
    sum += value;
    ++count;
  }
  double value() const {
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
  }
};

std::vector<Mean> means_of(const Grouped& grouped, const std::vector<double>& objective) {
  std::vector<Mean> means(grouped.labels.size());
  for (std::size_t i = 0; i < std::min(objective.size(), grouped.group.size()); ++i) {
    if (std::isfinite(objective[i])) means[static_cast<std::size_t>(grouped.group[i])].add(objective[i]);
  }
  return means;
}

/// How much of the objective's variation the groups' means account for, up to a factor that all parameters share.
double weight_of(const Grouped& grouped, const std::vector<double>& objective) {
  Mean all;
  for (const double value : objective) {
    if (std::isfinite(value)) all.add(value);
  }
  double weight = 0;
  for (const Mean& mean : means_of(grouped, objective)) {
    if (mean.count > 0) weight += static_cast<double>(mean.count) * std::pow(mean.value() - all.value(), 2);
  }
  return weight;
}

void add_map_of_one(Document& document, const Grouped& parameter, const std::vector<double>& objective,
                    const std::string& objective_name) {
  BarChart chart;
  chart.title = fmt::format("{} by {}", objective_name, parameter.name);
  chart.axis = fmt::format("Mean {} of the trials", objective_name);
  const std::vector<Mean> means = means_of(parameter, objective);
  for (std::size_t i = 0; i < means.size(); ++i) {
    chart.bars.push_back({parameter.labels[i], means[i].count == 0 ? 0 : means[i].value(), Tone::kPlain});
  }
  chart.description = "Neighbours that do about as well speak for a value; a lone peak is likely luck.";
  document.blocks.emplace_back(std::move(chart));
}

void add_map_of_two(Document& document, const Grouped& rows, const Grouped& columns,
                    const std::vector<double>& objective, const std::string& objective_name) {
  std::vector<std::vector<Mean>> means(rows.labels.size(), std::vector<Mean>(columns.labels.size()));
  for (std::size_t i = 0; i < objective.size(); ++i) {
    if (i >= rows.group.size() || i >= columns.group.size() || !std::isfinite(objective[i])) continue;
    means[static_cast<std::size_t>(rows.group[i])][static_cast<std::size_t>(columns.group[i])].add(objective[i]);
  }
  double largest = 0;
  for (const auto& row : means) {
    for (const Mean& mean : row) {
      if (mean.count > 0) largest = std::max(largest, std::abs(mean.value()));
    }
  }
  // Two digits of the largest, so that the numbers of the map stand in line.
  const int decimals = largest > 0 && std::isfinite(largest)
                           ? std::clamp(1 - static_cast<int>(std::floor(std::log10(largest))), 0, 6)
                           : 0;
  HeatMap map;
  map.caption = fmt::format("Mean {} of the trials, {} down and {} across", objective_name, rows.name, columns.name);
  map.row_title = rows.name;
  map.column_title = columns.name;
  map.rows = rows.labels;
  map.columns = columns.labels;
  for (const auto& row : means) {
    std::vector<HeatMap::Entry> entries;
    for (const Mean& mean : row) {
      entries.push_back({mean.value(), mean.count == 0 ? "" : set_number(mean.value(), decimals)});
    }
    map.entries.push_back(std::move(entries));
  }
  document.blocks.emplace_back(Paragraph{
      "A broad field of good values speaks for them; a lone peak is likely luck. Of the parameters, these two "
      "account for most of the differences between trials.",
      Paragraph::Style::kBody});
  document.blocks.emplace_back(std::move(map));
}

}  // namespace

void add_parameters(Document& document, const json::object& result) {
  const json::object* found = object_at(result, {"parameters"});
  const json::object* before = object_at(result, {"default_parameters"});
  if (found == nullptr || found->empty()) return;
  const json::object* varied = object_at(result, {"trials", "parameters"});
  Table table;
  table.caption = "Inputs of the best trial";
  table.columns = {{"Input"}, {"Found", true}, {"Default", true}, {"Searched"}};
  for (const auto& entry : *found) {
    const json::value* old = before == nullptr ? nullptr : before->if_contains(entry.key());
    table.rows.push_back({{std::string(entry.key())},
                          value_cell("", entry.value()),
                          old == nullptr ? Cell{std::string(kDash)} : value_cell("", *old),
                          {varied != nullptr && varied->contains(entry.key()) ? "yes" : "no"}});
  }
  document.blocks.emplace_back(Heading{"Parameters", 2});
  document.blocks.emplace_back(std::move(table));
}

void add_parameter_map(Document& document, const json::object& result) {
  const json::object* parameters = object_at(result, {"trials", "parameters"});
  const json::array* objectives = array_at(result, {"trials", "objective"});
  if (parameters == nullptr || objectives == nullptr) return;
  std::vector<double> objective;
  for (const json::value& value : *objectives) {
    objective.push_back(value.is_number() ? value.to_number<double>() : std::numeric_limits<double>::quiet_NaN());
  }
  std::vector<Grouped> candidates;
  for (const auto& entry : *parameters) {
    const json::array* values = entry.value().if_array();
    if (values == nullptr || values->empty()) continue;
    const bool numbers = std::ranges::all_of(*values, [](const json::value& value) { return value.is_number(); });
    auto grouped = numbers ? group_numbers(entry.key(), *values) : group_texts(entry.key(), *values);
    if (grouped) candidates.push_back(std::move(*grouped));
  }
  if (candidates.empty()) return;
  std::ranges::stable_sort(candidates, std::greater{},
                           [&](const Grouped& grouped) { return weight_of(grouped, objective); });
  document.blocks.emplace_back(Heading{"What the parameters do", 2});
  const std::string name = field_title(text_at(result, {"objective"}));
  if (candidates.size() == 1) return add_map_of_one(document, candidates[0], objective, name);
  add_map_of_two(document, candidates[0], candidates[1], objective, name);
}

void add_best_trials(Document& document, const json::object& result) {
  const json::array* numbers = array_at(result, {"trials", "index"});
  const json::object* parameters = object_at(result, {"trials", "parameters"});
  const json::object* metrics = object_at(result, {"trials", "metrics"});
  if (numbers == nullptr || parameters == nullptr || numbers->empty()) return;
  const auto cell = [](const json::object* group, std::string_view name, std::size_t i) -> Cell {
    const json::array* values = group == nullptr ? nullptr : array_at(*group, {name});
    return values != nullptr && i < values->size() ? value_cell(name, (*values)[i]) : Cell{std::string(kDash)};
  };
  Table table;
  table.caption = "The best trials in sample";
  table.columns = {{"Trial", true},         {"Parameters", false, true}, {"Objective", true},
                   {"Net profit, %", true}, {"Drawdown, %", true},       {"Sharpe", true},
                   {"Trades", true}};
  const json::object* trials = object_at(result, {"trials"});
  for (std::size_t i = 0; i < std::min(numbers->size(), kReportTrialsMax); ++i) {
    std::string values;
    for (const auto& entry : *parameters) {
      values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", std::string(entry.key()),
                            cell(parameters, entry.key(), i).text);
    }
    table.rows.push_back({value_cell("", (*numbers)[i]),
                          {std::move(values)},
                          cell(trials, "objective", i),
                          cell(metrics, "net_profit_percent", i),
                          cell(metrics, "max_drawdown_percent", i),
                          cell(metrics, "sharpe_ratio", i),
                          cell(metrics, "total_closed_trades", i)});
  }
  document.blocks.emplace_back(Heading{"Trials", 2});
  document.blocks.emplace_back(std::move(table));
}

}  // namespace tradeassist::report
