#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "interchange/parquet/memory_file.hpp"
#include "report/export/tables/result_table.hpp"
#include "report/export/tables/sheet.hpp"

namespace tradeassist::report {
namespace {

constexpr std::size_t kTextMax = 32'767;  // letters of a cell
constexpr double kUnixEpoch = 25'569;     // 1970-01-01 as a day of a sheet

struct Formats {
  lxw_format* header;
  lxw_format* time;
};

/// Writes one cell; what a sheet has no value for stays empty.
struct SheetCell {
  lxw_worksheet* sheet;
  lxw_row_t row;
  lxw_col_t column;
  const Formats& formats;

  lxw_error operator()(std::monostate) const { return LXW_NO_ERROR; }
  lxw_error operator()(const std::string& text) const {
    // Bytes are at least as many as letters; cut at the start of a letter.
    std::size_t size = std::min(text.size(), kTextMax);
    while (size > 0 && size < text.size() && (text[size] & 0xC0) == 0x80) --size;
    return worksheet_write_string(sheet, row, column, text.substr(0, size).c_str(), nullptr);
  }
  lxw_error operator()(double number) const {
    if (!std::isfinite(number)) return LXW_NO_ERROR;
    return worksheet_write_number(sheet, row, column, number, nullptr);
  }
  lxw_error operator()(std::int64_t number) const { return (*this)(static_cast<double>(number)); }
  lxw_error operator()(bool flag) const { return worksheet_write_boolean(sheet, row, column, flag, nullptr); }
  lxw_error operator()(base::Time time) const {
    const double day =
        kUnixEpoch + static_cast<double>(base::to_nanoseconds(time)) / static_cast<double>(base::kNanosecondsPerDay);
    if (day < 61) return (*this)(base::format_time(time));  // sheets count days from 1900, and that year wrongly
    return worksheet_write_number(sheet, row, column, day, formats.time);
  }
};

double width_of(const ResultTable::Column& column) {
  const double title = static_cast<double>(column.name.size()) + 2;
  switch (column.kind) {
    case ResultTable::Kind::kTime: return std::max(title, 20.0);
    case ResultTable::Kind::kText: return std::max(title, 14.0);
    default: return std::max(title, 11.0);
  }
}

using Cell = std::function<ResultTable::Value(std::size_t, std::size_t)>;

lxw_error fill(lxw_worksheet* sheet, const std::vector<ResultTable::Column>& columns, std::size_t rows,
               const Cell& cell, const Formats& formats) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto column = static_cast<lxw_col_t>(i);
    worksheet_set_column(sheet, column, column, width_of(columns[i]), nullptr);
    const lxw_error error = worksheet_write_string(sheet, 0, column, columns[i].name.c_str(), formats.header);
    if (error != LXW_NO_ERROR) return error;
  }
  worksheet_freeze_panes(sheet, 1, 0);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const SheetCell to{sheet, static_cast<lxw_row_t>(i + 1), static_cast<lxw_col_t>(k), formats};
      if (const lxw_error error = std::visit(to, cell(i, k)); error != LXW_NO_ERROR) return error;
    }
  }
  return LXW_NO_ERROR;
}

}  // namespace

base::Result<std::string> sheet_xlsx(const std::string& title, const std::vector<ResultTable::Column>& columns,
                                     std::size_t rows, const Cell& cell) {
  if (rows > kSheetRowsMax) {
    return base::failure(base::ErrorCode::kResourceExhausted, "XLSX: " + std::to_string(rows) +
                                                                  " rows are more than a sheet has (1048575); "
                                                                  "write CSV or Parquet");
  }
  TRY_ASSIGN(const interchange::MemoryFile file, interchange::MemoryFile::create());
  const std::string path = file.path();
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;  // rows go out as they come
  lxw_workbook* workbook = workbook_new_opt(path.c_str(), &options);
  if (workbook == nullptr) return base::failure(base::ErrorCode::kResourceExhausted, "XLSX: no memory for a workbook");
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, title.c_str());
  Formats formats{workbook_add_format(workbook), workbook_add_format(workbook)};
  format_set_bold(formats.header);
  format_set_bottom(formats.header, LXW_BORDER_THIN);
  format_set_num_format(formats.time, "yyyy-mm-dd hh:mm:ss");
  const lxw_error filled =
      sheet == nullptr ? LXW_ERROR_PARAMETER_VALIDATION : fill(sheet, columns, rows, cell, formats);
  const lxw_error closed = workbook_close(workbook);  // frees it in any case
  const lxw_error error = filled != LXW_NO_ERROR ? filled : closed;
  if (error != LXW_NO_ERROR) {
    return base::failure(base::ErrorCode::kIo, std::string("XLSX: ") + lxw_strerror(error));
  }
  return file.read();
}

base::Result<std::string> to_xlsx(const ResultTable& table) {
  return sheet_xlsx(table.title, table.columns, table.rows.size(),
                    [&](std::size_t row, std::size_t column) { return table.rows[row][column]; });
}

}  // namespace tradeassist::report
