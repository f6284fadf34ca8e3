#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "pine/program/drawing.hpp"
#include "pine/program/function.hpp"
#include "pine/program/limits.hpp"
#include "pine/program/settings.hpp"
#include "pine/syntax/source.hpp"

/// The typed program: what a script means, ready to be stepped bar by bar. Lowering makes it, evaluators run it.
///
/// Every value is one double in a slot; what it denotes is known statically. Numbers are themselves (a Pine int too: 53
/// bits are exact), `na` is NaN, a bool is 0 or 1 (v5's na bool is NaN), a colour is its 32-bit 0xRRGGBBAA value, a
/// string is its number in the run's string table, in which equal strings have equal numbers. So comparison, history
/// and `na` work alike for all of them, and a column of any type is a column of doubles.
///
/// User functions are inlined at each call site, so every call has slots, history and state of its own, as in Pine;
/// the size of the result is bounded by LoweringLimits.
namespace tradeassist::pine {

using Slot = std::uint32_t;
constexpr Slot kNoSlot = std::numeric_limits<Slot>::max();

/// How a value is kept and printed. kObject: a handle of an object on the run's heap (collections, user types,
/// drawings).
enum class ValueType : std::uint8_t { kVoid, kInt, kFloat, kBool, kString, kColor, kObject };

/// Operation::index of a call on a collection: what its elements are (of a map: its values) and what its keys are.
constexpr std::uint32_t collection_index(ValueType element, ValueType key = ValueType::kVoid) {
  return static_cast<std::uint32_t>(element) | static_cast<std::uint32_t>(key) << 8;
}
constexpr ValueType collection_element(std::uint32_t index) { return static_cast<ValueType>(index & 0xff); }
constexpr ValueType collection_key(std::uint32_t index) { return static_cast<ValueType>(index >> 8 & 0xff); }

enum class Opcode : std::uint8_t {
  // dst = a (op) b. Arithmetic with na gives na; comparison with na gives false (0), != too.
  // Comparisons treat |a-b| <= 1e-10 as equal, for strings and colours as well (their numbers differ by >= 1).
  kMove,  // dst = a
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,  // exact quotient; division by zero gives na
  kModulo,  // a - b*floor(a/b); zero divisor gives na
  kNegate,  // dst = -a
  kNot,     // dst = (a is true) ? 0 : 1
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kMax,  // na when one of them is
  kMin,
  kAnd,
  kOr,        // both operands already evaluated; na is false
  kTruth,     // dst = a is neither na nor |a| <= 1e-10 ? 1 : 0
  kTruncate,  // dst = a toward zero (int())
  kIsNa,      // dst = na(a): NaN or infinite
  kNz,        // dst = na(a) ? b : a
  kSelect,    // dst = (a is true) ? b : c; only where both arms are free of effects and state

  // Control flow inside one list of operations: `target` is an index into that list.
  kJump,
  kJumpIfFalse,  // to target when a is false or na
  kJumpIfTrue,
  kJumpIfSet,  // once-guard of `var`: to target when slot a is not 0, else set it to 1 and fall through
  kLoopStep,   // counts one loop iteration against Limits::loop_iterations_max; error beyond
  kForTest,    // to target unless counter a has not passed b: c true counts up (a <= b), else down; na leaves too

  // Series.
  kHistory,       // dst = histories[index] slot a bars ago; 0 or na = its current value; negative is a run-time error
  kBarHistory,    // dst = bar field `index` (BarField) a bars ago; na before the first bar
  kCall,          // dst.. = function(operands[first..first+count)); stateless
  kStatefulCall,  // the same with states[index] as its memory; runs only when reached
  kCommand,       // strategy order command: function + operands; absent optional arguments are kNoSlot

  // The heap. A reference is a handle in a slot; na refers to nothing.
  kHeapCall,    // dst.. = function(operands[first..first+count)); `index`: value types of elements and keys (packed)
  kNewRecord,   // dst = a new record of layout `index` with the operands as its fields; absent ones are na
  kCopyRecord,  // dst = a shallow copy of record a; na of na
  kGetField,    // dst = field `index` of record a; a run-time error when a is na
  kSetField,    // field `index` of record a = b; a run-time error when a is na
  kGetDrawing,  // the same for a drawing: na of na and of one that was deleted
  kSetDrawing,  // does nothing for na and for one that was deleted

