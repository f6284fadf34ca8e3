#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "backtest/broker.hpp"
#include "backtest/series_source.hpp"
#include "base/result.hpp"
#include "market/instrument.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::backtest {

class SharedColumns;

/// A value given for an input: a number (int, float, bool as 0/1, colour, time) or text (string kinds, source names).
using InputValue = std::variant<double, std::string>;

/// Values by input name (or title); inputs not named keep their default.
struct InputAssignment {
  std::string name;
  InputValue value;
};

/// Values in the order of Program::inputs, ready to run.
using InputVector = std::vector<InputValue>;

/// Defaults overridden by the assignments. Unknown names, values outside minval/maxval or the options, and wrong types
/// are kInvalidArgument naming the input and what it accepts.
base::Result<InputVector> bind_inputs(const pine::Program& program, const std::vector<InputAssignment>& assignments);

/// What a run needs beside the program. `series` must be ascending; `trade_from_bar`: orders before it are ignored.
struct RunRequest {
  const pine::Program* program = nullptr;
  InputVector inputs;               // from bind_inputs
  pine::StrategySettings settings;  // usually program->settings with overrides
  const market::Series* series = nullptr;
  market::Instrument instrument;
  market::Timeframe timeframe;
  SeriesSource source;  // of other symbols and finer timeframes; may be empty
  std::size_t trade_from_bar = 0;
  pine::Limits limits;
  bool missing_bars_are_na = false;  // a request.security() without bars gives na and a warning; else it is an error
  bool columns = true;               // false: every operation on every bar, the reference for what is faster
  bool record_outputs = false;       // keep plots
  bool record_equity = true;         // keep the equity curve
  SharedColumns* shared_columns = nullptr;  // of runs over this very series, instrument and timeframe; outlives them
  std::stop_token stop;
};

/// One output's values, one double a bar (NaN where nothing was shown).
struct OutputColumn {
  std::uint32_t output = 0;  // index into Program::outputs
  std::vector<double> values;
  std::vector<double> colors;           // 0xRRGGBBAA as a number; empty when constant
  std::vector<double> open, high, low;  // of candles and bars, whose closes are `values`
  int offset = 0;                       // bars to the right of where the values were computed
};

/// A drawing that is there at the end of the run.
struct RecordedDrawing {
  pine::Layout layout = pine::Layout::kLabel;
  std::vector<double> fields;              // by pine::fields_of(layout); strings by their number in RunResult::texts
  std::vector<std::vector<double>> parts;  // cells of a table (kTableCell), points of a polyline (kChartPoint)
};

struct ScriptMessage {
  std::uint32_t bar = 0;
  std::uint32_t output = 0;  // index into Program::outputs: an alert or a log
  std::string text;
};

struct RunResult {
  std::vector<Trade> trades;         // closed, in order of closing, then open ones valued at the last close
  std::size_t open_trade_count = 0;  // how many of them, at the end, are open
  std::vector<double> equity;        // initial capital + net profit + open profit at each close; empty if not asked
  std::vector<std::string> texts;    // TextId → string
  std::vector<OutputColumn> outputs;
  std::vector<RecordedDrawing> drawings;  // with record_outputs; a linefill names its lines by their place in the list
  std::vector<ScriptMessage> messages;    // alert, log.*; at most Limits::messages_max
  std::uint64_t messages_left_out = 0;    // beyond them
  RejectionCounts rejections;
  std::uint64_t orders_placed = 0;          // less those that were declined when they were to fill
  std::vector<std::string> warnings;        // what was asked for and could not be had, though the run went on
  double max_drawdown = 0, max_run_up = 0;  // strategy.max_drawdown / max_runup at the end
  double max_drawdown_percent = 0;          // the largest of the same falls, each in percent of the peak it fell from
  double max_contracts_held = 0, max_contracts_held_long = 0, max_contracts_held_short = 0;
};

/// The currency that money is counted in: of the declaration, or else the instrument's.
std::string account_currency(const pine::StrategySettings& settings, const market::Instrument& instrument);

/// Runs the program bar by bar over the series with the broker emulator. Same request, same result to the bit, on any
/// thread. Errors: runtime.error and exceeded limits (kInvalidArgument / kResourceExhausted with file:line:column),
/// kCancelled. Thread-safe: the program and the series are only read.
base::Result<RunResult> run(const RunRequest& request);

}  // namespace tradeassist::backtest
