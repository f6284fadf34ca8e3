#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "report/catalogue_report.hpp"
#include "report/pine_report.hpp"
#include "report/search_report.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

json::object settings_json(const pine::StrategySettings& settings) {
  const char* quantity = settings.default_qty_type == pine::QuantityType::kFixed  ? "fixed"
                         : settings.default_qty_type == pine::QuantityType::kCash ? "cash"
                                                                                  : "percent_of_equity";
  const char* commission = settings.commission_type == pine::CommissionType::kPercent           ? "percent"
                           : settings.commission_type == pine::CommissionType::kCashPerContract ? "cash_per_contract"
                                                                                                : "cash_per_order";
  return {{"title", settings.title},
          {"overlay", settings.overlay},
          {"initial_capital", settings.initial_capital},
          {"default_qty_type", quantity},
          {"default_qty_value", settings.default_qty_value},
          {"commission_type", commission},
          {"commission_value", settings.commission_value},
          {"slippage", settings.slippage},
          {"pyramiding", settings.pyramiding},
          {"process_orders_on_close", settings.process_orders_on_close},
          {"close_entries_rule", settings.close_any ? "ANY" : "FIFO"},
          {"margin_long", settings.margin_long},
          {"margin_short", settings.margin_short}};
}

HandlerResult list_strategies(const Request& request, const pine::Catalogue& catalogue) {
  QueryReader query(request, {"category", "risk_level", "complexity", "search", "limit", "offset"});
  pine::CatalogueFilter filter;
  filter.category = query.text("category");
  filter.search = query.text("search");
  if (const auto risk = query.text("risk_level")) {
    filter.risk_level = pine::parse_risk_level(*risk);
    if (!filter.risk_level) query.fail("risk_level", "must be low, medium or high");
  }
  if (const auto complexity = query.text("complexity")) {
    filter.complexity = pine::parse_complexity(*complexity);
    if (!filter.complexity) query.fail("complexity", "must be simple, moderate or advanced");
  }
  const auto limit = static_cast<std::size_t>(query.integer("limit", 1, 100).value_or(100));
  const auto offset = static_cast<std::size_t>(query.integer("offset", 0, 1'000'000).value_or(0));
  if (query.failed()) return query.problem();
  const std::vector<const pine::CatalogueEntry*> selected = catalogue.select(filter);
  json::array page;
  for (std::size_t i = offset; i < selected.size() && page.size() < limit; ++i) {
    page.push_back(report::strategy_json(*selected[i]));
  }
  return json_response(json::object{{"strategies", std::move(page)}, {"total", selected.size()}});
}

HandlerResult summarize(const pine::Catalogue& catalogue) {
  return json_response(report::catalogue_summary_json(catalogue));
}

HandlerResult validate(const Request& request, const pine::Catalogue& catalogue) {
  auto body = read_body<ValuesBody>(request);
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  auto bound = bind_strategy(request.parameters.at("name"), std::get<ValuesBody>(body), catalogue);
  if (auto* problem = std::get_if<Problem>(&bound)) return std::move(*problem);
  const auto& script = std::get<PreparedScript>(bound);
  return json_response(json::object{{"valid", true},
                                    {"inputs", report::inputs_json(*script.compilation.program, script.inputs)},
                                    {"settings", settings_json(script.settings)}});
}

HandlerResult get_strategy(const Request& request, const pine::Catalogue& catalogue) {
  const std::string& name = request.parameters.at("name");
  const pine::CatalogueEntry* entry = catalogue.find(name);
  if (entry == nullptr)
    return Problem{404, "STRATEGY_NOT_FOUND", "There is no strategy " + name.substr(0, 64) + " in the catalogue.", {}};
  json::object out = report::strategy_json(*entry);
  out["idea"] = entry->header.idea;
  out["works_when"] = entry->header.works_when;
  out["fails_when"] = entry->header.fails_when;
  out["source_reference"] = entry->header.source;
  out["pine"] = entry->source->text();
  out["settings"] = settings_json(entry->program->settings);
  auto inputs = report::declared_inputs_json(*entry->program);
  if (!inputs) return problem_from(inputs.error());
  out["inputs"] = *std::move(inputs);
  return json_response(out);
}

}  // namespace

void add_strategy_routes(std::vector<Route>& routes, Services& services) {
  const pine::Catalogue& catalogue = services.catalogue;
  routes.push_back({Method::kGet, "/api/v1/strategies", "The catalogue",
                    [&catalogue](const Request& request) { return list_strategies(request, catalogue); }});
  routes.push_back({Method::kGet, "/api/v1/strategies/categories/summary",
                    "How many strategies each category, risk level and complexity has",
                    [&catalogue](const Request&) { return summarize(catalogue); }});
  routes.push_back({Method::kPost, "/api/v1/strategies/{name}/validate",
                    "Check values of a strategy's inputs and properties, run nothing",
                    [&catalogue](const Request& request) { return validate(request, catalogue); }});
  routes.push_back({Method::kGet, "/api/v1/strategies/{name}", "One strategy with its inputs and source",
                    [&catalogue](const Request& request) { return get_strategy(request, catalogue); }});
}

}  // namespace tradeassist::server
