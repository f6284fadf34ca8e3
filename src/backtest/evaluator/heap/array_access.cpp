// Arrays: making them, reading and changing elements, finding and printing them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "backtest/evaluator/characters.hpp"
#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;
using pine::ValueType;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();
constexpr double kTolerance = 1e-10;  // within which numbers are equal, as for ==

/// An index as scripts give it: whole part; since v6 a negative one counts from the end. na is for the caller.
std::optional<std::size_t> resolved(double index, std::size_t size, std::size_t most, CollectionContext& context) {
  double at = std::trunc(index);
  if (at < 0 && context.version() >= 6) at += static_cast<double>(size);
  if (at >= 0 && at <= static_cast<double>(most) && most != static_cast<std::size_t>(-1)) {
    return static_cast<std::size_t>(at);
  }
  context.fault.message = index_fault(index, size);
  return std::nullopt;
}

/// Adds an element at a place that exists; through a slice into its array.
void insert(Object& array, std::size_t at, double value, CollectionContext& context) {
  Object& owner = array.kind == ObjectKind::kSlice ? *context.heap.find(array.parent) : array;
  ElementList& list = owner.elements;
  if (!context.heap.may_grow(owner, list.size() + 1, sizeof(Object) + list.bytes_after_insert(), context.fault)) return;
  list.insert(at + (array.kind == ObjectKind::kSlice ? array.first : 0), value);
  if (array.kind == ObjectKind::kSlice) ++array.length;
  context.heap.resized(owner);
}

double take(Object& array, std::size_t at, CollectionContext& context) {
  const double value = context.heap.elements(array, context.fault)[at];
  Object& owner = array.kind == ObjectKind::kSlice ? *context.heap.find(array.parent) : array;
  const std::size_t place = at + (array.kind == ObjectKind::kSlice ? array.first : 0);
  owner.elements.erase(place, place + 1);
  if (array.kind == ObjectKind::kSlice) --array.length;
  context.heap.resized(owner);
  return value;
}

bool same(double a, double b) { return a == b || std::fabs(a - b) <= kTolerance; }

double index_of(std::span<const double> values, double value, bool from_end) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t at = from_end ? values.size() - 1 - i : i;
    if (same(values[at], value)) return static_cast<double>(at);
  }
  return -1;
}

/// A bound of fill and slice: absent or na means `otherwise`.
std::size_t bound(const CollectionCall& call, std::uint32_t i, std::size_t otherwise, std::size_t size,
                  CollectionContext& context) {
  const double value = call.argument(i);
  if (value != value) return otherwise;
  return resolved(value, size, size, context).value_or(0);
}

std::string joined(const Object& array, std::span<const double> values, std::string_view separator,
                   std::string_view format, const FunctionContext& run) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += separator;
    out += value_text(values[i], array.element, format, run);
  }
  return out;
}

double split(const CollectionCall& call, CollectionContext& context) {
  TextTable& texts = context.run->texts;
  const std::string text = texts.text(call.argument(0)), separator = texts.text(call.argument(1));
  std::vector<double> parts;
  if (separator.empty()) {
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t size = character_size(rest);
      parts.push_back(texts.intern(std::string(rest.substr(0, size))));
      rest.remove_prefix(size);
    }
    if (parts.empty()) parts.push_back(texts.intern(""));
  } else {
    for (std::size_t begin = 0;;) {
      const std::size_t end = text.find(separator, begin);
      parts.push_back(texts.intern(text.substr(begin, end == std::string::npos ? end : end - begin)));
      if (end == std::string::npos) break;
      begin = end + separator.size();
    }
  }
  return context.heap.make_array(ValueType::kString, parts, context.fault);
}

double make(const CollectionCall& call, CollectionContext& context) {
  const ValueType element = pine::collection_element(call.index);
  if (call.function == Function::kArrayFrom) {
    std::vector<double> values;
    for (std::uint32_t i = 0; i < call.count; ++i) values.push_back(call.argument(i));
    return context.heap.make_array(element, values, context.fault);
  }
  const double size = call.argument(0);
  if (size < 0) {
    context.fault.message = fmt::format("an array of {:.0f} elements cannot be made", size);
    return kNa;
  }
  double initial = call.argument(1);
  if (initial != initial && element == ValueType::kBool && context.version() >= 6) initial = 0;
  return context.heap.make_array(element, size == size ? static_cast<std::size_t>(std::min(size, 1e9)) : 0, initial,
                                 context.fault);
}

double concat(const CollectionCall& call, Object& array, CollectionContext& context) {
  const Object* other = array_argument(call, 1, context);
  if (other == nullptr) return kNa;
  const auto from = context.heap.elements(*context.heap.find(call.argument(1)), context.fault);
  const std::vector<double> values(from.begin(), from.end());
  for (const double value : values) {
    if (!context.fault.message.empty()) return kNa;
    insert(array, context.heap.elements(array, context.fault).size(), value, context);
  }
  return call.argument(0);
}

