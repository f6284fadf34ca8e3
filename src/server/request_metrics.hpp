#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "server/router.hpp"

namespace tradeassist::server {

/// All requests together.
struct RequestTotals {
  std::uint64_t answered = 0;
  std::uint64_t server_errors = 0;  // status 500 and above, but for what tells_of_trouble
  base::HistogramValues seconds;
};

/// Counts the requests of each route, by status and by how long they took. Counting takes no lock; any thread may.
class RequestMetrics {
 public:
  explicit RequestMetrics(const std::vector<Route>& routes);

  void observe(const Answered& answered);
  /// A file of the web page.
  void observe_page(unsigned status);
  RequestTotals totals() const;
  /// What was not asked for yet is left out.
  void collect(base::MetricSink& sink) const;

 private:
  static constexpr std::size_t kClasses = 5;  // 1xx to 5xx
  struct OfRoute {
    std::string pattern, method;
    std::array<std::atomic<std::uint64_t>, kClasses> by_status{};
    base::Histogram seconds{base::latency_bounds()};
  };
  void count(OfRoute& of, unsigned status, bool tells_of_trouble);

  std::vector<std::unique_ptr<OfRoute>> routes_;  // then that of no route, and that of the page
  base::Histogram seconds_{base::latency_bounds()};
  std::atomic<std::uint64_t> server_errors_ = 0;
  std::atomic<std::uint64_t> rate_limited_ = 0, scope_missing_ = 0, key_missing_ = 0, key_wrong_ = 0, key_expired_ = 0;
};

}  // namespace tradeassist::server
