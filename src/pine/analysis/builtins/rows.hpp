#pragma once

#include <span>

#include "pine/analysis/builtins.hpp"

/// How the tables of built-in functions are written: one row an overload, as in the reference, read once at the first
/// look-up. Parameter types: int, whole (an int, or a number cut to one), float, number (int or float, as given), bool,
/// string, color, any, printable, direction; `simple` before a type refuses series; `?` marks an optional parameter
/// that stays absent, `=x` one with a default. Results: number = int when every argument is int; first = type of the
/// first.
namespace tradeassist::pine {

struct BuiltinRow {
  Function function;
  Effect effect;
  const char* signature;
};

/// A function as a line of text: "array.get(id: array<T>, index: int) T".
BuiltinFunction parse_signature(Function function, Effect effect, std::string_view signature);

/// Drawings, whose functions are mostly reads and writes of fields.
std::vector<BuiltinFunction> drawing_functions();

/// One table for each namespace, or kind of thing.
std::span<const BuiltinRow> math_rows();
std::span<const BuiltinRow> ta_rows();
std::span<const BuiltinRow> str_rows();
std::span<const BuiltinRow> color_rows();
std::span<const BuiltinRow> time_rows();
std::span<const BuiltinRow> strategy_rows();

/// Arrays, maps and matrices; their notation has generic types.
std::span<const BuiltinRow> collection_rows();

}  // namespace tradeassist::pine
