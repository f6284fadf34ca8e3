#include "backtest/evaluator/drawings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tradeassist::backtest {

using pine::Layout;

namespace {

std::size_t kind_of(Layout layout) { return static_cast<std::size_t>(layout); }
std::uint32_t field(Layout layout, std::string_view name) {
  return static_cast<std::uint32_t>(pine::field_index(layout, name));
}

}  // namespace

Drawings::Drawings(Heap& heap, TextTable& texts, const pine::StrategySettings& settings, const pine::Limits& limits)
    : heap_(&heap),
      texts_(&texts),
      polyline_points_max_(limits.polyline_points_max),
      table_cells_max_(limits.table_cells_max) {
  const auto kept = [](int count, std::uint32_t most) {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(count, 1, std::max(most, 1u)));
  };
  kept_max_[kind_of(Layout::kLabel)] = kept(settings.max_labels_count, limits.labels_max);
  kept_max_[kind_of(Layout::kLine)] = kept(settings.max_lines_count, limits.lines_max);
  kept_max_[kind_of(Layout::kBox)] = kept(settings.max_boxes_count, limits.boxes_max);
  kept_max_[kind_of(Layout::kPolyline)] = kept(settings.max_polylines_count, limits.polylines_max);
  kept_max_[kind_of(Layout::kTable)] = limits.tables_max;
  kept_max_[kind_of(Layout::kLinefill)] = kept_max_[kind_of(Layout::kLine)];
}

Object* Drawings::alive(double handle) {
  Object* object = heap_->find(handle);
  return object == nullptr || object->deleted ? nullptr : object;
}

double Drawings::create(Layout layout, std::span<const double> fields, RunFault& fault) {
  if (layout == Layout::kPolyline) {
    Object* points = heap_->find(fields[0]);
    const std::size_t count = points == nullptr ? 0 : heap_->elements(*points, fault).size();
    if (count > polyline_points_max_) {
      fault = {"a polyline of " + std::to_string(count) + " points has more than the " +
                   std::to_string(polyline_points_max_) + " allowed",
               base::ErrorCode::kResourceExhausted};
    }
    if (!fault.message.empty()) return kNa;
  }
  const double handle = heap_->make_record(static_cast<std::uint32_t>(layout), fields, fault);
  if (layout > Layout::kPolyline || !fault.message.empty()) return handle;
  std::vector<double>& there = there_[kind_of(layout)];
  there.push_back(handle);
  if (there.size() > kept_max_[kind_of(layout)]) remove(there.front());
  return handle;
}

double Drawings::copy(double handle, RunFault& fault) {
  const Object* object = alive(handle);
  if (object == nullptr) return kNa;
  const auto layout = static_cast<Layout>(object->layout);
  const auto values = object->elements.values();
  return create(layout, std::vector<double>(values.begin(), values.end()), fault);
}

void Drawings::remove(double handle) {
  Object* object = alive(handle);
  if (object == nullptr) return;
  object->deleted = true;
  std::erase(there_[object->layout], handle);
  if (const auto cells = cells_.find(handle); cells != cells_.end()) {
    cell_count_ -= cells->second.size();
    cells_.erase(cells);
  }
}

double Drawings::all(Layout layout, RunFault& fault) {
  return heap_->make_array(pine::ValueType::kObject, there_[kind_of(layout)], fault);
}

double Drawings::get(double handle, std::uint32_t at, RunFault& fault) {
  Object* object = alive(handle);
  return object == nullptr ? kNa : heap_->elements(*object, fault)[at];
}

void Drawings::set(double handle, std::uint32_t at, double value, RunFault& fault) {
  if (Object* object = alive(handle)) heap_->elements(*object, fault)[at] = value;
}

double Drawings::line_price(double handle, double x, RunFault& fault) {
  Object* object = alive(handle);
  if (object == nullptr) return kNa;
  const auto values = heap_->elements(*object, fault);
  const auto value = [&](std::string_view name) { return values[field(Layout::kLine, name)]; };
  if (texts_->text(value("xloc")) == "xloc.bar_time") return kNa;
  const double x1 = value("x1"), y1 = value("y1"), x2 = value("x2"), y2 = value("y2");
  return x1 == x2 ? y1 : y1 + (y2 - y1) * (std::trunc(x) - x1) / (x2 - x1);
}

