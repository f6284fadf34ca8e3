#include "interchange/arrow/arrow_stream.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "interchange/arrow/flatbuffer.hpp"
#include "interchange/testing/series.hpp"

namespace tradeassist::interchange {
namespace {

/// Reads a FlatBuffers table by the format's rules, apart from the builder: the reader that the tests trust.
struct TableView {
  const char* bytes;
  std::size_t at;

  template <class T>
  static T load(const char* from) {
    T value;
    std::memcpy(&value, from, sizeof(T));
    return value;
  }
  static TableView root(const char* bytes) { return {bytes, load<std::uint32_t>(bytes)}; }
  /// Where the field lies; 0 when it is not there.
  std::size_t place(std::size_t number) const {
    const std::size_t vtable = at - static_cast<std::size_t>(load<std::int32_t>(bytes + at));
    const auto size = load<std::uint16_t>(bytes + vtable);
    if (4 + 2 * number >= size) return 0;
    const auto offset = load<std::uint16_t>(bytes + vtable + 4 + 2 * number);
    return offset == 0 ? 0 : at + offset;
  }
  template <class T>
  T field(std::size_t number) const {
    const std::size_t from = place(number);
    return from == 0 ? T{} : load<T>(bytes + from);
  }
  std::size_t target(std::size_t number) const {
    const std::size_t from = place(number);
    return from + load<std::uint32_t>(bytes + from);
  }
  TableView table(std::size_t number) const { return {bytes, target(number)}; }
  std::string text(std::size_t number) const {
    const std::size_t from = target(number);
    return {bytes + from + 4, load<std::uint32_t>(bytes + from)};
  }
  std::size_t count(std::size_t number) const { return load<std::uint32_t>(bytes + target(number)); }
  TableView element(std::size_t number, std::size_t index) const {
    const std::size_t from = target(number) + 4 + 4 * index;
    return {bytes, from + load<std::uint32_t>(bytes + from)};
  }
};

SeriesMetadata metadata() {
  return {.symbol = "ES'Z\"25",
          .source = "csv",
          .time_zone = "America/Chicago",
          .timeframe = "5m",
          .exported_at = base::time_from_nanoseconds(1'577'923'200'000'000'000)};
}

/// The bars of a stream, and its schema checked on the way; with the optional columns of `like`.
market::Series read_stream(const std::string& stream, const market::Series& like) {
  market::Series series;
  std::vector<market::ValueColumn> value_columns;
  market::for_each_value_column(like, [&](market::ValueColumn column) { value_columns.push_back(column); });
  std::size_t at = 0;
  bool schema_seen = false;
  for (;;) {
    EXPECT_EQ(at % 8, 0U);
    EXPECT_EQ(TableView::load<std::uint32_t>(stream.data() + at), 0xFFFFFFFFU);
    const auto metadata_bytes = TableView::load<std::uint32_t>(stream.data() + at + 4);
    at += 8;
    if (metadata_bytes == 0) break;
    EXPECT_EQ(metadata_bytes % 8, 0U);
    const TableView message = TableView::root(stream.data() + at);
    EXPECT_EQ(message.field<std::int16_t>(0), 4);
    const auto body_bytes = static_cast<std::size_t>(message.field<std::int64_t>(3));
    const std::size_t body = at + metadata_bytes;
    const TableView header = message.table(2);
    if (!schema_seen) {
      schema_seen = true;
      EXPECT_EQ(message.field<std::uint8_t>(1), 1);
      EXPECT_EQ(header.count(1), value_columns.size() + 1);
      EXPECT_EQ(header.element(1, 0).text(0), "time");
      EXPECT_EQ(header.element(1, 0).field<std::uint8_t>(2), 10);
      EXPECT_EQ(header.element(1, 0).table(3).field<std::int16_t>(0), 3);
      EXPECT_EQ(header.element(1, 0).table(3).text(1), "UTC");
      EXPECT_EQ(header.element(1, 5).text(0), "volume");
      EXPECT_EQ(header.element(1, 5).table(3).field<std::int16_t>(0), 2);
      if (value_columns.size() > 5) {
        EXPECT_EQ(header.element(1, 6).text(0), "open_interest");
        EXPECT_EQ(header.element(1, value_columns.size()).text(0), "vwap");
      }
      EXPECT_EQ(header.element(2, 0).text(0), "symbol");
      EXPECT_EQ(header.element(2, 0).text(1), "ES'Z\"25");
    } else {
      EXPECT_EQ(message.field<std::uint8_t>(1), 3);
      const auto rows = static_cast<std::size_t>(header.field<std::int64_t>(0));
      EXPECT_EQ(header.count(1), value_columns.size() + 1);
      EXPECT_EQ(header.count(2), 2 * (value_columns.size() + 1));
      const std::size_t before = series.size();
      series.resize(before + rows);
      const char* const buffers = stream.data() + at + (header.target(2) + 4);
      const auto copy = [&](std::size_t column, auto* to) {
        const auto offset = TableView::load<std::int64_t>(buffers + (2 * column + 1) * 16);
        const auto bytes = TableView::load<std::int64_t>(buffers + (2 * column + 1) * 16 + 8);
        EXPECT_EQ(offset % 8, 0);
        EXPECT_EQ(static_cast<std::size_t>(bytes), rows * 8);
        std::memcpy(to + before, stream.data() + body + offset, rows * 8);
      };
      copy(0, series.time.data());
      for (std::size_t i = 0; i < value_columns.size(); ++i) {
        (series.*value_columns[i]).resize(series.size());
        copy(i + 1, (series.*value_columns[i]).data());
      }
    }
    at = body + body_bytes;
  }
  EXPECT_EQ(at, stream.size());
  return series;
}

TEST(ArrowStream, carries_every_bit_of_bars_in_batches) {
  for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{7}, kArrowBatchRows + 3}) {
    const market::Series given = testing::difficult_series(rows, static_cast<unsigned>(rows));
    const market::Series back = read_stream(arrow_stream({given, metadata()}), given);
    EXPECT_TRUE(market::is_same(back, given));
  }
}

TEST(Flatbuffer, aligns_numbers_and_finds_strings_of_every_length) {
  for (std::size_t length = 0; length < 20; ++length) {
    FlatbufferBuilder builder;
    const auto text = builder.add_string(std::string(length, 'x'));
    builder.start_table();
    builder.add_reference(1, text);
    builder.add_field<std::int64_t>(2, -5);
    builder.add_field<std::uint8_t>(0, 7);
    const std::string bytes = builder.finish(builder.end_table());
    EXPECT_EQ(bytes.size() % 8, 0U);
    const TableView table = TableView::root(bytes.data());
    EXPECT_EQ(table.field<std::uint8_t>(0), 7);
    EXPECT_EQ(table.text(1), std::string(length, 'x'));
    EXPECT_EQ(table.field<std::int64_t>(2), -5);
    EXPECT_EQ(table.place(2) % 8, 0U);
    EXPECT_EQ(table.place(3), 0U);
  }
}

}  // namespace
}  // namespace tradeassist::interchange
