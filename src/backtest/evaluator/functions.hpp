#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/memory/stateful.hpp"
#include "backtest/evaluator/text/regular_expression.hpp"
#include "backtest/evaluator/text/text_table.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::backtest {

/// A timeframe as scripts write it; "" is the chart's.
base::Result<market::Timeframe> script_timeframe(std::string_view text, const Chart& chart);

/// One call of a function without memory.
struct FunctionCall {
  pine::Function function;
  std::uint32_t index;  // how values print (str.tostring, str.format)
  const double* slots;
  const pine::Slot* operands;
  std::uint32_t count;

  bool has(std::uint32_t i) const { return i < count && operands[i] != pine::kNoSlot; }
  double argument(std::uint32_t i) const;  // na when absent
};

/// What functions may look at besides their arguments.
struct FunctionContext {
  Chart& chart;
  TextTable& texts;
  int version = 6;
  std::size_t text_length_max = 40'960;
  std::size_t bar = 0;
  RunFault fault{};
  RegularExpressions expressions{};
  std::string account_currency;  // empty = the chart's
};

/// The clock of a zone argument, the exchange's when it is absent or na; nothing, and a fault, for an unknown zone.
std::optional<market::ZoneClock> clock_of(const FunctionCall& call, std::uint32_t i, FunctionContext& context);

/// The same for calendar arithmetic. Bars that are dates of an exchange's zone are no instants: on such a chart every
/// zone counts dates as the chart does.
std::optional<market::ZoneClock> calendar_clock_of(const FunctionCall& call, std::uint32_t i, FunctionContext& context);

/// Math, strings, colours, time and the chart's own constants. Strategy variables are the evaluator's.
double call_function(const FunctionCall& call, FunctionContext& context);

double math_function(const FunctionCall& call, const market::Instrument& instrument);
double text_function(const FunctionCall& call, FunctionContext& context);
double color_function(const FunctionCall& call);
double time_function(const FunctionCall& call, FunctionContext& context);
double chart_function(const FunctionCall& call, FunctionContext& context);

/// What is wrong with a string that would be longer than is allowed.
std::string text_too_long(std::size_t length_max);

/// Steps that a string function takes on these arguments.
std::uint64_t text_call_cost(const FunctionCall& call, const TextTable& texts);

/// str.tostring of a value of this type.
std::string value_text(double value, pine::ValueType type, std::string_view format, const FunctionContext& context);

}  // namespace tradeassist::backtest
