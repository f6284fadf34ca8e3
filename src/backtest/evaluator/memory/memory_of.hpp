#pragma once

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "backtest/evaluator/memory/stateful.hpp"

namespace tradeassist::backtest {

/// What a call of a source and a length does: `next(state, source, length, bar)` gives its value, or the same without
/// the bar.
template <class Next>
struct OfSourceAndLength {
  Next next;
  template <class State>
  static constexpr bool kNeedsBars = !std::is_invocable_v<const Next&, State&, double, std::size_t>;

  template <class State>
  double value(State& state, double source, std::size_t length, const BarView& bar) const {
    if constexpr (kNeedsBars<State>) {
      return next(state, source, length, bar);
    } else {
      return next(state, source, length);
    }
  }
  template <class State>
  void operator()(State& state, const Invocation& call) const {
    call.out[0] = value(state, call.argument(0), call.length(1), *call.bar);
  }
};

/// A memory that is one state, and what a call does with it.
template <class State, class Step>
class MemoryOf final : public Memory {
 public:
  explicit MemoryOf(Step step) : step_(std::move(step)) {}
  void step(const Invocation& call) override { step_(state_, call); }
  [[gnu::flatten]] std::size_t step_all(const ColumnInvocation& columns) override {
    if constexpr (requires { step_.next; }) {
      if (columns.arguments.size() == 1 && columns.arguments[0].slot == columns.call.operands[0]) {
        return step_all_of_one_length(columns);
      }
    }
    Invocation call = columns.call;
    for (std::size_t bar = 0; bar < columns.bar_count; ++bar) {
      for (const ColumnArgument& argument : columns.arguments) columns.slots[argument.slot] = argument.values[bar];
      call.bar = &columns.bars[bar];
      step_(state_, call);
      if (!call.fault->message.empty()) [[unlikely]]
        return bar;
      columns.results[0][bar] = call.out[0];
      for (std::size_t i = 1; i < columns.results.size(); ++i) columns.results[i][bar] = call.out[i];
    }
    return columns.bar_count;
  }
  bool needs_bars() const override {
    if constexpr (requires { step_.next; }) return Step::template kNeedsBars<State>;
    return true;
  }
  void list_kept(std::vector<double>& kept) const override {
    const auto add = [&](double value) { kept.push_back(value); };
    if constexpr (requires { state_.for_each_kept(add); }) state_.for_each_kept(add);
  }
  std::unique_ptr<Memory> clone() const override { return std::make_unique<MemoryOf>(*this); }
  void assign(const Memory& other) override { state_ = static_cast<const MemoryOf&>(other).state_; }

 private:
  std::size_t step_all_of_one_length(const ColumnInvocation& columns) {
    const std::size_t length = columns.call.length(1);
    if (!columns.call.fault->message.empty()) return 0;
    const double* const source = columns.arguments[0].values;
    double* const out = columns.results[0];
    if constexpr (requires { state_.next_all(source, columns.bar_count, length, out); }) {
      state_.next_all(source, columns.bar_count, length, out);
      return columns.bar_count;
    }
    for (std::size_t bar = 0; bar < columns.bar_count; ++bar) {
      out[bar] = step_.value(state_, source[bar], length, columns.bars[bar]);
    }
    return columns.bar_count;
  }

  State state_;
  Step step_;
};

template <class State, class Step>
std::unique_ptr<Memory> with(Step step) {
  return std::make_unique<MemoryOf<State, Step>>(std::move(step));
}

inline void put(const Invocation& call, const std::tuple<double, double, double>& values) {
  call.out[0] = std::get<0>(values);
  call.out[1] = std::get<1>(values);
  call.out[2] = std::get<2>(values);
}

}  // namespace tradeassist::backtest
