#include <fmt/format.h>
#include <boost/json/object.hpp>

#include "market/date_text.hpp"
#include "report/corporate_actions_report.hpp"
#include "server/routes/corporate_action_request.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kBy = "api";  // in the history
constexpr std::size_t kActionsMax = 1'000;
constexpr std::size_t kSourceBytesMax = 64;

const std::string& symbol_of(const Request& request) { return request.parameters.at("symbol"); }

Problem action_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "INSTRUMENT_NOT_FOUND";
  return problem;
}

HandlerResult list(const Request& request, store::MarketStore& market) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto actions = market.corporate_actions(symbol_of(request));
  if (!actions) return action_problem(actions.error());
  return json_response(
      json::object{{"symbol", symbol_of(request)}, {"corporate_actions", report::stored_actions_json(*actions)}});
}

/// The actions of a body, with what is wrong in it by JSON pointer.
std::vector<store::ActionOf> actions_of(const ActionsBody& body, const std::string& symbol,
                                        std::vector<base::FieldError>& errors) {
  if (body.actions.empty() || body.actions.size() > kActionsMax) {
    errors.push_back({"/actions", fmt::format("must be 1 to {} actions, are {}", kActionsMax, body.actions.size())});
  }
  if (body.source && (body.source->empty() || body.source->size() > kSourceBytesMax)) {
    errors.push_back({"/source", fmt::format("must have 1 to {} bytes", kSourceBytesMax)});
  }
  std::vector<store::ActionOf> actions;
  for (std::size_t i = 0; i < body.actions.size(); ++i) {
    const ActionBody& each = body.actions[i];
    const auto fail = [&](const char* field, const std::string& message) {
      errors.push_back({fmt::format("/actions/{}{}", i, field), message});
    };
    const auto ex_date = market::parse_date(each.ex_date);
    const auto kind = market::parse_action_kind(each.kind);
    if (!ex_date) fail("/ex_date", ex_date.error().message);
    if (!kind) fail("/kind", kind.error().message);
    if (!ex_date || !kind) continue;
    actions.push_back({symbol, {*ex_date, *kind, each.value}});
    if (const auto good = market::check_action(actions.back().action); !good) fail("/value", good.error().message);
  }
  return actions;
}

HandlerResult put(const Request& request, store::MarketStore& market) {
  auto body = read_body<ActionsBody>(request);
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  const auto& asked = std::get<ActionsBody>(body);
  std::vector<base::FieldError> errors;
  const auto actions = actions_of(asked, symbol_of(request), errors);
  if (!errors.empty()) return invalid_fields(errors);
  const auto counts = market.put_corporate_actions(actions, asked.source.value_or(std::string(kBy)), kBy);
  if (!counts) return action_problem(counts.error());
  return json_response(json::object{{"symbol", symbol_of(request)},
                                    {"added", counts->added},
                                    {"changed", counts->changed},
                                    {"unchanged", counts->unchanged}});
}

HandlerResult remove(const Request& request, store::MarketStore& market) {
  QueryReader query(request, {"ex_date", "kind"});
  const std::string date = query.required("ex_date"), name = query.required("kind");
  const auto ex_date = market::parse_date(date);
  const auto kind = market::parse_action_kind(name);
  if (!date.empty() && !ex_date) query.fail("ex_date", ex_date.error().message);
  if (!name.empty() && !kind) query.fail("kind", kind.error().message);
  if (query.failed()) return query.problem();
  const auto removed = market.remove_corporate_action(symbol_of(request), *ex_date, *kind, kBy);
  if (!removed) return problem_from(removed.error());
  return json_response(
      json::object{{"symbol", symbol_of(request)}, {"ex_date", date}, {"kind", name}, {"removed", true}});
}

}  // namespace

void add_corporate_action_routes(std::vector<Route>& routes, Services& services) {
  store::MarketStore& market = services.market;
  const std::string path = "/api/v1/instruments/{symbol}/corporate-actions";
  routes.push_back({Method::kGet, path, "Splits and dividends of an instrument",
                    [&market](const Request& request) { return list(request, market); }});
  routes.push_back({Method::kPost, path, "Add splits and dividends, or give them other values",
                    [&market](const Request& request) { return put(request, market); }});
  routes.push_back({Method::kDelete, path, "Remove the split or the dividend of one ex-date",
                    [&market](const Request& request) { return remove(request, market); }});
}

}  // namespace tradeassist::server
