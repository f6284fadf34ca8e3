// Matrices: elements, rows and columns, shape, and figures of all elements.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();

/// A row or column number, or a bound that may equal `most`; a fault when it is outside.
std::size_t place(double index, std::size_t most, const char* what, const Object& matrix, CollectionContext& context) {
  const double at = std::trunc(index);
  if (at >= 0 && at <= static_cast<double>(most)) return static_cast<std::size_t>(at);
  context.fault.message =
      fmt::format("{} {:.0f} is outside a matrix of {} rows and {} columns", what, at, matrix.rows, matrix.columns);
  return 0;
}

std::size_t row_of(double index, const Object& matrix, CollectionContext& context) {
  return place(index, matrix.rows == 0 ? 0 : matrix.rows - 1, "row", matrix, context);
}
std::size_t column_of(double index, const Object& matrix, CollectionContext& context) {
  return place(index, matrix.columns == 0 ? 0 : matrix.columns - 1, "column", matrix, context);
}

std::vector<double> row_values(const Object& matrix, std::size_t row) {
  const auto values = matrix.elements.values().subspan(row * matrix.columns, matrix.columns);
  return {values.begin(), values.end()};
}

std::vector<double> column_values(const Object& matrix, std::size_t column) {
  std::vector<double> values(matrix.rows);
  for (std::size_t row = 0; row < matrix.rows; ++row)
    values[row] = matrix.elements.values()[row * matrix.columns + column];
  return values;
}

/// The matrix becomes this one.
void become(Object& matrix, std::size_t rows, std::size_t columns, std::span<const double> values,
            CollectionContext& context) {
  if (!context.heap.may_grow(matrix, values.size(), sizeof(Object) + values.size_bytes(), context.fault)) return;
  matrix.rows = static_cast<std::uint32_t>(rows);
  matrix.columns = static_cast<std::uint32_t>(columns);
  matrix.elements = ElementList(values);
  context.heap.resized(matrix);
}

/// False, with a fault, when a matrix without elements would have more rows or columns than a collection has elements.
bool has_lines(std::size_t count, CollectionContext& context) {
  constexpr std::size_t kLinesMax = 100'000;
  if (count > kLinesMax) {
    context.fault = {fmt::format("a matrix of {} rows or columns is larger than the {} allowed", count, kLinesMax),
                     base::ErrorCode::kResourceExhausted};
  }
  return count <= kLinesMax;
}

/// The values of the array that a new row or column gets; na where there is none.
std::vector<double> line_values(const CollectionCall& call, std::size_t length, bool any_length,
                                CollectionContext& context) {
  const double handle = call.argument(2);
  Object* array = context.heap.find(handle);
  if (array == nullptr) return std::vector<double>(length, kNa);
  const std::span<const double> values = context.heap.elements(*array, context.fault);
  if (context.fault.message.empty() && !any_length && values.size() != length) {
    context.fault.message =
        fmt::format("an array of {} elements does not fit a matrix whose lines have {}", values.size(), length);
  }
  return {values.begin(), values.end()};
}

void add_row(const CollectionCall& call, Object& matrix, CollectionContext& context) {
  const double index = call.argument(1);
  const std::size_t at = index != index ? matrix.rows : place(index, matrix.rows, "row", matrix, context);
  const std::vector<double> line = line_values(call, matrix.columns, matrix.elements.size() == 0, context);
  if (!context.fault.message.empty()) return;
  ElementList& list = matrix.elements;
  if (!context.heap.may_grow(matrix, list.size() + line.size(), sizeof(Object) + list.bytes_after_insert(line.size()),
                             context.fault) ||
      !has_lines(std::size_t{matrix.rows} + 1, context)) {
    return;
  }
  list.insert(std::min(at * matrix.columns, list.size()), line);
  ++matrix.rows;
  matrix.columns = static_cast<std::uint32_t>(line.size());
  context.heap.resized(matrix);
}

