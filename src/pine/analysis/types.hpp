#pragma once

#include <string>
#include <vector>

#include "pine/program/program.hpp"
#include "pine/syntax/ast.hpp"

namespace tradeassist::pine {

/// What an expression is, as far as the rules of the language need it.
enum class Type : std::uint8_t {
  kError,  // already reported; fits everywhere, so that one mistake gives one message
  kVoid,   // no value: an order, a loop that gives nothing
  kNa,     // the bare `na`, which takes the type it meets
  kInt,
  kFloat,
  kBool,
  kString,
  kColor,
  kDirection,  // strategy.long, strategy.short: +1, -1
  kDrawing,    // label, line, box, table, …: accepted, never shown
  kPlot,       // what plot() and hline() return, for fill()
};

using ast::Qualifier;

std::string_view to_string(Type type);

/// "series float", as Pine's own messages say it.
std::string type_name(Type type, Qualifier qualifier);

bool is_number(Type type);

/// The common type of two branches: int and float meet in float, na in the other. kVoid when there is none.
Type common_type(Type a, Type b);

/// What lowering knows about an expression: its type, how early its value is known, and the slot that holds it.
struct Value {
  Type type = Type::kError;
  Qualifier qualifier = Qualifier::kConst;
  Slot slot = kNoSlot;
  bool is_constant = false;      // `number` is its value: known now
  bool is_mutable = false;       // the slot of a variable that := changes: binding it to a name copies
  bool is_int_quotient = false;  // int / int: a float that serves as an int
  double number = 0;             // of a constant: the number, the string's id, the colour
  int bar_field = -1;            // BarField when the slot is a load: history reads the column
  std::vector<Value> tuple;      // elements, when the value is a tuple

  bool is_tuple() const { return !tuple.empty(); }
  bool is_error() const { return type == Type::kError && tuple.empty(); }
  /// Known before the first bar: may be computed in the prologue.
  bool is_invariant() const { return qualifier != Qualifier::kSeries; }
};

}  // namespace tradeassist::pine
