#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pine/program/settings.hpp"

namespace tradeassist::backtest {

/// Sets one property of the strategy() declaration by its Pine name: `initial_capital` `100000`,
/// `default_qty_type` `percent_of_equity`, `commission_type` `percent`, `process_orders_on_close` `true`.
/// kInvalidArgument names the property, what it accepts, and for an unknown one those there are.
base::Result<void> set_property(pine::StrategySettings& settings, std::string_view name, std::string_view value);

/// A property by its Pine name, and its value as set_property() takes it.
struct Property {
  std::string name, value;
};
/// The properties of `settings` that differ from those of `declared`, by name.
std::vector<Property> changed_properties(const pine::StrategySettings& declared,
                                         const pine::StrategySettings& settings);

/// The value as it is written in a call of strategy(): `strategy.commission.percent`, `"ANY"`. Of a name that
/// changed_properties() gives.
std::string property_expression(const Property& property);

}  // namespace tradeassist::backtest