  kRequest,  // dst.. = requests[index] of operands (RequestOperand), aligned to the current bar
  kRecord,   // outputs[index] takes operands for this bar (plots and the like)
  kFail,     // runtime.error(string a)
};

/// One operation. Fields not named by its opcode are unused.
struct Operation {
  Opcode opcode = Opcode::kMove;
  std::uint8_t results = 0;             // slots it fills, from dst on
  std::uint16_t count = 0;              // operands of a call, command, record or request
  Function function = Function::kNone;  // kCall, kStatefulCall, kCommand
  Slot dst = kNoSlot;                   // first result slot; a tuple fills dst, dst+1, …
  Slot a = kNoSlot, b = kNoSlot, c = kNoSlot;
  std::uint32_t index = 0;   // history, state, request, output or bar field
  std::uint32_t first = 0;   // first of `count` entries in Program::operands
  std::uint32_t target = 0;  // jump target
};

constexpr bool is_jump(Opcode opcode) {
  return (opcode >= Opcode::kJump && opcode <= Opcode::kJumpIfSet) || opcode == Opcode::kForTest;
}

/// A column of the chart that is loaded into a slot at the start of each bar.
enum class BarField : std::uint8_t {
  kOpen,
  kHigh,
  kLow,
  kClose,
  kVolume,
  kHl2,
  kHlc3,
  kOhlc4,
  kHlcc4,
  kTime,
  kTimeClose,
  kTradingDay,  // ms since 1970 UTC
  kBarIndex,
  kLastBarIndex,
  kLastBarTime,
  kYear,
  kMonth,
  kDayOfMonth,
  kDayOfWeek,
  kWeekOfYear,
  kHour,
  kMinute,
  kSecond,  // of the bar's open, exchange time zone
  kIsFirst,
  kIsLast,  // barstate.isfirst, .islast and .islastconfirmedhistory
  kIsMarket,
  kIsPremarket,
  kIsPostmarket,
  kIsFirstBar,
  kIsLastBar,
  kIsFirstBarRegular,
  kIsLastBarRegular,  // session.*
};

struct BarLoad {
  BarField field = BarField::kClose;
  Slot slot = kNoSlot;
};

/// strategy.* variables, opentrades/closedtrades counts and syminfo/timeframe values are calls of Function without
/// operands (kStrategyPositionSize, kSyminfoMintick, …): the evaluator answers them from the broker and the instrument.

/// Past values of one slot, pushed at the end of every bar (also when its scope did not run: carry-forward).
struct History {
  Slot slot = kNoSlot;
  std::uint32_t depth = 0;  // bars that must be reachable when every offset is constant; 0 = dynamic (Limits)
};

enum class InputKind : std::uint8_t {
  kInt,
  kFloat,
  kBool,
  kString,
  kColor,
  kSource,
  kTimeframe,
  kSession,
  kSymbol,
  kTime,
  kPrice,
  kTextArea,
};

/// One input.*() call. The value is set before the first bar and never changes.
struct Input {
  InputKind kind = InputKind::kFloat;
  std::string name;  // variable it is assigned to; the title when there is none; unique in the script
  std::string title, tooltip, group, inline_group;
  Slot slot = kNoSlot;
  double number = 0;  // default of the numeric kinds, bool, colour, time; for kSource the BarField
  std::string text;   // default of the string kinds; for kSource the field's Pine name
  bool has_minimum = false, has_maximum = false, has_step = false;
  double minimum = 0, maximum = 0, step = 0;
  std::vector<double> number_options;
  std::vector<std::string> text_options;
  bool confirm = false, active = true;
  Slot default_slot = kNoSlot;  // the prologue computes the default here (timestamp(…), color.new(…)); else kNoSlot
  SourceRange default_range;    // the default's text in the source, so that an export can replace it; empty if none
};

enum class OutputKind : std::uint8_t {
  kPlot,
  kPlotShape,
  kPlotChar,
  kPlotArrow,
  kPlotBar,
  kPlotCandle,
  kHline,
  kFill,
  kBackground,
  kBarColor,
  kAlert,
  kLog,
};

/// Operands of kRecord; those that do not apply are absent. The value is a plot's, a shape's condition, a line's price,
/// a background's and a bar's colour, a candle's close, a message's string.
enum class RecordOperand : std::uint8_t { kValue, kColor, kOffset, kOpen, kHigh, kLow, kCount };

/// Something the script shows.
struct Output {
  OutputKind kind = OutputKind::kPlot;
  std::string title, style, location, text, size;
  std::uint32_t color = 0;       // constant colour, 0xRRGGBBAA; 0 when it varies or is default
  std::uint32_t down_color = 0;  // of an arrow that points down
  std::uint32_t text_color = 0;
  int line_width = 1;
  bool overlay = false;                 // on the price pane
  bool visible = true;                  // display.none keeps a plot for fills and alerts alone
  std::uint32_t first = 0, second = 0;  // of a fill: the outputs between which it is
};
constexpr int kDisplayPane = 1;                        // display.pane: the place among the display.* that is the chart
constexpr std::uint32_t kInvisibleColor = 0xFFFFFF00;  // na as a colour

/// Operands of kRequest. Symbol and timeframe are strings and may change from bar to bar; the others are known before
/// the first bar; all but the symbol and the timeframe may be absent.
enum class RequestOperand : std::uint8_t {
  kSymbol,
  kTimeframe,
  kGaps,                    // bool
  kLookahead,               // bool
  kIgnoreInvalidSymbol,     // bool: na instead of an error where there are no bars of the symbol
  kCurrency,                // string
  kCalcBarsCount,           // the newest bars of the context that are evaluated
  kIgnoreInvalidTimeframe,  // bool: na instead of an error where a lower timeframe is above the chart's
  kCount,
};

enum class RequestKind : std::uint8_t {
  kSecurity,
  kLowerTimeframe,  // results are arrays of the values of the bars inside each bar
  kCurrencyRate,    // from the currency kSymbol to kCurrency; has no program
};
std::string_view to_string(RequestKind kind);  // "request.security"

/// request.security and request.security_lower_tf: a program of its own that runs on every bar of another symbol or
/// timeframe. It is the script's own program cut down to what the expression needs, with the same slots and inputs.
/// Results of kObject are copies of the objects as they are at the end of the bar that is shown.
struct Program;
struct Request {
  RequestKind kind = RequestKind::kSecurity;
  std::vector<ValueType> types;            // of the expression's values; a tuple has several
  SourceRange range;                       // of the call
  std::shared_ptr<const Program> program;  // writes its values to program->results
};

enum class ScriptKind : std::uint8_t { kIndicator, kStrategy, kLibrary };

struct Constant {
  Slot slot = kNoSlot;
  double value = 0;
};

struct Program {
  ScriptKind kind = ScriptKind::kStrategy;
  int version = 6;
  StrategySettings settings;  // of the declaration; for an indicator only titles count
  std::vector<Input> inputs;
  std::vector<std::string> strings;  // constant strings; their index is their number
  std::vector<Constant> constants;   // slots set before the run; all others start as na
  std::vector<Slot> zeroed;          // slots that start as 0 (once-guards)
  std::vector<Slot> kept;            // `varip` variables and their once-guards: running a bar again does not reset them
  std::uint32_t slot_count = 0;
  std::vector<bool> object_slots;  // by slot: those that may hold handles of objects
  std::vector<BarLoad> loads;
  std::vector<Operation> prologue;  // depends on constants and inputs only: run once, before the first bar
  std::vector<Operation> body;      // run once per bar
  std::vector<Slot> operands;
  std::vector<History> histories;
  std::vector<Function> states;  // function whose memory states[i] is
  std::vector<Output> outputs;
  std::vector<Request> requests;
  std::vector<Slot> results;                              // of a request's program
  std::vector<SourceRange> prologue_ranges, body_ranges;  // where each operation came from, for run-time errors
  std::shared_ptr<const Source> source;
};

/// Calls `visit` for every slot that an operation reads.
template <class Visit>
void for_each_read(const Program& program, const Operation& operation, Visit visit) {
  for (const Slot slot : {operation.a, operation.b, operation.c}) {
    if (slot != kNoSlot) visit(slot);
  }
  for (std::uint32_t i = 0; i < operation.count; ++i) {
    if (program.operands[operation.first + i] != kNoSlot) visit(program.operands[operation.first + i]);
  }
  if (operation.opcode == Opcode::kHistory) visit(program.histories[operation.index].slot);
}

/// A listing for people and tests: one operation a line.
std::string disassemble(const Program& program);

/// What a program is run for.
enum class Keep : std::uint8_t {
  kEverything,  // what is shown, orders, errors
  kOrders,      // orders and errors
  kResults,     // Program::results
};

/// Removes operations whose results nothing uses, and jumps over nothing. Loops stay unless only the results count,
/// because they can exceed their bound; state that nothing reads goes. `unreachable` (by operation of the body, may be
/// empty) goes in any case.
void eliminate_dead_code(Program& program, Keep keep, const std::vector<bool>& unreachable = {});

}  // namespace tradeassist::pine
