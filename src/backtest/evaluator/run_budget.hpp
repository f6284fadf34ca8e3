#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include "backtest/evaluator/run_fault.hpp"
#include "pine/program/limits.hpp"

namespace tradeassist::backtest {

/// What the evaluators of one run, the chart's and those of its requests, spend together: steps, time and the memory of
/// their columns. Exceeding a bound, and a wish to stop, are faults. Not thread-safe.
class RunBudget {
 public:
  RunBudget(const pine::Limits& limits, std::size_t bars, std::stop_token stop);

  std::uint64_t steps() const { return steps_; }

  /// What a bar may spend, from now on: the steps() at which it has spent it.
  std::uint64_t begin_bar();

  /// Counts steps of a bar that may go on until `bar_end`. False, with a fault, when it may not go on.
  bool spend(std::uint64_t steps, std::uint64_t bar_end, RunFault& fault) {
    steps_ += steps;
    return steps_ < look_at_ || look(bar_end, fault);
  }

  /// Counts bytes of columns and past values until they are given back. False, with a fault, beyond the bound.
  bool keep(std::uint64_t bytes, RunFault& fault);
  void give_back(std::uint64_t bytes) { kept_bytes_ -= bytes; }

 private:
  bool look(std::uint64_t bar_end, RunFault& fault);

  pine::Limits limits_;
  std::stop_token stop_;
  std::chrono::steady_clock::time_point started_;
  std::uint64_t steps_ = 0, look_at_ = 0, kept_bytes_ = 0;
};

}  // namespace tradeassist::backtest
