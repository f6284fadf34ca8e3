#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "pine/program/settings.hpp"

namespace tradeassist::backtest {

/// Sets one property of the strategy() declaration by its Pine name: `initial_capital` `100000`,
/// `default_qty_type` `percent_of_equity`, `commission_type` `percent`, `process_orders_on_close` `true`.
/// kInvalidArgument names the property, what it accepts, and for an unknown one those there are.
base::Result<void> set_property(pine::StrategySettings& settings, std::string_view name, std::string_view value);

}  // namespace tradeassist::backtest