void add_column(const CollectionCall& call, Object& matrix, CollectionContext& context) {
  const double index = call.argument(1);
  const std::size_t at = index != index ? matrix.columns : place(index, matrix.columns, "column", matrix, context);
  const std::vector<double> line = line_values(call, matrix.rows, matrix.elements.size() == 0, context);
  if (!context.fault.message.empty() || !has_lines(std::size_t{matrix.columns} + 1, context)) return;
  // Of a matrix that is still empty, the column decides how many rows there are.
  const std::size_t columns =
      matrix.elements.size() == 0 ? (line.size() == matrix.rows ? matrix.columns : 0) : matrix.columns;
  const std::size_t before = std::min(at, columns);
  std::vector<double> values;
  values.reserve(line.size() * (columns + 1));
  for (std::size_t row = 0; row < line.size(); ++row) {
    const auto old =
        columns == 0 ? std::span<const double>() : matrix.elements.values().subspan(row * columns, columns);
    values.insert(values.end(), old.begin(), old.begin() + static_cast<std::ptrdiff_t>(before));
    values.push_back(line[row]);
    values.insert(values.end(), old.begin() + static_cast<std::ptrdiff_t>(before), old.end());
  }
  become(matrix, line.size(), columns + 1, values, context);
}

double remove_line(const CollectionCall& call, Object& matrix, bool is_row, CollectionContext& context) {
  const std::size_t count = is_row ? matrix.rows : matrix.columns;
  const double index = call.argument(1);
  const double last = static_cast<double>(count) - 1;
  const std::size_t at = is_row ? row_of(index == index ? index : last, matrix, context)
                                : column_of(index == index ? index : last, matrix, context);
  if (count == 0) context.fault.message = "the matrix is empty";
  if (!context.fault.message.empty()) return kNa;
  const std::vector<double> removed = is_row ? row_values(matrix, at) : column_values(matrix, at);
  std::vector<double> values;
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    for (std::size_t column = 0; column < matrix.columns; ++column) {
      if ((is_row ? row : column) != at) values.push_back(matrix.elements.values()[row * matrix.columns + column]);
    }
  }
  const pine::ValueType element = matrix.element;
  become(matrix, matrix.rows - (is_row ? 1 : 0), matrix.columns - (is_row ? 0 : 1), values, context);
  return context.heap.make_array(element, removed, context.fault);
}

struct Block {
  std::size_t first_row, last_row, first_column, last_column;  // the last ones excluded
};

Block block_of(const CollectionCall& call, std::uint32_t first, const Object& matrix, CollectionContext& context) {
  const auto bound = [&](std::uint32_t i, std::size_t otherwise, std::size_t most, const char* what) {
    const double value = call.argument(i);
    return value != value ? otherwise : place(value, most, what, matrix, context);
  };
  Block block{bound(first, 0, matrix.rows, "row"), bound(first + 1, matrix.rows, matrix.rows, "row"),
              bound(first + 2, 0, matrix.columns, "column"),
              bound(first + 3, matrix.columns, matrix.columns, "column")};
  block.last_row = std::max(block.first_row, block.last_row);
  block.last_column = std::max(block.first_column, block.last_column);
  return block;
}

double submatrix(const CollectionCall& call, const Object& matrix, CollectionContext& context) {
  const Block block = block_of(call, 1, matrix, context);
  if (!context.fault.message.empty()) return kNa;
  std::vector<double> values;
  for (std::size_t row = block.first_row; row < block.last_row; ++row) {
    for (std::size_t column = block.first_column; column < block.last_column; ++column) {
      values.push_back(matrix.elements.values()[row * matrix.columns + column]);
    }
  }
  return context.heap.make_matrix(matrix.element, block.last_row - block.first_row,
                                  block.last_column - block.first_column, values, context.fault);
}

void reshape(const CollectionCall& call, Object& matrix, CollectionContext& context) {
  const double rows = std::trunc(call.argument(1)), columns = std::trunc(call.argument(2));
  const double count = static_cast<double>(matrix.elements.size());
  if (!(rows >= 0) || !(columns >= 0) || rows * columns != count || std::max(rows, columns) > std::max(count, 1.0)) {
    context.fault.message = fmt::format("a matrix of {} elements cannot become {:.0f} rows of {:.0f}",
                                        matrix.elements.size(), rows, columns);
    return;
  }
  matrix.rows = static_cast<std::uint32_t>(rows);
  matrix.columns = static_cast<std::uint32_t>(columns);
}

