#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "backtest/backtest.hpp"

/// What a script shows on its chart, as JSON: the part of a report that a page draws.
namespace tradeassist::report {

constexpr std::size_t kPlotBarsMax = 100'000;       // of each plot: the newest
constexpr std::size_t kDrawingPartsMax = 20'000;    // cells of tables and points of polylines, of all together
constexpr std::size_t kScriptTextBytesMax = 4'096;  // of a label, a cell, a message

/// Plots, shapes, fills and colours: what they are, and a value (and a colour) for each of the newest bars. A fill
/// names the plots it lies between by their place in the list.
boost::json::array plots_json(const pine::Program& program, const backtest::RunResult& result);

/// Adds `drawings`, by kind, and `drawings_left_out`. Fields are called as in Pine; `x`, `x1`, `left` and their like
/// are bars of the run, counted from its first, also where the script placed them by time; they may lie beyond both
/// ends.
void add_drawings(boost::json::object& report, const backtest::RunRequest& request, const backtest::RunResult& result);

/// The text, cut between characters where it is too long.
std::string bounded_text(const std::string& text);

}  // namespace tradeassist::report
