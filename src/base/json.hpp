#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

/// Structs described once with BOOST_DESCRIBE_STRUCT become JSON and come back from it. Supported members: bool,
/// integers, double, std::string, Time (RFC 3339), described enums (in lower snake case without the leading k),
/// std::optional (absent or null), std::vector, std::map<std::string, T>, boost::json::value (anything) and described
/// structs.
namespace tradeassist::base {

/// One thing wrong with a document: where (RFC 6901 JSON pointer) and what.
struct FieldError {
  std::string pointer, message;
};

/// Text to a value. Bounds: `bytes_max`, 64 levels of nesting. kInvalidArgument with the place otherwise.
Result<boost::json::value> parse_json(std::string_view text, std::size_t bytes_max = 4 * 1024 * 1024);

/// Compact text; doubles print with the fewest digits that read back as themselves; NaN and infinities print as null.
std::string json_text(const boost::json::value& value);

namespace json_detail {

template <class T>
concept DescribedStruct = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;
template <class T>
concept DescribedEnum = boost::describe::has_describe_enumerators<T>::value;

/// kPercentOfEquity → percent_of_equity.
std::string enum_text(std::string_view enumerator);

/// A member's name in JSON: itself, without the last underscore of one that would else be a C++ keyword (long_).
constexpr std::string_view member_name(std::string_view member) {
  if (member.ends_with('_')) member.remove_suffix(1);
  return member;
}

std::string child_pointer(const std::string& pointer, std::string_view name);
std::string_view kind_name(const boost::json::value& value);
void add_error(std::vector<FieldError>& errors, const std::string& pointer, std::string message);
bool read_integer(const boost::json::value& value, std::int64_t minimum, std::uint64_t maximum,
                  const std::string& pointer, std::vector<FieldError>& errors, std::int64_t& out);
bool read_double(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors,
                 double& out);
bool read_string(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors,
                 std::string& out);
bool read_bool(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors, bool& out);
bool read_time(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors, Time& out);

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsStringMap : std::false_type {};
template <class T>
struct IsStringMap<std::map<std::string, T>> : std::true_type {};

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>;

template <class T>
boost::json::value write(const T& value) {
  if constexpr (std::is_same_v<T, boost::json::value>) {
    return value;
  } else if constexpr (std::is_same_v<T, Time>) {
    return boost::json::string(format_time(value));
  } else if constexpr (std::is_same_v<T, double>) {
    if (value != value || value > std::numeric_limits<double>::max() || value < std::numeric_limits<double>::lowest()) {
      return nullptr;
    }
    return value;
  } else if constexpr (std::is_arithmetic_v<T> || std::is_convertible_v<const T&, std::string_view>) {
    return boost::json::value(value);
  } else if constexpr (IsOptional<T>::value) {
    return value ? write(*value) : boost::json::value(nullptr);
  } else if constexpr (IsVector<T>::value) {
    boost::json::array array;
    array.reserve(value.size());
    for (const auto& element : value) array.push_back(write(element));
    return array;
  } else if constexpr (IsStringMap<T>::value) {
    boost::json::object object;
    for (const auto& [name, element] : value) object[name] = write(element);
    return object;
  } else if constexpr (DescribedEnum<T>) {
    return boost::json::string(enum_text(boost::describe::enum_to_string(value, "")));
  } else {
    static_assert(DescribedStruct<T>, "describe the struct with BOOST_DESCRIBE_STRUCT");
    boost::json::object object;
    boost::mp11::mp_for_each<Members<T>>(
        [&](auto member) { object[member_name(member.name)] = write(value.*member.pointer); });
    return object;
  }
}

template <class T>
bool read(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors, T& out);

template <class T>
bool read_struct(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors, T& out) {
  const boost::json::object* object = value.if_object();
  if (object == nullptr) {
    add_error(errors, pointer, "must be an object, is " + std::string(kind_name(value)));
    return false;
  }
  bool good = true;
  std::size_t known = 0;
  boost::mp11::mp_for_each<Members<T>>([&](auto member) {
    auto& field = out.*member.pointer;
    using Field = std::remove_cvref_t<decltype(field)>;
    const std::string field_pointer = child_pointer(pointer, member_name(member.name));
    if (const auto* given = object->if_contains(member_name(member.name))) {
      ++known;
      good &= read<Field>(*given, field_pointer, errors, field);
    } else if constexpr (!IsOptional<Field>::value) {
      add_error(errors, field_pointer, "is missing");
      good = false;
    }
  });
  if (known == object->size()) return good;
  for (const auto& entry : *object) {
    bool found = false;
    boost::mp11::mp_for_each<Members<T>>([&](auto member) { found |= entry.key() == member_name(member.name); });
    if (!found) add_error(errors, child_pointer(pointer, entry.key()), "is not a known field");
  }
  return false;
}

template <class T>
bool read(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors, T& out) {
  if constexpr (std::is_same_v<T, boost::json::value>) {
    out = value;
    return true;
  } else if constexpr (std::is_same_v<T, Time>) {
    return read_time(value, pointer, errors, out);
  } else if constexpr (std::is_same_v<T, bool>) {
    return read_bool(value, pointer, errors, out);
  } else if constexpr (std::is_integral_v<T>) {
    constexpr auto kMinimum = static_cast<std::int64_t>(std::numeric_limits<T>::min());
    constexpr auto kMaximum = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    std::int64_t integer = 0;
    if (!read_integer(value, kMinimum, kMaximum, pointer, errors, integer)) return false;
    out = static_cast<T>(integer);
    return true;
  } else if constexpr (std::is_same_v<T, double>) {
    return read_double(value, pointer, errors, out);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return read_string(value, pointer, errors, out);
  } else if constexpr (IsOptional<T>::value) {
    if (value.is_null()) {
      out.reset();
      return true;
    }
    return read(value, pointer, errors, out.emplace());
  } else if constexpr (IsVector<T>::value) {
    const boost::json::array* array = value.if_array();
    if (array == nullptr) {
      add_error(errors, pointer, "must be an array, is " + std::string(kind_name(value)));
      return false;
    }
    bool good = true;
    out.clear();
    for (std::size_t i = 0; i < array->size(); ++i) {
      good &= read((*array)[i], child_pointer(pointer, std::to_string(i)), errors, out.emplace_back());
    }
    return good;
  } else if constexpr (IsStringMap<T>::value) {
    const boost::json::object* object = value.if_object();
    if (object == nullptr) {
      add_error(errors, pointer, "must be an object, is " + std::string(kind_name(value)));
      return false;
    }
    bool good = true;
    out.clear();
    for (const auto& entry : *object) {
      good &= read(entry.value(), child_pointer(pointer, entry.key()), errors, out[std::string(entry.key())]);
    }
    return good;
  } else if constexpr (DescribedEnum<T>) {
    std::string text;
    if (!read_string(value, pointer, errors, text)) return false;
    bool found = false;
    std::string names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
      const std::string name = enum_text(enumerator.name);
      names += (names.empty() ? "" : ", ") + name;
      if (name == text) {
        out = enumerator.value;
        found = true;
      }
    });
    if (!found) add_error(errors, pointer, "must be one of " + names + ", is \"" + text.substr(0, 64) + "\"");
    return found;
  } else {
    static_assert(DescribedStruct<T>, "describe the struct with BOOST_DESCRIBE_STRUCT");
    return read_struct(value, pointer, errors, out);
  }
}

}  // namespace json_detail

template <class T>
boost::json::value to_json(const T& value) {
  return json_detail::write(value);
}

/// Reads a T; every field that does not fit is added to `errors`, and then there is no value. Fields a T does not
/// have are refused; members that are not optional are required.
template <class T>
std::optional<T> from_json(const boost::json::value& value, std::vector<FieldError>& errors) {
  T result{};
  if (!json_detail::read(value, "", errors, result)) return std::nullopt;
  return result;
}

/// The same, with the errors joined in one message.
template <class T>
Result<T> from_json(const boost::json::value& value) {
  std::vector<FieldError> errors;
  if (auto result = from_json<T>(value, errors)) return std::move(*result);
  std::string message;
  for (const FieldError& error : errors) {
    message +=
        (message.empty() ? "" : "; ") + (error.pointer.empty() ? "the document" : error.pointer) + " " + error.message;
  }
  return failure(ErrorCode::kInvalidArgument, std::move(message));
}

}  // namespace tradeassist::base
