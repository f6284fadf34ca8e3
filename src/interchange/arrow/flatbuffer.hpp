#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tradeassist::interchange {

static_assert(std::endian::native == std::endian::little);

/// Builds one FlatBuffers message (https://flatbuffers.dev/internals), as far as Arrow's metadata needs it: tables,
/// strings, vectors of tables, vectors of structs made of 64-bit numbers.
///
/// A message is made from its end to its beginning, because what refers must lie before what it refers to; the bytes
/// are kept in reverse and turned round at the end. Positions are distances from the end.
class FlatbufferBuilder {
 public:
  using Position = std::uint32_t;

  Position add_string(std::string_view text) {
    align(4, text.size() + 1);
    push_byte(0);
    push_bytes(text.data(), text.size());
    push(static_cast<std::uint32_t>(text.size()));
    return position();
  }

  Position add_vector(std::span<const Position> tables) {
    align(4, tables.size() * 4);
    for (std::size_t i = tables.size(); i-- > 0;) push_reference(tables[i]);
    push(static_cast<std::uint32_t>(tables.size()));
    return position();
  }

  /// `count` structs of `numbers.size() / count` numbers each.
  Position add_structs(std::span<const std::int64_t> numbers, std::size_t count) {
    align(8, numbers.size() * 8);
    for (std::size_t i = numbers.size(); i-- > 0;) push(numbers[i]);
    push(static_cast<std::uint32_t>(count));
    return position();
  }

  /// A table's fields are given between start_table and end_table, each once, by their numbers in the schema.
  void start_table() {
    fields_.fill(0);
    table_end_ = position();
  }
  template <class T>
    requires std::is_arithmetic_v<T>
  void add_field(std::size_t number, T value) {
    align(sizeof(T), 0);
    push(value);
    fields_[number] = position();
  }
  void add_reference(std::size_t number, Position to) {
    align(4, 0);
    push_reference(to);
    fields_[number] = position();
  }
  Position end_table() {
    align(4, 0);
    push(std::int32_t{0});  // how far before the table its vtable lies: known below
    const Position table = position();
    std::size_t count = fields_.size();
    while (count > 0 && fields_[count - 1] == 0) --count;
    for (std::size_t i = count; i-- > 0;) push(static_cast<std::uint16_t>(fields_[i] == 0 ? 0 : table - fields_[i]));
    push(static_cast<std::uint16_t>(table - table_end_));
    push(static_cast<std::uint16_t>(4 + 2 * count));
    const auto distance = static_cast<std::int32_t>(position() - table);
    for (std::size_t i = 0; i < 4; ++i)
      reversed_[table - 1 - i] = static_cast<char>(static_cast<std::uint32_t>(distance) >> (8 * i));
    return table;
  }

  /// The message whose root is this table: a multiple of 8 bytes.
  std::string finish(Position root) {
    align(8, 4);
    push_reference(root);
    return {reversed_.rbegin(), reversed_.rend()};
  }

 private:
  static constexpr std::size_t kFieldsMax = 8;  // of Arrow's largest table

  Position position() const { return static_cast<Position>(reversed_.size()); }
  void push_byte(char byte) { reversed_.push_back(byte); }
  void push_bytes(const char* bytes, std::size_t count) {
    for (std::size_t i = count; i-- > 0;) push_byte(bytes[i]);
  }
  template <class T>
  void push(T value) {
    std::array<char, sizeof(T)> bytes;
    std::memcpy(bytes.data(), &value, sizeof(T));
    push_bytes(bytes.data(), bytes.size());
  }
  void push_reference(Position to) { push(static_cast<std::uint32_t>(position() + 4 - to)); }
  /// Pads so that after `then` more bytes the position is a multiple of `alignment`.
  void align(std::size_t alignment, std::size_t then) {
    while ((reversed_.size() + then) % alignment != 0) push_byte(0);
  }

  std::string reversed_;
  std::array<Position, kFieldsMax> fields_{};
  Position table_end_ = 0;
};

}  // namespace tradeassist::interchange
