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

/// Arrays, maps and matrices; their notation has generic types.
std::span<const BuiltinRow> collection_rows();

}  // namespace tradeassist::pine
