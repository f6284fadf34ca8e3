#pragma once

#include <array>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "backtest/backtest.hpp"
#include "backtest/evaluator/heap/heap.hpp"
#include "backtest/evaluator/text/text_table.hpp"

namespace tradeassist::backtest {

/// The labels, lines, boxes, tables, linefills and polylines of a run: records on its heap, and which of them are
/// there. Of each kind only so many are kept: with one more the oldest is deleted, as on TradingView. Reading a drawing
/// that is na or deleted gives na, changing it does nothing. The heap and the texts must outlive it.
class Drawings {
 public:
  Drawings(Heap& heap, TextTable& texts, const pine::StrategySettings& settings, const pine::Limits& limits);

  double create(pine::Layout layout, std::span<const double> fields, RunFault& fault);
  /// A drawing's copy is one more drawing; a chart.point's is a point.
  double copy(double handle, RunFault& fault);
  void remove(double handle);
  /// An array of those of one kind, oldest first.
  double all(pine::Layout layout, RunFault& fault);

  double get(double handle, std::uint32_t field, RunFault& fault);
  void set(double handle, std::uint32_t field, double value, RunFault& fault);

  /// Height of the straight through both ends of a line at bar index `x`; na for a line placed by time.
  double line_price(double handle, double x, RunFault& fault);

  /// Attributes of a table's cell, from `text` on; na leaves an attribute as it is.
  void change_cell(double table, double column, double row, std::span<const double> attributes, RunFault& fault);
  struct CellRange {
    double start_column, start_row, end_column, end_row;  // inclusive
  };
  void clear_cells(double table, const CellRange& range);
  void merge_cells(double table, const CellRange& range, RunFault& fault);

  /// Takes over which drawings another run's heap, that is now this one's, has.
  void assign(const Drawings& other) {
    there_ = other.there_;
    cells_ = other.cells_;
  }

  /// Everything that is there, for the report.
  std::vector<RecordedDrawing> record();

  /// Every attribute of the tables' cells.
  template <class Visit>
  void for_each_cell_value(Visit visit) const {
    for (const auto& [table, cells] : cells_) {
      for (const auto& [place, values] : cells) {
        for (const double value : values) visit(value);
      }
    }
  }

  /// Handles that keep their objects alive.
  const std::array<std::vector<double>, pine::kDrawingKinds>& roots() const { return there_; }

 private:
  using Cells = std::map<std::pair<int, int>, std::vector<double>>;  // by row and column

  Object* alive(double handle);
  /// Null, with a fault, when there would be more cells than are allowed.
  std::vector<double>* cell(double table, int column, int row, RunFault& fault);
  bool is_inside(double table, double column, double row, RunFault& fault);

  Heap* heap_;
  TextTable* texts_;
  std::array<std::vector<double>, pine::kDrawingKinds> there_;  // by kind, oldest first
  std::array<std::size_t, pine::kDrawingKinds> kept_max_;
  std::size_t polyline_points_max_, table_cells_max_;
  std::map<double, Cells> cells_;  // by table
  std::size_t cell_count_ = 0;     // of all tables
};

}  // namespace tradeassist::backtest