void concat(const CollectionCall& call, Object& matrix, CollectionContext& context) {
  const Object* other = matrix_argument(call, 1, context);
  if (other == nullptr) return;
  if (matrix.columns != other->columns && matrix.elements.size() != 0) {
    context.fault.message =
        fmt::format("matrices of {} and {} columns cannot be joined", matrix.columns, other->columns);
    return;
  }
  std::vector<double> values(matrix.elements.values().begin(), matrix.elements.values().end());
  values.insert(values.end(), other->elements.values().begin(), other->elements.values().end());
  const std::size_t rows = (values.size() == other->elements.size() ? 0 : std::size_t{matrix.rows}) + other->rows;
  if (has_lines(rows, context)) become(matrix, rows, other->columns, values, context);
}

void sort_rows(const CollectionCall& call, Object& matrix, CollectionContext& context) {
  const double column = call.argument(1);
  const std::size_t by = column_of(column == column ? column : 0, matrix, context);
  if (!context.fault.message.empty() || matrix.elements.size() == 0) return;
  const bool ascending = call.argument(2) == 1;
  const std::vector<double> before(matrix.elements.values().begin(), matrix.elements.values().end());
  const std::size_t columns = matrix.columns;
  const bool are_texts = matrix.element == pine::ValueType::kString;
  const auto text = [&](double value) -> const std::string& { return context.run->texts.text(value); };
  const auto below = [&](std::size_t first, std::size_t second) {  // na above all numbers and below all strings
    const double a = before[first * columns + by], b = before[second * columns + by];
    if (a != a || b != b) return are_texts ? a != a && b == b : a == a && b != b;
    return are_texts ? text(a) < text(b) : a < b;
  };
  std::vector<std::size_t> rows(matrix.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::ranges::stable_sort(rows, [&](std::size_t a, std::size_t b) { return ascending ? below(a, b) : below(b, a); });
  double* out = matrix.elements.values().data();
  for (const std::size_t row : rows) out = std::copy_n(before.data() + row * columns, columns, out);
}

void swap_lines(const CollectionCall& call, Object& matrix, bool are_rows, CollectionContext& context) {
  const auto at = [&](std::uint32_t i) {
    return are_rows ? row_of(call.argument(i), matrix, context) : column_of(call.argument(i), matrix, context);
  };
  const std::size_t a = at(1), b = at(2);
  if (!context.fault.message.empty() || matrix.elements.size() == 0) return;
  const auto values = matrix.elements.values();
  const std::size_t length = are_rows ? matrix.columns : matrix.rows;
  for (std::size_t i = 0; i < length; ++i) {
    const auto index = [&](std::size_t line) {
      return are_rows ? line * matrix.columns + i : i * matrix.columns + line;
    };
    std::swap(values[index(a)], values[index(b)]);
  }
}

double printed(const CollectionCall& call, const Object& matrix, CollectionContext& context) {
  const std::string format = context.run->texts.text(call.argument(1));
  std::string out;
  for (std::size_t row = 0; row < matrix.rows && out.size() <= context.run->text_length_max; ++row) {
    out += row == 0 ? "[" : "\n[";
    for (std::size_t column = 0; column < matrix.columns && out.size() <= context.run->text_length_max; ++column) {
      out += (column == 0 ? "" : ", ") +
             value_text(matrix.elements.values()[row * matrix.columns + column], matrix.element, format, *context.run);
    }
    out += "]";
  }
  return give_text(std::move(out), context);
}

double make(const CollectionCall& call, CollectionContext& context) {
  const double rows = std::trunc(call.argument(0)), columns = std::trunc(call.argument(1));
  if (!(rows >= 0) || !(columns >= 0)) {
    context.fault.message = fmt::format("a matrix of {:.0f} rows and {:.0f} columns cannot be made", rows, columns);
    return kNa;
  }
  const pine::ValueType element = pine::collection_element(call.index);
  double initial = call.argument(2);
  if (initial != initial && element == pine::ValueType::kBool && context.version() >= 6) initial = 0;
  const auto count = [](double value) { return static_cast<std::size_t>(std::min(value, 1e6)); };
  return context.heap.make_matrix(element, count(rows), count(columns), initial, context.fault);
}

double apply(const CollectionCall& call, Object& matrix, CollectionContext& context) {
  const std::span<double> values = matrix.elements.values();
  const auto element = [&]() -> double* {
    if (call.argument(1) != call.argument(1) || call.argument(2) != call.argument(2)) return nullptr;
    const std::size_t row = row_of(call.argument(1), matrix, context);
    const std::size_t column = column_of(call.argument(2), matrix, context);
    if (values.empty()) context.fault.message = "the matrix is empty";
    return context.fault.message.empty() ? &values[row * matrix.columns + column] : nullptr;
  };
  switch (call.function) {
    case Function::kMatrixGet: {
      const double* at = element();
      return at == nullptr ? kNa : *at;
    }
    case Function::kMatrixSet:
      if (double* at = element()) *at = call.argument(3);
      return kNa;
    case Function::kMatrixRows: return matrix.rows;
    case Function::kMatrixColumns: return matrix.columns;
    case Function::kMatrixElementsCount: return static_cast<double>(values.size());
    case Function::kMatrixRowView: return context.heap.make_row(call.argument(0), call.argument(1), context.fault);
    case Function::kMatrixRow: {
      if (call.argument(1) != call.argument(1)) return kNa;
      const std::size_t row = row_of(call.argument(1), matrix, context);
      if (matrix.rows == 0) context.fault.message = "the matrix is empty";
      return context.fault.message.empty()
                 ? context.heap.make_array(matrix.element, row_values(matrix, row), context.fault)
                 : kNa;
    }
    case Function::kMatrixCol: {
      if (call.argument(1) != call.argument(1)) return kNa;
      const std::size_t column = column_of(call.argument(1), matrix, context);
      if (matrix.columns == 0) context.fault.message = "the matrix is empty";
      return context.fault.message.empty()
                 ? context.heap.make_array(matrix.element, column_values(matrix, column), context.fault)
                 : kNa;
    }
    case Function::kMatrixAddRow: add_row(call, matrix, context); return kNa;
    case Function::kMatrixAddCol: add_column(call, matrix, context); return kNa;
    case Function::kMatrixRemoveRow: return remove_line(call, matrix, true, context);
    case Function::kMatrixRemoveCol: return remove_line(call, matrix, false, context);
    case Function::kMatrixSwapRows: swap_lines(call, matrix, true, context); return kNa;
    case Function::kMatrixSwapColumns: swap_lines(call, matrix, false, context); return kNa;
    case Function::kMatrixFill: {
      const Block block = block_of(call, 2, matrix, context);
      if (!context.fault.message.empty()) return kNa;
      for (std::size_t row = block.first_row; row < block.last_row; ++row) {
        for (std::size_t column = block.first_column; column < block.last_column; ++column) {
          values[row * matrix.columns + column] = call.argument(1);
        }
      }
      return kNa;
    }
    case Function::kMatrixSubmatrix: return submatrix(call, matrix, context);
    case Function::kMatrixReshape: reshape(call, matrix, context); return kNa;
    case Function::kMatrixReverse: std::ranges::reverse(values); return kNa;
    case Function::kMatrixSort: sort_rows(call, matrix, context); return kNa;
    case Function::kMatrixConcat: concat(call, matrix, context); return call.argument(0);
    case Function::kMatrixCopy: return context.heap.copy(call.argument(0), context.fault);
    case Function::kMatrixToString: return printed(call, matrix, context);
    case Function::kMatrixAvg: return figure_of(Function::kArrayAvg, values);
    case Function::kMatrixMax: return figure_of(Function::kArrayMax, values);
    case Function::kMatrixMin: return figure_of(Function::kArrayMin, values);
    case Function::kMatrixMedian: return figure_of(Function::kArrayMedian, values);
    case Function::kMatrixMode: return figure_of(Function::kArrayMode, values);
    default: return matrix_algebra(call, matrix, context);
  }
}

}  // namespace

Object* matrix_argument(const CollectionCall& call, std::uint32_t i, CollectionContext& context) {
  Object* matrix = context.heap.find(call.argument(i));
  if (matrix == nullptr) context.fault.message = "the matrix is na; make one with matrix.new before using it";
  return matrix;
}

void matrix_function(const CollectionCall& call, CollectionContext& context) {
  double result = kNa;
  if (call.function == Function::kMatrixNew) {
    result = make(call, context);
  } else if (Object* matrix = matrix_argument(call, 0, context)) {
    result = apply(call, *matrix, context);
  }
  if (call.out != nullptr) *call.out = result;
}

}  // namespace tradeassist::backtest
