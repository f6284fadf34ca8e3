#include "backtest/evaluator/heap/collection_functions.hpp"

#include <fmt/format.h>

#include <cmath>

namespace tradeassist::backtest {

using pine::Function;

Object* array_argument(const CollectionCall& call, std::uint32_t i, CollectionContext& context) {
  Object* array = context.heap.find(call.argument(i));
  if (array != nullptr) return array;
  context.fault.message = "the array is na; make one with array.new before using it";
  return nullptr;
}

std::string index_fault(double index, std::size_t size) {
  return fmt::format("index {:.0f} is outside an array of {} elements", std::trunc(index), size);
}

void call_collection(const CollectionCall& call, CollectionContext& context) {
  if (pine::is_map_function(call.function)) return map_function(call, context);
  if (pine::is_matrix_function(call.function)) return matrix_function(call, context);
  switch (call.function) {
    case Function::kArrayBinarySearch:
    case Function::kArrayBinarySearchLeftmost:
    case Function::kArrayBinarySearchRightmost:
    case Function::kArraySort:
    case Function::kArraySortIndices: return array_order(call, context);
    case Function::kArrayAbs:
    case Function::kArrayAvg:
    case Function::kArrayCovariance:
    case Function::kArrayMax:
    case Function::kArrayMedian:
    case Function::kArrayMin:
    case Function::kArrayMode:
    case Function::kArrayPercentileLinearInterpolation:
    case Function::kArrayPercentileNearestRank:
    case Function::kArrayPercentrank:
    case Function::kArrayRange:
    case Function::kArrayStandardize:
    case Function::kArrayStdev:
    case Function::kArraySum:
    case Function::kArrayVariance: return array_statistic(call, context);
    default: return array_access(call, context);
  }
}

}  // namespace tradeassist::backtest
