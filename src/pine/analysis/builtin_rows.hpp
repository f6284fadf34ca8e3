#pragma once

#include <span>

#include "pine/analysis/builtins.hpp"

/// How the tables of built-in functions are written: one row an overload, read once at the first look-up.
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

/// Arrays, maps and matrices; their notation has generic types.
std::span<const BuiltinRow> collection_rows();

}  // namespace tradeassist::pine
