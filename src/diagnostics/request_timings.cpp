#include "diagnostics/request_timings.hpp"

#include <algorithm>

namespace tradeassist::diagnostics {

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::kQueue: return "queue";
    case Phase::kGate: return "gate";
    case Phase::kHandler: return "handler";
    case Phase::kEncode: return "encode";
    case Phase::kWrite: return "write";
  }
  return "queue";
}

bool RequestTimings::is_next_timed() {
  if (percent_ <= 0) return false;
  const std::uint64_t number = asked_.fetch_add(1, std::memory_order_relaxed);
  const auto percent = static_cast<std::uint64_t>(percent_);
  return (number + 1) * percent / 100 != number * percent / 100;
}

void RequestTimings::add(std::string_view route, const PhaseTimes& times) {
  const std::lock_guard lock(mutex_);
  auto found = routes_.find(route);
  if (found == routes_.end()) {
    if (routes_.size() >= kRoutesMax) return;
    found = routes_.emplace(std::string(route), RouteTimings()).first;
    found->second.route = route;
  }
  ++found->second.requests;
  for (std::size_t i = 0; i < kPhaseCount; ++i) {
    PhaseSummary& summary = found->second.phases[i];
    summary.sum += times[i];
    summary.max = std::max(summary.max, times[i]);
  }
}

std::vector<RouteTimings> RequestTimings::routes() const {
  std::vector<RouteTimings> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, timings] : routes_) all.push_back(timings);
  }
  std::ranges::stable_sort(all, std::ranges::greater(), [](const RouteTimings& route) {
    std::chrono::nanoseconds sum{0};
    for (const PhaseSummary& phase : route.phases) sum += phase.sum;
    return sum;
  });
  return all;
}

}  // namespace tradeassist::diagnostics
