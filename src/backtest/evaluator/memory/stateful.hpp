#pragma once

#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/run_budget.hpp"
#include "backtest/evaluator/text/text_table.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::backtest {

/// The bar a script is on, as stateful functions read it.
struct BarView {
  std::size_t index = 0;
  double open = 0, high = 0, low = 0, close = 0, volume = 0;
  double previous_close = 0;  // na on the first bar
};

/// One call of a stateful function: where its arguments are, where its results go.
struct Invocation {
  const double* slots;
  const pine::Slot* operands;
  std::uint32_t count;
  double* out;
  const BarView* bar;
  RunFault* fault;
  RunBudget* budget;
  std::size_t* longest;  // length that this call has had: its windows are that large

  /// na when absent.
  double argument(std::uint32_t i) const {
    return i < count && operands[i] != pine::kNoSlot ? slots[operands[i]] : std::numeric_limits<double>::quiet_NaN();
  }
  bool condition(std::uint32_t i) const {
    const double value = argument(i);
    return value == value && value != 0;
  }
  /// The whole part of a number from `minimum` to kLengthMax; otherwise a fault that names it, and a length to go on
  /// with.
  [[gnu::always_inline]] std::size_t length(std::uint32_t i, const char* what = "length", double minimum = 1) const {
    const double value = argument(i);
    if (value >= minimum && value <= static_cast<double>(*longest)) [[likely]]
      return static_cast<std::size_t>(value);
    return new_length(value, what, minimum);
  }

  static constexpr double kLengthMax = 1'000'000;
  static constexpr std::uint64_t kBytesOfLength = 2 * sizeof(double);  // a value; some functions keep two windows

  [[gnu::noinline]] std::size_t new_length(double value, const char* what, double minimum) const;
};

/// What a call with windows of this length costs of the run's budget: some go over their whole window.
constexpr std::uint64_t steps_of_call(std::size_t longest) { return 1 + longest / 4; }

/// The values of an argument that changes from bar to bar, and where the call reads it.
struct ColumnArgument {
  const double* values;
  pine::Slot slot;
};

/// A call on bar after bar. `call` finds in `slots` the arguments that do not change; the others are put there.
struct ColumnInvocation {
  Invocation call;
  double* slots;
  std::span<const ColumnArgument> arguments;
  std::span<double* const> results;  // at least one
  const BarView* bars;
  std::size_t bar_count;
};

/// The memory of one stateful call.
class Memory {
 public:
  virtual ~Memory() = default;
  virtual void step(const Invocation& call) = 0;
  /// Steps over bars until one of them fails. Returns how many did not.
  virtual std::size_t step_all(const ColumnInvocation& call) = 0;
  /// Whether it looks at the bars of a call, and not at its arguments alone.
  virtual bool needs_bars() const { return true; }
  virtual std::unique_ptr<Memory> clone() const = 0;
  /// Takes over what a memory of the same function remembers.
  virtual void assign(const Memory& other) = 0;
  /// Adds the values that it may still give: strings and objects among them live on.
  virtual void list_kept(std::vector<double>&) const {}
};

/// Fresh memory for a function; null when it has none. `chart` and `texts` outlive it; `number` is the call's own.
std::unique_ptr<Memory> make_memory(pine::Function function, Chart& chart, const TextTable& texts, std::size_t number);

}  // namespace tradeassist::backtest
