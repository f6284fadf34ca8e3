// What makes arrays and changes their elements.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;
using pine::ValueType;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();

/// Elements from `first` on in the array that holds them: of a slice, its parent. Null, with a fault, for a row of a
/// matrix, which cannot change its size alone.
struct Place {
  Object* owner = nullptr;
  std::size_t first = 0;
};
Place place_of(Object& array, CollectionContext& context) {
  if (array.kind != ObjectKind::kSlice) return {&array, 0};
  Object* parent = context.heap.find(array.parent);
  if (parent->kind != ObjectKind::kMatrix) return {parent, array.first};
  context.fault.message = "a row of a matrix cannot change its size";
  return {};
}

/// Adds elements before a place that exists; through a slice into its array.
void insert(Object& array, std::size_t at, std::span<const double> values, CollectionContext& context) {
  const auto [owner, first] = place_of(array, context);
  if (owner == nullptr) return;
  ElementList& list = owner->elements;
  if (!context.heap.may_grow(*owner, list.size() + values.size(),
                             sizeof(Object) + list.bytes_after_insert(values.size()), context.fault)) {
    return;
  }
  if (values.size() == 1) {
    list.insert(first + at, values.front());
  } else {
    list.insert(first + at, values);
  }
  if (array.kind == ObjectKind::kSlice) array.length += static_cast<std::uint32_t>(values.size());
  context.heap.resized(*owner);
}

/// Removes the elements from `begin` to before `end`, which exist.
void erase(Object& array, std::size_t begin, std::size_t end, CollectionContext& context) {
  const auto [owner, first] = place_of(array, context);
  if (owner == nullptr) return;
  owner->elements.erase(first + begin, first + end);
  if (array.kind == ObjectKind::kSlice) array.length -= static_cast<std::uint32_t>(end - begin);
  context.heap.resized(*owner);
}

double take(Object& array, std::size_t at, CollectionContext& context) {
  const double value = context.heap.elements(array, context.fault)[at];
  erase(array, at, at + 1, context);
  return value;
}

/// TradingView takes na for the first element of strings and of objects, and for none of numbers, bools and colours.
double remove(Object& array, double index, std::size_t size, CollectionContext& context) {
  if (index != index) {
    if (array.element != ValueType::kString && array.element != ValueType::kObject) return kNa;
    index = 0;
  }
  const auto at = element_index(index, size, context);
  return at ? take(array, *at, context) : kNa;
}

void clear(Object& array, std::size_t size, CollectionContext& context) {
  if (array.kind == ObjectKind::kSlice) return erase(array, 0, size, context);
  array.elements = ElementList{};
  context.heap.resized(array);
}

double concat(const CollectionCall& call, Object& array, std::size_t size, CollectionContext& context) {
  Object* other = array_argument(call, 1, context);
  if (other == nullptr) return kNa;
  const auto from = context.heap.elements(*other, context.fault);
  if (!context.fault.message.empty()) return kNa;
  const std::vector<double> values(from.begin(), from.end());  // both may be the same array
  insert(array, size, values, context);
  return call.argument(0);
}

void fill(const CollectionCall& call, std::span<double> values, CollectionContext& context) {
  const std::size_t first = element_bound(call, 2, 0, values.size(), context);
  const std::size_t last = element_bound(call, 3, values.size(), values.size(), context);
  if (!context.fault.message.empty() || first >= last) return;
  std::ranges::fill(values.subspan(first, last - first), call.argument(1));
}

}  // namespace

double make_array(const CollectionCall& call, CollectionContext& context) {
  const ValueType element = pine::collection_element(call.index);
  if (call.function == Function::kArrayFrom) {
    std::vector<double> values;
    values.reserve(call.count);
    for (std::uint32_t i = 0; i < call.count; ++i) values.push_back(call.argument(i));
    return context.heap.make_array(element, values, context.fault);
  }
  const double size = std::trunc(call.argument(0));  // na is 0
  if (size < 0) {
    context.fault.message = fmt::format("an array of {:.0f} elements cannot be made", size);
    return kNa;
  }
  double initial = call.argument(1);
  if (initial != initial && element == ValueType::kBool && context.version() >= 6) initial = 0;
  return context.heap.make_array(element, size == size ? static_cast<std::size_t>(std::min(size, 1e9)) : 0, initial,
                                 context.fault);
}

double change_array(const CollectionCall& call, Object& array, CollectionContext& context) {
  const std::span<double> values = context.heap.elements(array, context.fault);
  if (!context.fault.message.empty()) return kNa;
  const std::size_t size = values.size();
  const double second = call.argument(1), third = call.argument(2);
  const auto some_must_be_there = [&] {
    if (size == 0) context.fault.message = "the array is empty";
    return size > 0;
  };
  switch (call.function) {
    case Function::kArraySet:
      if (second != second) return kNa;
      if (const auto at = element_index(second, size, context)) values[*at] = third;
      return kNa;
    case Function::kArrayInsert: {
      const auto at = second == second ? element_index(second, size, context, true) : std::optional(size);
      if (at) insert(array, *at, {&third, 1}, context);
      return kNa;
    }
    case Function::kArrayRemove: return remove(array, second, size, context);
    case Function::kArrayPush: insert(array, size, {&second, 1}, context); return kNa;
    case Function::kArrayUnshift: insert(array, 0, {&second, 1}, context); return kNa;
    case Function::kArrayPop: return some_must_be_there() ? take(array, size - 1, context) : kNa;
    case Function::kArrayShift: return some_must_be_there() ? take(array, 0, context) : kNa;
    case Function::kArrayClear: clear(array, size, context); return kNa;
    case Function::kArrayFill: fill(call, values, context); return kNa;
    case Function::kArrayReverse: std::ranges::reverse(values); return kNa;
    default: return concat(call, array, size, context);
  }
}

}  // namespace tradeassist::backtest
