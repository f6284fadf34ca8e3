// What calls of collection functions cost, so that a run counts what it does and not only its operations.
#include <algorithm>
#include <cmath>

#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;

constexpr std::uint64_t kMovedInAStep = 8;  // elements that are only moved or copied

std::uint64_t elements_of(double handle, const Heap& heap) {
  const Object* object = heap.find(handle);
  if (object == nullptr) return 0;
  if (object->kind == ObjectKind::kSlice) return object->length;
  return object->kind == ObjectKind::kMap ? object->pairs.size() : object->elements.size();
}

/// Of a size that a script asks for, however senseless.
std::uint64_t made_elements(double size) {
  constexpr double kMost = 1e6;
  return size > 0 ? static_cast<std::uint64_t>(std::min(size, kMost)) : 0;
}

std::uint64_t sorting(std::uint64_t elements) {
  constexpr std::uint64_t kComparisonsOfOne = 17;  // log2 of the largest collection
  return elements * kComparisonsOfOne;
}

std::uint64_t matrix_cost(const CollectionCall& call, const Object& matrix, const Heap& heap) {
  const std::uint64_t elements = matrix.elements.size(), side = std::max(matrix.rows, matrix.columns);
  const std::uint64_t other = elements_of(call.argument(1), heap);
  switch (call.function) {
    case Function::kMatrixGet:
    case Function::kMatrixSet:
    case Function::kMatrixRows:
    case Function::kMatrixColumns:
    case Function::kMatrixElementsCount:
    case Function::kMatrixIsSquare:
    case Function::kMatrixReshape:
    case Function::kMatrixRowView: return 1;
    case Function::kMatrixRow:
    case Function::kMatrixCol:
    case Function::kMatrixSwapRows:
    case Function::kMatrixSwapColumns: return 1 + side;
    case Function::kMatrixMult:
    case Function::kMatrixKron: return 1 + elements + elements * std::max<std::uint64_t>(other, 1) / kMovedInAStep;
    case Function::kMatrixPow: return 1 + 64 * elements * side;
    case Function::kMatrixDet:
    case Function::kMatrixInv:
    case Function::kMatrixRank: return 1 + elements * std::min(matrix.rows, matrix.columns);
    case Function::kMatrixPinv:
    case Function::kMatrixEigenvalues:
    case Function::kMatrixEigenvectors: {
      constexpr std::uint64_t kSweeps = 40;
      return 1 + kSweeps * elements * std::min(matrix.rows, matrix.columns);
    }
    case Function::kMatrixSort:
    case Function::kMatrixMedian:
    case Function::kMatrixMode: return 1 + sorting(elements);
    default: return 1 + elements + other;
  }
}

}  // namespace

std::uint64_t call_cost(const CollectionCall& call, const Heap& heap) {
  switch (call.function) {  // what makes something of a size that is asked for
    case Function::kArrayNew: return 1 + made_elements(call.argument(0)) / kMovedInAStep;
    case Function::kMatrixNew: return 1 + made_elements(call.argument(0) * call.argument(1)) / kMovedInAStep;
    case Function::kMapNew:
    case Function::kStrSplit:
    case Function::kArrayFrom: return 1 + call.count;
    default: break;
  }
  const Object* object = heap.find(call.argument(0));
  if (object == nullptr) return 1;
  if (object->kind == ObjectKind::kMatrix) return matrix_cost(call, *object, heap);
  const std::uint64_t elements = elements_of(call.argument(0), heap);
  switch (call.function) {
    case Function::kArrayGet:
    case Function::kArraySet:
    case Function::kArraySize:
    case Function::kArrayFirst:
    case Function::kArrayLast:
    case Function::kArraySlice:
    case Function::kArrayBinarySearch:
    case Function::kArrayBinarySearchLeftmost:
    case Function::kArrayBinarySearchRightmost:
    case Function::kMapGet:
    case Function::kMapPut:
    case Function::kMapContains:
    case Function::kMapRemove:
    case Function::kMapSize: return 1;
    case Function::kArrayPush:
    case Function::kArrayPop:
    case Function::kArrayShift:
    case Function::kArrayUnshift:
    case Function::kArrayClear:
      if (object->kind != ObjectKind::kSlice) return 1;
      [[fallthrough]];  // in the middle of its array
    case Function::kArrayInsert:
    case Function::kArrayRemove:
      return 1 + (object->kind == ObjectKind::kSlice ? elements_of(object->parent, heap) : elements) / kMovedInAStep;
    case Function::kArrayCopy: return 1 + elements / kMovedInAStep;
    case Function::kArraySort:
    case Function::kArraySortIndices:
    case Function::kArrayMedian:
    case Function::kArrayMode:
    case Function::kArrayPercentileLinearInterpolation:
    case Function::kArrayPercentileNearestRank: return 1 + sorting(elements);
    case Function::kArrayConcat:
    case Function::kArrayCovariance:
    case Function::kMapPutAll: return 1 + elements + elements_of(call.argument(1), heap);
    default: return 1 + elements;
  }
}

}  // namespace tradeassist::backtest
