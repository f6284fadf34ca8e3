// Sorting arrays and searching in sorted ones.
#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;
using pine::ValueType;

/// Places of the elements in their order, equal ones as they stand. Strings compare as texts, na below all; among
/// numbers na is above all.
std::vector<std::size_t> order_of(const Object& array, std::span<const double> values, bool ascending,
                                  const CollectionContext& context) {
  std::vector<std::size_t> places(values.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  const bool are_texts = array.element == ValueType::kString;
  const auto is_na = [&](std::size_t i) { return values[i] != values[i]; };
  const auto text = [&](std::size_t i) -> const std::string& { return context.run->texts.text(values[i]); };
  const auto below = [&](std::size_t a, std::size_t b) {
    if (is_na(a) || is_na(b)) return are_texts ? is_na(a) && !is_na(b) : !is_na(a) && is_na(b);
    return are_texts ? text(a) < text(b) : values[a] < values[b];
  };
  std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) { return ascending ? below(a, b) : below(b, a); });
  return places;
}

/// In an ascending array: the place of the value, and of a value that is not there -1, its neighbour below, or its
/// neighbour above, by function.
double binary_search(std::span<const double> values, double value, Function function) {
  // na is above all numbers, where sorting puts it; it equals nothing.
  const auto below = [](double a, double b) { return a < b || (a == a && b != b); };
  const auto first = std::ranges::lower_bound(values, value, below);
  const auto last = value == value ? std::ranges::upper_bound(values, value, below) : first;
  const auto place = [&](auto at) { return static_cast<double>(at - values.begin()); };
  const bool found = first != last;
  switch (function) {
    case Function::kArrayBinarySearchLeftmost: return found ? place(first) : std::max(place(first) - 1, 0.0);
    case Function::kArrayBinarySearchRightmost: return found ? place(last) - 1 : place(first);
    default: return found ? place(first) : -1;
  }
}

}  // namespace

void array_order(const CollectionCall& call, CollectionContext& context) {
  Object* array = array_argument(call, 0, context);
  if (array == nullptr) return;
  const std::span<double> values = context.heap.elements(*array, context.fault);
  if (!context.fault.message.empty()) return;
  double result = std::numeric_limits<double>::quiet_NaN();
  if (call.function == Function::kArraySort || call.function == Function::kArraySortIndices) {
    const std::vector<std::size_t> places = order_of(*array, values, call.argument(1) == 1, context);
    if (call.function == Function::kArraySortIndices) {
      result =
          context.heap.make_array(ValueType::kInt, std::vector<double>(places.begin(), places.end()), context.fault);
    } else {
      const std::vector<double> before(values.begin(), values.end());
      for (std::size_t i = 0; i < places.size(); ++i) values[i] = before[places[i]];
    }
  } else {
    result = binary_search(values, call.argument(1), call.function);
  }
  if (call.out != nullptr) *call.out = result;
}

}  // namespace tradeassist::backtest
