#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tradeassist::diagnostics {

/// What a request spends its time on, in this order: waiting for a thread; keys and limits; the route; making the
/// answer's bytes; writing them.
enum class Phase { kQueue, kGate, kHandler, kEncode, kWrite };
constexpr std::size_t kPhaseCount = 5;
std::string_view to_string(Phase phase);

using PhaseTimes = std::array<std::chrono::nanoseconds, kPhaseCount>;

struct PhaseSummary {
  std::chrono::nanoseconds sum{0}, max{0};
};

struct RouteTimings {
  std::string route;  // "GET /api/v1/bars"
  std::int64_t requests = 0;
  std::array<PhaseSummary, kPhaseCount> phases;
};

/// Times of a share of the requests, by route. Every method may be called from any thread.
class RequestTimings {
 public:
  static constexpr std::size_t kRoutesMax = 500;

  explicit RequestTimings(int percent) : percent_(percent) {}

  /// Whether the next request is one of those: evenly spread, without a draw.
  bool is_next_timed();
  void add(std::string_view route, const PhaseTimes& times);
  /// Those with the most time in all first.
  std::vector<RouteTimings> routes() const;
  int percent() const { return percent_; }

 private:
  const int percent_;
  std::atomic<std::uint64_t> asked_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, RouteTimings, std::less<>> routes_;
};

}  // namespace tradeassist::diagnostics
