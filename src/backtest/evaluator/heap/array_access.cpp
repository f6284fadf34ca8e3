// Reading the elements of arrays, finding and printing them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "backtest/evaluator/heap/collection_functions.hpp"
#include "backtest/evaluator/text/characters.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;
using pine::ValueType;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();
constexpr double kTolerance = 1e-10;  // within which numbers are equal, as for ==

bool same(double a, double b) { return a == b || std::fabs(a - b) <= kTolerance; }

double index_of(std::span<const double> values, double value, bool from_end) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t at = from_end ? values.size() - 1 - i : i;
    if (same(values[at], value)) return static_cast<double>(at);
  }
  return -1;
}

double joined(const Object& array, std::span<const double> values, std::string_view separator, std::string_view format,
              bool in_brackets, CollectionContext& context) {
  std::string out = in_brackets ? "[" : "";
  for (std::size_t i = 0; i < values.size() && out.size() <= context.run->text_length_max; ++i) {
    if (i > 0) out += separator;
    out += value_text(values[i], array.element, format, *context.run);
  }
  if (in_brackets) out += "]";
  return give_text(std::move(out), context);
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
      const std::size_t end = separator.empty() ? std::string::npos : text.find(separator, begin);
      parts.push_back(texts.intern(text.substr(begin, end == std::string::npos ? end : end - begin)));
      if (end == std::string::npos) break;
      begin = end + separator.size();
    }
  }
  return context.heap.make_array(ValueType::kString, parts, context.fault);
}

double slice(const CollectionCall& call, std::size_t size, CollectionContext& context) {
  const std::size_t first = element_bound(call, 1, 0, size, context);
  const std::size_t last = element_bound(call, 2, size, size, context);
  if (!context.fault.message.empty()) return kNa;
  if (first > last) {
    context.fault.message = fmt::format("a slice from {} to {} ends before it begins", first, last);
    return kNa;
  }
  return context.heap.make_slice(call.argument(0), first, last - first, context.fault);
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
      const auto at = element_index(second, size, context);
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
      return joined(array, values, std::string(context.run->texts.text(second)), "", false, context);
    default:  // kArrayToString
      return joined(array, values, ", ", std::string(context.run->texts.text(second)), true, context);
  }
}

}  // namespace

std::optional<std::size_t> element_index(double index, std::size_t size, CollectionContext& context, bool may_be_size) {
  double at = std::trunc(index);
  if (at < 0 && context.version() >= 6) at += static_cast<double>(size);
  const double end = static_cast<double>(size) + (may_be_size ? 1 : 0);
  if (at >= 0 && at < end) return static_cast<std::size_t>(at);
  context.fault.message = index_fault(index, size);
  return std::nullopt;
}

std::size_t element_bound(const CollectionCall& call, std::uint32_t i, std::size_t otherwise, std::size_t size,
                          CollectionContext& context) {
  const double value = std::trunc(call.argument(i));
  if (value != value) return otherwise;
  if (value >= 0 && value <= static_cast<double>(size)) return static_cast<std::size_t>(value);
  context.fault.message = index_fault(value, size);
  return 0;
}

double give_text(std::string text, CollectionContext& context) {
  if (text.size() > context.run->text_length_max) {
    context.fault.message = text_too_long(context.run->text_length_max);
    return kNa;
  }
  return context.run->texts.intern(std::move(text));
}

void array_access(const CollectionCall& call, CollectionContext& context) {
  double result = kNa;
  switch (call.function) {
    case Function::kArrayNew:
    case Function::kArrayFrom: result = make_array(call, context); break;
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
      if (Object* array = array_argument(call, 0, context)) result = change_array(call, *array, context);
      break;
    default:
      if (Object* array = array_argument(call, 0, context)) result = read(call, *array, context);
      break;
  }
  if (call.out != nullptr) *call.out = result;
}

}  // namespace tradeassist::backtest
