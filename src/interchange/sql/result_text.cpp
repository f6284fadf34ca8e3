#include "interchange/sql/result_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <functional>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "interchange/sql/cell_text.hpp"

namespace tradeassist::interchange {
namespace {

/// Calls `cell(column, text)` for each value, nothing for NULL, and `end_row()` after each row. False when there are
/// more than `rows_max`.
base::Result<bool> for_each_cell(QueryResult& result, std::int64_t rows_max, std::int64_t& rows,
                                 const std::function<void(std::size_t, const std::string*)>& cell,
                                 const std::function<void()>& end_row) {
  std::string text;
  for (;;) {
    TRY_ASSIGN(const auto chunk, result.next());
    if (!chunk) return true;
    for (std::size_t row = 0; row < chunk->rows(); ++row) {
      if (rows == rows_max) return false;
      for (std::size_t i = 0; i < result.columns().size(); ++i) {
        const bool is_there = is_valid(chunk->validity(i), row);
        text.clear();
        if (is_there) {
          auto appended = append_cell(text, result.columns()[i].type, chunk->data(i), row);
          if (!appended)
            return base::in_context(fmt::format("column '{}', row {}", result.columns()[i].name, rows + 1),
                                    std::move(appended).error());
        }
        cell(i, is_there ? &text : nullptr);
      }
      end_row();
      ++rows;
    }
  }
}

std::unexpected<base::Error> too_many(std::int64_t rows_max) {
  return base::failure(
      base::ErrorCode::kResourceExhausted,
      fmt::format("the result has more than {} rows; aggregate, add LIMIT, or raise --rows-max", rows_max));
}

/// Columns of a terminal that a text takes: bytes that begin a character.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_finite_text(std::string_view number) {
  return number.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
}

}  // namespace

base::Result<EncodedResult> result_table(QueryResult& result, std::int64_t rows_max) {
  const std::size_t columns = result.columns().size();
  std::vector<std::vector<std::string>> rows(1);
  for (const QueryResult::Column& column : result.columns()) rows[0].push_back(column.name);
  rows.emplace_back();
  EncodedResult encoded;
  TRY_ASSIGN(const bool whole, for_each_cell(
                                   result, rows_max, encoded.rows,
                                   [&](std::size_t, const std::string* text) {
                                     std::string shown = text == nullptr ? "" : *text;
                                     std::ranges::replace(shown, '\n', ' ');
                                     rows.back().push_back(std::move(shown));
                                   },
                                   [&] { rows.emplace_back(); }));
  rows.pop_back();
  encoded.is_cut = !whole;
  std::vector<std::size_t> widths(columns, 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (std::size_t at = 0; at < rows.size(); ++at) {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) {
      const std::string padding(widths[i] - width_of(rows[at][i]), ' ');
      const bool right = kind_of(result.columns()[i].type) == CellKind::kNumber;
      line += (i == 0 ? "" : "  ") + (right ? padding + rows[at][i] : rows[at][i] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    encoded.bytes += line + "\n";
    if (at > 0) continue;
    line.clear();
    for (std::size_t i = 0; i < columns; ++i) line += (i == 0 ? "" : "  ") + std::string(widths[i], '-');
    encoded.bytes += line + "\n";
  }
  return encoded;
}

base::Result<EncodedResult> result_csv(QueryResult& result, std::int64_t rows_max) {
  EncodedResult encoded;
  std::string& out = encoded.bytes;
  for (std::size_t i = 0; i < result.columns().size(); ++i) {
    if (i > 0) out += ',';
    base::append_csv_foreign_text(out, result.columns()[i].name);
  }
  out += '\n';
  TRY_ASSIGN(const bool whole, for_each_cell(
                                   result, rows_max, encoded.rows,
                                   [&](std::size_t i, const std::string* text) {
                                     if (i > 0) out += ',';
                                     if (text != nullptr) base::append_csv_foreign_text(out, *text);
                                   },
                                   [&] { out += '\n'; }));
  if (!whole) return too_many(rows_max);
  return encoded;
}

base::Result<EncodedResult> result_json(QueryResult& result, std::int64_t rows_max) {
  EncodedResult encoded;
  std::string& out = encoded.bytes;
  std::vector<std::string> names;
  for (const QueryResult::Column& column : result.columns())
    names.push_back(base::json_text(boost::json::value(column.name)) + ":");
  out += '[';
  TRY_ASSIGN(const bool whole, for_each_cell(
                                   result, rows_max, encoded.rows,
                                   [&](std::size_t i, const std::string* text) {
                                     out += i > 0 ? "," : encoded.rows == 0 ? "\n{" : ",\n{";
                                     out += names[i];
                                     const CellKind kind = kind_of(result.columns()[i].type);
                                     if (text == nullptr || (kind == CellKind::kNumber && !is_finite_text(*text))) {
                                       out += "null";
                                     } else if (kind == CellKind::kNumber || kind == CellKind::kBoolean) {
                                       out += *text;
                                     } else {
                                       out += base::json_text(boost::json::value(*text));
                                     }
                                   },
                                   [&] { out += '}'; }));
  if (!whole) return too_many(rows_max);
  out += encoded.rows == 0 ? "]\n" : "\n]\n";
  return encoded;
}

}  // namespace tradeassist::interchange