bool Drawings::is_inside(double table, double column, double row, RunFault& fault) {
  Object* object = alive(table);
  if (object == nullptr) return false;
  constexpr double kSideMax = 1e6;  // larger than any table that can have all its cells
  const auto values = heap_->elements(*object, fault);
  const double columns = values[field(Layout::kTable, "columns")], rows = values[field(Layout::kTable, "rows")];
  if (column >= 0 && column < std::min(columns, kSideMax) && row >= 0 && row < std::min(rows, kSideMax)) return true;
  fault.message = fmt::format("cell ({:.0f}, {:.0f}) is outside a table of {:.0f} columns and {:.0f} rows",
                              std::trunc(column), std::trunc(row), columns, rows);
  return false;
}

std::vector<double>* Drawings::cell(double table, int column, int row, RunFault& fault) {
  Cells& cells = cells_[table];
  const auto found = cells.find({row, column});
  if (found != cells.end()) return &found->second;
  if (cell_count_ >= table_cells_max_) {
    fault = {fmt::format("the tables have more than the {} cells allowed", table_cells_max_),
             base::ErrorCode::kResourceExhausted};
    return nullptr;
  }
  ++cell_count_;
  std::vector<double>& fields = cells[{row, column}];
  fields.assign(pine::fields_of(Layout::kTableCell).size(), kNa);
  fields[field(Layout::kTableCell, "column")] = column;
  fields[field(Layout::kTableCell, "row")] = row;
  return &fields;
}

void Drawings::change_cell(double table, double column, double row, std::span<const double> attributes,
                           RunFault& fault) {
  if (!is_inside(table, column, row, fault)) return;
  std::vector<double>* fields = cell(table, static_cast<int>(column), static_cast<int>(row), fault);
  if (fields == nullptr) return;
  const std::size_t first = field(Layout::kTableCell, "text");
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i] == attributes[i]) (*fields)[first + i] = attributes[i];
  }
}

void Drawings::clear_cells(double table, const CellRange& range) {
  const auto cells = cells_.find(table);
  if (cells == cells_.end()) return;
  const double end_column = range.end_column == range.end_column ? range.end_column : range.start_column;
  const double end_row = range.end_row == range.end_row ? range.end_row : range.start_row;
  cell_count_ -= std::erase_if(cells->second, [&](const auto& entry) {
    const auto [row, column] = entry.first;
    return row >= range.start_row && row <= end_row && column >= range.start_column && column <= end_column;
  });
}

void Drawings::merge_cells(double table, const CellRange& range, RunFault& fault) {
  if (!is_inside(table, range.start_column, range.start_row, fault) ||
      !is_inside(table, range.end_column, range.end_row, fault)) {
    return;
  }
  std::vector<double>* fields =
      cell(table, static_cast<int>(range.start_column), static_cast<int>(range.start_row), fault);
  if (fields == nullptr) return;
  (*fields)[field(Layout::kTableCell, "end_column")] = range.end_column;
  (*fields)[field(Layout::kTableCell, "end_row")] = range.end_row;
}

std::vector<RecordedDrawing> Drawings::record() {
  std::vector<RecordedDrawing> recorded;
  std::map<double, double> line_numbers;  // where a linefill finds its lines
  RunFault fault;
  for (std::uint32_t kind = 0; kind < pine::kDrawingKinds; ++kind) {
    for (const double handle : there_[kind]) {
      Object* object = alive(handle);
      const auto values = heap_->elements(*object, fault);
      RecordedDrawing made;
      made.layout = static_cast<Layout>(kind);
      made.fields.assign(values.begin(), values.end());
      if (made.layout == Layout::kLine) line_numbers[handle] = static_cast<double>(recorded.size());
      if (made.layout == Layout::kLinefill) {
        for (double& line : std::span(made.fields).first(2)) {
          const auto found = line_numbers.find(line);
          line = found == line_numbers.end() ? kNa : found->second;
        }
      }
      if (made.layout == Layout::kTable) {
        if (const auto cells = cells_.find(handle); cells != cells_.end()) {
          for (const auto& [place, fields] : cells->second) made.parts.push_back(fields);
        }
      }
      if (made.layout == Layout::kPolyline) {
        Object* points = heap_->find(made.fields[0]);
        made.fields[0] = kNa;
        const auto handles = points == nullptr ? std::span<double>() : heap_->elements(*points, fault);
        for (const double point : std::vector<double>(handles.begin(), handles.end())) {
          Object* at = heap_->find(point);
          if (at == nullptr) continue;
          const auto place = heap_->elements(*at, fault);
          made.parts.emplace_back(place.begin(), place.end());
        }
      }
      recorded.push_back(std::move(made));
    }
  }
  return recorded;
}

}  // namespace tradeassist::backtest
