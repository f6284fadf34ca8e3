#pragma once

#include <cstdint>
#include <limits>

#include "backtest/evaluator/functions.hpp"
#include "backtest/evaluator/heap/heap.hpp"

namespace tradeassist::backtest {

/// One call of a function that works on the heap's objects.
struct CollectionCall {
  pine::Function function;
  std::uint32_t index;  // pine::collection_index: what a new object holds
  const double* slots;
  const pine::Slot* operands;
  std::uint32_t count;
  double* out;  // null when the function gives nothing

  /// na when absent.
  double argument(std::uint32_t i) const {
    return i < count && operands[i] != pine::kNoSlot ? slots[operands[i]] : std::numeric_limits<double>::quiet_NaN();
  }
};

/// What such functions may look at besides their arguments.
struct CollectionContext {
  Heap& heap;
  RunFault& fault;
  const FunctionContext* run = nullptr;  // texts, chart and version: what prints and splits needs them

  int version() const { return run == nullptr ? 6 : run->version; }
};

}  // namespace tradeassist::backtest
