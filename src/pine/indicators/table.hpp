#pragma once

#include <span>

namespace tradeassist::pine {

/// One indicator as text, read once. `parameters`: "name: kind = default", separated by semicolons; kinds are
/// `int 1..500`, `float 0..10`, `bool`, `series`, `condition`, `choice A|B`. `outputs`: names separated by semicolons,
/// each alone (an element of the tuple that the expression gives, or its only value) or with an expression of its own,
/// "name = expression".
struct IndicatorRow {
  const char* name;
  const char* title;
  const char* description;
  bool overlay;
  const char* parameters;
  const char* expression;
  const char* outputs;
};

std::span<const IndicatorRow> indicator_rows();

}  // namespace tradeassist::pine
