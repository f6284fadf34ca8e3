#pragma once

#include <memory>
#include <string>

#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/text_table.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::backtest {

/// The bar a script is on, as stateful functions read it.
struct BarView {
  std::size_t index = 0;
  double open = 0, high = 0, low = 0, close = 0, volume = 0;
  double previous_close = 0;  // na on the first bar
};

/// What went wrong in a call; empty while nothing did.
struct RunFault {
  std::string message;
};

/// One call of a stateful function: where its arguments are, where its results go.
struct Invocation {
  const double* slots;
  const pine::Slot* operands;
  std::uint32_t count;
  double* out;
  const BarView* bar;
  RunFault* fault;

  double argument(std::uint32_t i) const;  // na when absent
  bool condition(std::uint32_t i) const;
  /// A whole number >= minimum, or a fault that names it and `minimum`.
  std::size_t length(std::uint32_t i, const char* what = "length", double minimum = 1) const;
};

/// The memory of one stateful call.
class Memory {
 public:
  virtual ~Memory() = default;
  virtual void step(const Invocation& call) = 0;
};

/// Fresh memory for a function; null when it has none. `chart` and `texts` outlive it.
std::unique_ptr<Memory> make_memory(pine::Function function, Chart& chart, const TextTable& texts);

}  // namespace tradeassist::backtest
