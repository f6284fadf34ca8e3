#include "interchange/arrow/arrow_stream.hpp"

#include <algorithm>
#include <vector>

#include "interchange/arrow/flatbuffer.hpp"

namespace tradeassist::interchange {
namespace {

using Position = FlatbufferBuilder::Position;

// Numbers of the format's schema: format/Schema.fbs and format/Message.fbs of apache/arrow.
constexpr std::int16_t kVersion5 = 4;
constexpr std::uint8_t kHeaderSchema = 1, kHeaderRecordBatch = 3;
constexpr std::uint8_t kTypeInt = 2, kTypeFloatingPoint = 3, kTypeUtf8 = 5, kTypeBool = 6, kTypeDate = 8,
                       kTypeTimestamp = 10;
constexpr std::uint32_t kContinuation = 0xFFFFFFFF;

void append_number(std::string& out, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(number >> shift));
}

/// A message's framing and metadata; its body follows.
std::string message(FlatbufferBuilder& builder, std::uint8_t header_type, Position header, std::int64_t body_bytes) {
  builder.start_table();
  builder.add_field<std::int64_t>(3, body_bytes);
  builder.add_reference(2, header);
  builder.add_field<std::int16_t>(0, kVersion5);
  builder.add_field<std::uint8_t>(1, header_type);
  const std::string metadata = builder.finish(builder.end_table());
  std::string out;
  append_number(out, kContinuation);
  append_number(out, static_cast<std::uint32_t>(metadata.size()));
  return out + metadata;
}

struct TypeTable {
  std::uint8_t kind;
  Position table;
};

TypeTable add_type(FlatbufferBuilder& builder, const ArrowField& field) {
  const auto at = static_cast<int>(field.type);
  if (field.type == ArrowType::kBoolean || field.type == ArrowType::kText) {
    builder.start_table();
    return {field.type == ArrowType::kText ? kTypeUtf8 : kTypeBool, builder.end_table()};
  }
  if (field.type <= ArrowType::kUInt64) {
    const int first = static_cast<int>(ArrowType::kInt8);
    builder.start_table();
    builder.add_field<std::int32_t>(0, 8 << ((at - first) % 4));
    builder.add_field<std::uint8_t>(1, field.type <= ArrowType::kInt64);
    return {kTypeInt, builder.end_table()};
  }
  if (field.type <= ArrowType::kDouble) {
    builder.start_table();
    builder.add_field<std::int16_t>(0, field.type == ArrowType::kFloat ? 1 : 2);
    return {kTypeFloatingPoint, builder.end_table()};
  }
  if (field.type == ArrowType::kDate) {
    builder.start_table();
    builder.add_field<std::int16_t>(0, 0);  // days
    return {kTypeDate, builder.end_table()};
  }
  const Position zone = field.time_zone.empty() ? 0 : builder.add_string(field.time_zone);
  builder.start_table();
  if (zone != 0) builder.add_reference(1, zone);
  builder.add_field<std::int16_t>(0, static_cast<std::int16_t>(at - static_cast<int>(ArrowType::kTimestampSeconds)));
  return {kTypeTimestamp, builder.end_table()};
}

Position add_entries(FlatbufferBuilder& builder, const ArrowMetadata& metadata) {
  std::vector<Position> entries;
  for (const auto& [name, value] : metadata) {
    const Position key = builder.add_string(name);
    const Position text = builder.add_string(value);
    builder.start_table();
    builder.add_reference(1, text);
    builder.add_reference(0, key);
    entries.push_back(builder.end_table());
  }
  return builder.add_vector(entries);
}

std::size_t padded(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

template <class Column>
std::string_view bytes_of(const Column& column, std::size_t first, std::size_t count) {
  return {reinterpret_cast<const char*>(column.data() + first), count * sizeof(*column.data())};
}

/// A column of texts, in Arrow's layout.
struct TextBuffers {
  std::string validity, offsets, values;
  std::int64_t null_count = 0;
};

TextBuffers texts_of(const WordColumn& column, std::size_t first, std::size_t rows) {
  TextBuffers text;
  text.validity.assign((rows + 7) / 8, '\0');
  text.offsets.reserve((rows + 1) * sizeof(std::uint32_t));
  append_number(text.offsets, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    if (const std::uint32_t word = column.word[first + row]; word == kNoWord) {
      ++text.null_count;
    } else {
      text.values += column.words[word];
      text.validity[row / 8] = static_cast<char>(text.validity[row / 8] | 1 << (row % 8));
    }
    append_number(text.offsets, static_cast<std::uint32_t>(text.values.size()));
  }
  return text;
}

}  // namespace

std::string arrow_schema(std::span<const ArrowField> fields, const ArrowMetadata& metadata) {
  FlatbufferBuilder builder;
  std::vector<Position> tables;
  for (const ArrowField& field : fields) {
    const Position name = builder.add_string(field.name);
    const Position children = builder.add_vector({});  // readers want it there, though it is empty
    const TypeTable type = add_type(builder, field);
    builder.start_table();
    builder.add_reference(5, children);
    builder.add_reference(3, type.table);
    builder.add_reference(0, name);
    builder.add_field<std::uint8_t>(2, type.kind);
    builder.add_field<std::uint8_t>(1, 1);  // nullable
    tables.push_back(builder.end_table());
  }
  const Position entries = add_entries(builder, metadata);
  const Position all = builder.add_vector(tables);
  builder.start_table();
  builder.add_reference(2, entries);
  builder.add_reference(1, all);
  builder.add_field<std::int16_t>(0, 0);  // little endian
  const Position schema = builder.end_table();
  return message(builder, kHeaderSchema, schema, 0);
}

void append_arrow_batch(std::string& stream, std::size_t rows, std::span<const ArrowColumn> columns) {
  std::vector<std::int64_t> nodes, buffers;
  std::vector<std::string_view> parts;
  std::size_t body_bytes = 0;
  const auto add_buffer = [&](std::string_view bytes) {
    buffers.push_back(static_cast<std::int64_t>(body_bytes));
    buffers.push_back(static_cast<std::int64_t>(bytes.size()));
    parts.push_back(bytes);
    body_bytes += padded(bytes.size());
  };
  for (const ArrowColumn& column : columns) {
    nodes.push_back(static_cast<std::int64_t>(rows));
    nodes.push_back(column.null_count);
    add_buffer(column.null_count == 0 ? std::string_view() : column.validity);
    if (!column.offsets.empty()) add_buffer(column.offsets);
    add_buffer(column.values);
  }
  FlatbufferBuilder builder;
  const Position buffer_vector = builder.add_structs(buffers, buffers.size() / 2);
  const Position node_vector = builder.add_structs(nodes, nodes.size() / 2);
  builder.start_table();
  builder.add_field<std::int64_t>(0, static_cast<std::int64_t>(rows));
  builder.add_reference(1, node_vector);
  builder.add_reference(2, buffer_vector);
  const Position batch = builder.end_table();
  stream += message(builder, kHeaderRecordBatch, batch, static_cast<std::int64_t>(body_bytes));
  for (const std::string_view part : parts) {
    stream += part;
    stream.append(padded(part.size()) - part.size(), '\0');
  }
}

void append_arrow_end(std::string& stream) {
  append_number(stream, kContinuation);
  append_number(stream, 0);
}

std::string arrow_stream(const BarTable& table) {
  const market::Series& series = table.series;
  std::vector<ArrowField> fields = {
      {"time", ArrowType::kTimestampNanoseconds, "UTC"}, {"open"}, {"high"}, {"low"}, {"close"}, {"volume"}};
  for (std::size_t i = 0; i < market::kOptionalColumns.size(); ++i) {
    if (market::is_present(series, market::kOptionalColumns[i])) {
      fields.push_back({std::string(market::kOptionalColumnNames[i])});
    }
  }
  for (const NumberColumn& column : table.numbers) fields.push_back({column.name});
  for (const WordColumn& column : table.words) fields.push_back({column.name, ArrowType::kText});
  std::string stream = arrow_schema(fields, metadata_entries(table.metadata));
  stream.reserve(stream.size() + series.size() * fields.size() * 8 + 4096);
  for (std::size_t first = 0; first < series.size(); first += kArrowBatchRows) {
    const std::size_t rows = std::min(kArrowBatchRows, series.size() - first);
    std::vector<ArrowColumn> columns = {{.values = bytes_of(series.time, first, rows)}};
    market::for_each_value_column(series, [&](market::ValueColumn column) {
      columns.push_back({.values = bytes_of(series.*column, first, rows)});
    });
    for (const NumberColumn& column : table.numbers)
      columns.push_back({.values = bytes_of(column.values, first, rows)});
    std::vector<TextBuffers> texts;
    texts.reserve(table.words.size());  // the views stay
    for (const WordColumn& column : table.words) {
      const TextBuffers& text = texts.emplace_back(texts_of(column, first, rows));
      columns.push_back({text.null_count, text.validity, text.offsets, text.values});
    }
    append_arrow_batch(stream, rows, columns);
  }
  append_arrow_end(stream);
  return stream;
}

}  // namespace tradeassist::interchange
