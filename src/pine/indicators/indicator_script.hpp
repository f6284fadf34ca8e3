#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pine/libraries/library_finder.hpp"
#include "pine/program/program.hpp"

/// Many indicators and expressions as one Pine script, which computes them all in one pass over the bars.
namespace tradeassist::pine {

// Bounds of one request.
constexpr std::size_t kIndicatorCallsMax = 50;              // indicators and expressions together
constexpr std::size_t kIndicatorExpressionBytesMax = 4096;  // of one expression
constexpr std::size_t kColumnNameBytesMax = 64;             // of a name that is given with `as`
constexpr std::size_t kIndicatorColumnsMax = 200;           // of a script

/// An indicator of the table. `place` and `parameter_place` + a parameter's name say in errors what the caller wrote:
/// JSON pointers, names of a query, options.
struct IndicatorCall {
  std::string name;
  std::map<std::string, std::string> parameters;  // as text; the others keep their defaults
  std::string as;                                 // name of its column, or what its columns' names begin with
  std::string place, parameter_place;
};

/// One line of Pine that gives a number or a bool; its column holds 1 and 0 for true and false.
struct ExpressionCall {
  std::string source;
  std::string as;  // empty: the source is the name
  std::string place;
};

/// What is wrong with a request, and where: the place of the call, and in its own text line and column (0: none).
struct IndicatorError {
  std::string place, message, hint;
  unsigned line = 0, column = 0;
};

/// A compiled script whose outputs are columns of numbers.
struct IndicatorScript {
  enum class Part : std::uint8_t { kValue, kOpen, kHigh, kLow };  // of an output: candles have four
  struct Column {
    std::string name;  // unique in the script, never "time"
    std::uint32_t output = 0;
    Part part = Part::kValue;
    bool overlay = false;
    std::string indicator, expression;  // of which it is; both empty for a plot of a whole script
  };
  struct LineOrigin {
    std::string place;
    bool is_written = false;  // the caller's own text, unchanged; else made around it
  };
  std::shared_ptr<const Program> program;
  std::vector<Column> columns;
  std::vector<LineOrigin> lines;  // of the script made; empty for a whole script
  std::string place;              // of a whole script
};

template <class T>
using IndicatorResult = std::expected<T, std::vector<IndicatorError>>;

/// The columns of the indicators, then those of the expressions, in order. An indicator with one output gives a column
/// called as itself, with several "macd.signal" and the like; `as` stands for the indicator's name. All that is wrong
/// is reported at once.
IndicatorResult<IndicatorScript> make_indicator_script(const std::vector<IndicatorCall>& indicators,
                                                       const std::vector<ExpressionCall>& expressions);

/// A whole script: its plots, shapes, arrows, bars and candles are the columns, called by their titles.
IndicatorResult<IndicatorScript> read_indicator_script(std::string text, std::string place,
                                                       const LibraryFinder& libraries);

/// A run's error, "file:line:column: …", as one of the request.
IndicatorError locate_error(const IndicatorScript& script, const base::Error& error);

}  // namespace tradeassist::pine
