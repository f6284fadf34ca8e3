#include "report/catalogue_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <vector>

#include "report/search_report.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

using Entries = std::vector<const pine::CatalogueEntry*>;

std::map<std::string, Entries> by_category(std::span<const pine::CatalogueEntry* const> entries) {
  std::map<std::string, Entries> categories;
  for (const pine::CatalogueEntry* entry : entries) categories[entry->header.category].push_back(entry);
  return categories;
}

/// The number of strategies of each level, lowest first; levels that none has are shown with 0.
template <class Enum, std::size_t count>
json::object count_levels(const Entries& entries, const Enum (&levels)[count], Enum pine::StrategyHeader::* member) {
  json::object counts;
  for (const Enum level : levels) {
    counts[pine::to_string(level)] = std::ranges::count_if(
        entries, [&](const pine::CatalogueEntry* entry) { return entry->header.*member == level; });
  }
  return counts;
}

json::object level_counts(const Entries& entries) {
  using enum pine::RiskLevel;
  using enum pine::Complexity;
  return {{"risk_levels", count_levels(entries, {kLow, kMedium, kHigh}, &pine::StrategyHeader::risk_level)},
          {"complexities", count_levels(entries, {kSimple, kModerate, kAdvanced}, &pine::StrategyHeader::complexity)}};
}

/// "mean_reversion" as a heading: "Mean reversion".
std::string heading(const std::string& category) {
  std::string text = category;
  std::ranges::replace(text, '_', ' ');
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 32);
  return text;
}

/// The values that an input may take, as short as they can be said.
std::string values_text(const pine::Input& input) {
  if (!input.text_options.empty()) return fmt::format("{}", fmt::join(input.text_options, ", "));
  if (!input.number_options.empty()) return fmt::format("{}", fmt::join(input.number_options, ", "));
  switch (input.kind) {
    case pine::InputKind::kBool: return "true, false";
    case pine::InputKind::kSymbol: return "a symbol";
    case pine::InputKind::kTimeframe: return "a timeframe";
    default: break;
  }
  if (!input.has_minimum || !input.has_maximum) return "";
  return fmt::format("{} to {}{}", input.minimum, input.maximum,
                     input.has_step ? fmt::format(" by {}", input.step) : std::string());
}

/// A cell of a table: a bar would end it.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '|' ? std::string("\\|") : std::string(1, c);
  return safe;
}

std::string strategy_markdown(const pine::CatalogueEntry& entry) {
  const pine::StrategyHeader& header = entry.header;
  std::string page = fmt::format("### {}\n\n{} Risk: {}. Complexity: {}.\n\n{}\n\n", header.name, header.summary,
                                 pine::to_string(header.risk_level), pine::to_string(header.complexity), header.idea);
  page += fmt::format("- **Works when:** {}\n- **Fails when:** {}\n- **Source:** {}\n\n", header.works_when,
                      header.fails_when, header.source);
  page += "| input | default | values | |\n|---|---|---|---|\n";
  const std::vector<pine::Input>& inputs = entry.program->inputs;
  const auto defaults = backtest::bind_inputs(*entry.program, {});
  for (std::size_t i = 0; defaults && i < inputs.size(); ++i) {
    page += fmt::format("| `{}` | {} | {} | {} |\n", inputs[i].name, cell(input_text(inputs[i], (*defaults)[i])),
                        cell(values_text(inputs[i])), cell(inputs[i].tooltip));
  }
  return page;
}

}  // namespace

json::object strategy_json(const pine::CatalogueEntry& entry) {
  const pine::StrategyHeader& header = entry.header;
  return {{"name", header.name},
          {"category", header.category},
          {"risk_level", pine::to_string(header.risk_level)},
          {"complexity", pine::to_string(header.complexity)},
          {"summary", header.summary},
          {"input_count", entry.program->inputs.size()}};
}

json::object catalogue_summary_json(const pine::Catalogue& catalogue) {
  const Entries all = catalogue.select({});
  json::array categories;
  for (const auto& [name, entries] : by_category(all)) {
    json::object category{{"category", name}, {"count", entries.size()}};
    json::array names;
    for (const pine::CatalogueEntry* entry : entries) names.emplace_back(entry->header.name);
    category["strategies"] = std::move(names);
    for (const auto& [key, counts] : level_counts(entries)) category[key] = counts;
    categories.push_back(std::move(category));
  }
  json::object summary{{"total", all.size()}, {"categories", std::move(categories)}};
  for (const auto& [key, counts] : level_counts(all)) summary[key] = counts;
  return summary;
}

std::string strategies_table(std::span<const pine::CatalogueEntry* const> entries) {
  std::size_t name_width = 0, category_width = 0;
  for (const pine::CatalogueEntry* entry : entries) {
    name_width = std::max(name_width, entry->header.name.size());
    category_width = std::max(category_width, entry->header.category.size());
  }
  std::string table;
  for (const pine::CatalogueEntry* entry : entries) {
    const pine::StrategyHeader& header = entry->header;
    table += fmt::format("{:<{}}  {:<{}}  {:<6}  {:<8}  {}\n", header.name, name_width, header.category, category_width,
                         pine::to_string(header.risk_level), pine::to_string(header.complexity), header.summary);
  }
  return table;
}

std::string strategies_markdown(std::span<const pine::CatalogueEntry* const> entries) {
  const auto categories = by_category(entries);
  std::string page = fmt::format(
      "# Strategies\n\n<!-- Written by `tradeassist strategies --markdown > docs/strategies.md` from the files' "
      "headers; "
      "change those. -->\n\nThe catalogue has {} strategies, one Pine Script v6 file each under `strategies/`. Each "
      "says "
      "what it does, where its idea comes from, when it works and when it does not. None of them is advice, and none "
      "is "
      "known to earn money; the defaults are plain values, not the best ones found.\n\n| category | strategies |\n"
      "|---|---|\n",
      entries.size());
  for (const auto& [name, members] : categories) {
    std::string links;
    for (const pine::CatalogueEntry* entry : members) {
      std::string anchor = entry->header.name;
      for (char& c : anchor) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      links += fmt::format("{}[{}](#{})", links.empty() ? "" : ", ", entry->header.name, anchor);
    }
    page += fmt::format("| {} ({}) | {} |\n", heading(name), members.size(), links);
  }
  for (const auto& [name, members] : categories) {
    page += fmt::format("\n## {}\n", heading(name));
    for (const pine::CatalogueEntry* entry : members) page += "\n" + strategy_markdown(*entry);
  }
  return page;
}

}  // namespace tradeassist::report
