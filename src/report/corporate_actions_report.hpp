#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <span>
#include <string>

#include "store/catalogue/corporate_actions.hpp"

namespace tradeassist::report {

/// {"ex_date":"2020-08-31","kind":"split","value":4}
boost::json::object action_json(const market::CorporateAction& action);
boost::json::array actions_json(std::span<const market::CorporateAction> actions);

/// The same with `source`, `created_at` and `updated_at`.
boost::json::array stored_actions_json(std::span<const store::StoredAction> actions);

/// For people: a line an action.
std::string stored_actions_text(std::span<const store::StoredAction> actions);

}  // namespace tradeassist::report
