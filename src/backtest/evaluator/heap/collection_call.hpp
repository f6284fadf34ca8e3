#pragma once

#include <cstdint>
#include <limits>

#include "backtest/evaluator/heap/heap.hpp"

namespace tradeassist::backtest {

/// One call of a function that works on the heap's objects.
struct CollectionCall {
  pine::Function function;
  std::uint32_t index;  // pine::collection_index: what a new object holds
  const double* slots;
  const pine::Slot* operands;
  std::uint32_t count;
  double* out;

  /// na when absent.
  double argument(std::uint32_t i) const {
    return i < count && operands[i] != pine::kNoSlot ? slots[operands[i]] : std::numeric_limits<double>::quiet_NaN();
  }
};

/// What such functions may look at besides their arguments.
struct CollectionContext {
  Heap& heap;
  RunFault& fault;
};

/// map.*
void map_function(const CollectionCall& call, CollectionContext& context);

}  // namespace tradeassist::backtest
