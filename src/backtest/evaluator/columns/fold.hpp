#pragma once

#include <functional>
#include <span>
#include <vector>

#include "backtest/evaluator/columns/code.hpp"

namespace tradeassist::backtest {

/// What a body does before its first bar, once the inputs are known.
struct FoldContext {
  const pine::Program& program;
  std::span<const double> slots;                          // after the prologue
  const std::vector<bool>& of_the_bar;                    // by slot: loaded anew on every bar
  bool records;                                           // whether kRecord does anything
  std::function<void(const pine::Operation&)> carry_out;  // an operation that cannot fail, on the slots
};

/// Carries out what does not change from bar to bar, decides the jumps that depend on it, and leaves out what is never
/// reached and what nothing reads of that which cannot fail. What the body does on a bar stays the same to the bit. The
/// values of the operations that are carried out are put into the slots, where they stay.
void fold(const FoldContext& context, Code& code);

}  // namespace tradeassist::backtest
