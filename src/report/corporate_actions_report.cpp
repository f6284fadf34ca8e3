#include "report/corporate_actions_report.hpp"

#include <fmt/format.h>

#include "base/time.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::report {

boost::json::object action_json(const market::CorporateAction& action) {
  return {{"ex_date", market::to_string(market::civil_from_days(action.ex_date))},
          {"kind", market::to_string(action.kind)},
          {"value", action.value}};
}

boost::json::array actions_json(std::span<const market::CorporateAction> actions) {
  boost::json::array rows;
  for (const market::CorporateAction& each : actions) rows.push_back(action_json(each));
  return rows;
}

boost::json::array stored_actions_json(std::span<const store::StoredAction> actions) {
  boost::json::array rows;
  for (const store::StoredAction& each : actions) {
    boost::json::object row = action_json(each.action);
    row["source"] = each.source;
    row["created_at"] = base::format_time(each.created_at);
    row["updated_at"] = base::format_time(each.updated_at);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string stored_actions_text(std::span<const store::StoredAction> actions) {
  std::string out;
  for (const store::StoredAction& each : actions) {
    out += fmt::format("{}  {:<8}  {:<12}  {}\n", market::to_string(market::civil_from_days(each.action.ex_date)),
                       market::to_string(each.action.kind), each.action.value, each.source);
  }
  return out;
}

}  // namespace tradeassist::report