double slice(const CollectionCall& call, std::size_t size, CollectionContext& context) {
  const std::size_t first = bound(call, 1, 0, size, context), last = bound(call, 2, size, size, context);
  if (!context.fault.message.empty()) return kNa;
  if (first > last) {
    context.fault.message = fmt::format("a slice from {} to {} ends before it begins", first, last);
    return kNa;
  }
  return context.heap.make_slice(call.argument(0), first, last - first, context.fault);
}

double changed(const CollectionCall& call, Object& array, CollectionContext& context) {
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
      if (const auto at = resolved(second, size, size - 1, context)) values[*at] = third;
      return kNa;
    case Function::kArrayInsert: {
      const auto at = second == second ? resolved(second, size, size, context) : std::optional(size);
      if (at) insert(array, *at, third, context);
      return kNa;
    }
    case Function::kArrayRemove: {
      if (second != second) return kNa;
      const auto at = resolved(second, size, size - 1, context);
      return at ? take(array, *at, context) : kNa;
    }
    case Function::kArrayPush: insert(array, size, second, context); return kNa;
    case Function::kArrayUnshift: insert(array, 0, second, context); return kNa;
    case Function::kArrayPop: return some_must_be_there() ? take(array, size - 1, context) : kNa;
    case Function::kArrayShift: return some_must_be_there() ? take(array, 0, context) : kNa;
    case Function::kArrayClear:
      while (array.kind == ObjectKind::kSlice && array.length > 0) take(array, array.length - 1, context);
      if (array.kind == ObjectKind::kArray) {
        array.elements = ElementList{};
        context.heap.resized(array);
      }
      return kNa;
    case Function::kArrayFill: {
      const std::size_t first = bound(call, 2, 0, size, context), last = bound(call, 3, size, size, context);
      for (std::size_t i = first; i < last && context.fault.message.empty(); ++i) values[i] = second;
      return kNa;
    }
    case Function::kArrayReverse: std::ranges::reverse(values); return kNa;
    default: return concat(call, array, context);
  }
}

double read(const CollectionCall& call, Object& array, CollectionContext& context) {
  const std::span<const double> values = context.heap.elements(array, context.fault);
  if (!context.fault.message.empty()) return kNa;
  const std::size_t size = values.size();
  const double second = call.argument(1);
  const auto is_true = [](double value) { return value == value && value != 0; };
  switch (call.function) {
    case Function::kArrayGet: {
      if (second != second) return kNa;
      const auto at = resolved(second, size, size - 1, context);
      return at ? values[*at] : kNa;
    }
    case Function::kArraySize: return static_cast<double>(size);
    case Function::kArrayFirst:
    case Function::kArrayLast:
      if (size == 0) {
        context.fault.message = "the array is empty";
        return kNa;
      }
      return call.function == Function::kArrayFirst ? values.front() : values.back();
    case Function::kArrayCopy: return context.heap.copy(call.argument(0), context.fault);
    case Function::kArraySlice: return slice(call, size, context);
    case Function::kArrayIncludes: return index_of(values, second, false) >= 0 ? 1 : 0;
    case Function::kArrayIndexof: return index_of(values, second, false);
    case Function::kArrayLastindexof: return index_of(values, second, true);
    case Function::kArrayEvery: return size > 0 && std::ranges::all_of(values, is_true) ? 1 : 0;
    case Function::kArraySome: return std::ranges::any_of(values, is_true) ? 1 : 0;
    case Function::kArrayJoin:
      return context.run->texts.intern(joined(array, values, context.run->texts.text(second), "", *context.run));
    default:  // kArrayToString
      return context.run->texts.intern(
          "[" + joined(array, values, ", ", context.run->texts.text(second), *context.run) + "]");
  }
}

}  // namespace

void array_access(const CollectionCall& call, CollectionContext& context) {
  double result = kNa;
  switch (call.function) {
    case Function::kArrayNew:
    case Function::kArrayFrom: result = make(call, context); break;
    case Function::kStrSplit: result = split(call, context); break;
    case Function::kArraySet:
    case Function::kArrayInsert:
    case Function::kArrayRemove:
    case Function::kArrayPush:
    case Function::kArrayUnshift:
    case Function::kArrayPop:
    case Function::kArrayShift:
    case Function::kArrayClear:
    case Function::kArrayFill:
    case Function::kArrayReverse:
    case Function::kArrayConcat:
      if (Object* array = array_argument(call, 0, context)) result = changed(call, *array, context);
      break;
    default:
      if (Object* array = array_argument(call, 0, context)) result = read(call, *array, context);
      break;
  }
  if (call.out != nullptr) *call.out = result;
}

}  // namespace tradeassist::backtest
