#pragma once

#include <string>
#include <vector>

#include "pine/program/program.hpp"
#include "pine/syntax/ast.hpp"

namespace tradeassist::pine {

/// What an expression is, as far as the rules of the language need it. The enumerators are the plain types; collections
/// and user types are composed of them (below), so that a type is one number, compared as such.
enum class Type : std::uint64_t {
  kError,  // already reported; fits everywhere, so that one mistake gives one message
  kVoid,   // no value: an order, a loop that gives nothing
  kNa,     // the bare `na`, which takes the type it meets
  kInt,
  kFloat,
  kBool,
  kString,
  kColor,
  kDirection,  // strategy.long, strategy.short: +1, -1
  kPlot,       // what plot() and hline() return, for fill()
  kLabel,
  kLine,
  kBox,
  kTable,
  kLinefill,
  kPolyline,
  kChartPoint,
  kRecord,  // a user type (`type`), completed by its number
  kEnum,    // an enum, completed by its number
};

enum class Collection : std::uint8_t { kNone, kArray, kMatrix, kMap };

/// The user type or enum of this number (of the compilation).
Type record_type(std::uint32_t number);
Type enum_type(std::uint32_t number);
Type array_of(Type element);
Type matrix_of(Type element);
Type map_of(Type key, Type value);

Collection collection_of(Type type);
Type element_of(Type type);  // of an array or matrix; the values of a map; a plain type's own
Type key_of(Type map);
bool is_record(Type type);           // of a user type
bool is_enum(Type type);             //
std::uint32_t number_of(Type type);  // of a user type or enum, or of a collection's elements
bool is_drawing(Type type);          // label … polyline
bool is_reference(Type type);        // lives on the heap: collections, user types, drawings, chart.point
bool is_value_type(Type type);       // int, float, bool, string, color, enum: what an element or key may be
ValueType value_type(Type type);     // how a value of it is kept and printed

using ast::Qualifier;

/// "float", "array<int>"; user types have no name here: Lowering knows it.
std::string to_string(Type type);

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
  bool is_steady = false;        // a series by form alone: branches on inputs, computed again on every bar
  bool is_int_quotient = false;  // int / int: a float that serves as an int
  bool is_argument = false;      // a constant known through a parameter or `var`: the language does not call it one
  double number = 0;             // of a constant: the number, the string's id, the colour
  int bar_field = -1;            // BarField when the slot is a load: history reads the column
  std::vector<Value> tuple;      // elements, when the value is a tuple

  bool is_tuple() const { return !tuple.empty(); }
  bool is_error() const { return type == Type::kError && tuple.empty(); }
  /// Known before the first bar: may be computed in the prologue.
  bool is_invariant() const { return qualifier != Qualifier::kSeries; }
  /// The same on every bar, wherever it is computed.
  bool never_changes() const { return is_invariant() || is_steady; }
};

/// Of two ints, or quotients of ints, either may be chosen and still serve as an int.
bool both_serve_as_int(const Value& a, const Value& b);

}  // namespace tradeassist::pine
