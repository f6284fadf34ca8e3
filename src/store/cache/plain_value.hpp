#pragma once

#include <boost/pfr.hpp>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/time.hpp"
#include "market/series.hpp"

/// Values as bytes, and back: numbers, enums, text, times, optionals, vectors, bars, and plain structs of all these.
/// Boost.PFR finds the fields of a struct by itself, so that a field that is added later is never left out. Little
/// endian; doubles keep their bits.
namespace tradeassist::store {

namespace plain_detail {
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
}  // namespace plain_detail

template <class T>
concept PlainNumber = std::is_arithmetic_v<T> || std::is_enum_v<T>;
template <class T>
concept PlainOptional = plain_detail::IsOptional<T>::value;
template <class T>
concept PlainVector = plain_detail::IsVector<T>::value;
template <class T>
concept PlainStruct = std::is_class_v<T> && std::is_aggregate_v<T>;

/// Most rows of one series that is read from bytes.
constexpr std::uint64_t kPlainRowsMax = 10'000'000;

/// As chunks, compressed.
void append_series(std::string& out, const market::Series& bars);
bool read_series(std::string_view& in, market::Series& bars);

/// Puts the value behind `out`. Equal bytes mean equal values.
template <class T>
void append_plain(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, market::Series>) {
    append_series(out, value);
  } else if constexpr (std::is_same_v<T, base::Time>) {
    append_plain(out, base::to_nanoseconds(value));
  } else if constexpr (PlainNumber<T>) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof bytes);
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
    append_plain(out, static_cast<std::uint64_t>(value.size()));
    out.append(value);
  } else if constexpr (PlainOptional<T>) {
    append_plain(out, static_cast<std::uint8_t>(value.has_value()));
    if (value) append_plain(out, *value);
  } else if constexpr (PlainVector<T>) {
    append_plain(out, static_cast<std::uint64_t>(value.size()));
    for (const auto& each : value) append_plain(out, each);
  } else {
    static_assert(PlainStruct<T>);
    boost::pfr::for_each_field(value, [&](const auto& field) { append_plain(out, field); });
  }
}

/// Takes a value from the front of `in`. False when the bytes are not of such a value; safe for any bytes.
template <class T>
bool read_plain(std::string_view& in, T& value) {
  if constexpr (std::is_same_v<T, market::Series>) {
    return read_series(in, value);
  } else if constexpr (std::is_same_v<T, base::Time>) {
    std::int64_t nanoseconds = 0;
    if (!read_plain(in, nanoseconds)) return false;
    value = base::time_from_nanoseconds(nanoseconds);
    return true;
  } else if constexpr (std::is_same_v<T, bool>) {
    std::uint8_t byte = 0;
    if (!read_plain(in, byte) || byte > 1) return false;
    value = byte == 1;
    return true;
  } else if constexpr (PlainNumber<T>) {
    if (in.size() < sizeof value) return false;
    std::memcpy(&value, in.data(), sizeof value);
    in.remove_prefix(sizeof value);
    return true;
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
    std::uint64_t size = 0;
    if (!read_plain(in, size) || size > in.size()) return false;
    value = in.substr(0, size);
    in.remove_prefix(size);
    return true;
  } else if constexpr (PlainOptional<T>) {
    bool has_value = false;
    if (!read_plain(in, has_value)) return false;
    value.reset();
    return !has_value || read_plain(in, value.emplace());
  } else if constexpr (PlainVector<T>) {
    std::uint64_t size = 0;
    if (!read_plain(in, size) || size > in.size()) return false;  // nothing takes less than a byte
    value.clear();
    for (std::uint64_t i = 0; i < size; ++i) {
      if (!read_plain(in, value.emplace_back())) return false;
    }
    return true;
  } else {
    static_assert(PlainStruct<T>);
    bool is_good = true;
    boost::pfr::for_each_field(value, [&](auto& field) { is_good = is_good && read_plain(in, field); });
    return is_good;
  }
}

/// The memory that a value holds beside itself.
template <class T>
std::int64_t heap_bytes(const T& value) {
  std::int64_t bytes = 0;
  if constexpr (std::is_same_v<T, base::Time> || PlainNumber<T>) {
  } else if constexpr (std::same_as<T, std::string>) {
    if (value.capacity() > std::string().capacity()) bytes = static_cast<std::int64_t>(value.capacity()) + 1;
  } else if constexpr (PlainOptional<T>) {
    if (value) bytes = heap_bytes(*value);
  } else if constexpr (PlainVector<T>) {
    bytes = static_cast<std::int64_t>(value.capacity() * sizeof(typename T::value_type));
    if constexpr (!PlainNumber<typename T::value_type>) {
      for (const auto& each : value) bytes += heap_bytes(each);
    }
  } else {
    static_assert(PlainStruct<T>);
    boost::pfr::for_each_field(value, [&](const auto& field) { bytes += heap_bytes(field); });
  }
  return bytes;
}

/// Gives back what its vectors have reserved and do not use, where that is a good part of them.
template <class T>
void release_spare(T& value) {
  if constexpr (PlainOptional<T>) {
    if (value) release_spare(*value);
  } else if constexpr (PlainVector<T>) {
    if (value.capacity() - value.size() > value.size() / 8) value.shrink_to_fit();
  } else if constexpr (!std::is_same_v<T, base::Time> && !PlainNumber<T> && !std::same_as<T, std::string>) {
    static_assert(PlainStruct<T>);
    boost::pfr::for_each_field(value, [](auto& field) { release_spare(field); });
  }
}

/// Says in few letters how values of the type lie in bytes: programs with other fields see that they differ.
template <class T>
void append_layout(std::string& out) {
  if constexpr (std::is_same_v<T, market::Series>) {
    out += 'S';
  } else if constexpr (std::is_same_v<T, base::Time>) {
    out += 'T';
  } else if constexpr (PlainNumber<T>) {
    out += std::is_floating_point_v<T> ? 'f' : std::is_enum_v<T> ? 'e' : std::is_same_v<T, bool> ? 'b' : 'i';
    out += std::to_string(sizeof(T));
  } else if constexpr (std::same_as<T, std::string>) {
    out += 's';
  } else if constexpr (PlainOptional<T> || PlainVector<T>) {
    out += PlainOptional<T> ? '?' : '*';
    append_layout<typename T::value_type>(out);
  } else {
    static_assert(PlainStruct<T>);
    out += '{';
    boost::pfr::for_each_field(T{},
                               [&](const auto& field) { append_layout<std::remove_cvref_t<decltype(field)>>(out); });
    out += '}';
  }
}

}  // namespace tradeassist::store
