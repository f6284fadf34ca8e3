#include "backtest/evaluator/run_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tradeassist::backtest {
namespace {

constexpr std::uint64_t kStepsBetweenLooks = 65'536;  // at the clock and the wish to stop

bool refuse(RunFault& fault, std::string message, base::ErrorCode code = base::ErrorCode::kResourceExhausted) {
  if (fault.message.empty()) fault = {std::move(message), code};
  return false;
}

}  // namespace

RunBudget::RunBudget(const pine::Limits& limits, std::size_t bars, std::stop_token stop)
    : limits_(limits), stop_(std::move(stop)), started_(std::chrono::steady_clock::now()) {
  limits_.run_steps_max += bars * limits_.run_steps_of_bar;
}

std::uint64_t RunBudget::begin_bar() {
  const std::uint64_t bar_end = steps_ + limits_.bar_steps_max;
  look_at_ = std::min(look_at_, bar_end);
  return bar_end;
}

bool RunBudget::look(std::uint64_t bar_end, RunFault& fault) {
  if (stop_.stop_requested()) return refuse(fault, "cancelled", base::ErrorCode::kCancelled);
  if (steps_ > bar_end) {
    return refuse(
        fault, fmt::format("the script takes more than {} steps on one bar; shorten its loops", limits_.bar_steps_max));
  }
  if (steps_ > limits_.run_steps_max) {
    return refuse(fault, fmt::format("the run takes more than {} steps; shorten the loops or run it on fewer bars",
                                     limits_.run_steps_max));
  }
  if (std::chrono::steady_clock::now() - started_ > std::chrono::seconds(limits_.run_seconds_max)) {
    return refuse(fault,
                  fmt::format("the run takes longer than {} seconds; run it on fewer bars", limits_.run_seconds_max));
  }
  look_at_ = std::min({steps_ + kStepsBetweenLooks, bar_end, limits_.run_steps_max}) + 1;
  return true;
}

bool RunBudget::keep(std::uint64_t bytes, RunFault& fault) {
  if (bytes > limits_.series_bytes_max || kept_bytes_ + bytes > limits_.series_bytes_max) {
    return refuse(fault, fmt::format("past values, windows, plots and requests take more than {} MiB",
                                     limits_.series_bytes_max >> 20));
  }
  kept_bytes_ += bytes;
  return true;
}

}  // namespace tradeassist::backtest
