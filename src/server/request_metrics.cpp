#include "server/request_metrics.hpp"

#include <algorithm>
#include <chrono>

namespace tradeassist::server {
RequestMetrics::RequestMetrics(const std::vector<Route>& routes) {
  const auto add = [&](std::string pattern, std::string method) {
    auto of = std::make_unique<OfRoute>();
    of->pattern = std::move(pattern);
    of->method = std::move(method);
    routes_.push_back(std::move(of));
  };
  for (const Route& route : routes) add(route.pattern, std::string(to_string(route.method)));
  add("none", "any");
  add("page", "GET");
}

void RequestMetrics::count(OfRoute& of, unsigned status, bool tells_of_trouble) {
  if (status >= 500 && !tells_of_trouble) server_errors_.fetch_add(1, std::memory_order_relaxed);
  const std::size_t status_class = std::clamp<std::size_t>(status / 100, 1, kClasses) - 1;
  of.by_status[status_class].fetch_add(1, std::memory_order_relaxed);
}

void RequestMetrics::observe(const Answered& answered) {
  OfRoute& of = *routes_[std::min(answered.route, routes_.size() - 2)];
  const double seconds = std::chrono::duration<double>(answered.took).count();
  count(of, answered.status, answered.tells_of_trouble);
  of.seconds.observe(seconds);
  seconds_.observe(seconds);
  if (answered.refusal.empty()) return;
  if (answered.refusal == "RATE_LIMITED") ++rate_limited_;
  if (answered.refusal == kScopeMissing) ++scope_missing_;
  if (answered.refusal == "API_KEY_REQUIRED") ++key_missing_;
  if (answered.refusal == "API_KEY_NOT_VALID") ++key_wrong_;
  if (answered.refusal == "API_KEY_EXPIRED") ++key_expired_;
}

void RequestMetrics::observe_page(unsigned status) { count(*routes_.back(), status, false); }

RequestTotals RequestMetrics::totals() const {
  RequestTotals totals;
  totals.seconds = seconds_.values();
  for (const auto& of : routes_) {
    for (const auto& each : of->by_status) totals.answered += each.load(std::memory_order_relaxed);
  }
  totals.server_errors = server_errors_.load(std::memory_order_relaxed);
  return totals;
}

void RequestMetrics::collect(base::MetricSink& sink) const {
  static constexpr const char* kClassNames[kClasses] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
  for (const auto& of : routes_) {
    for (std::size_t i = 0; i < kClasses; ++i) {
      const std::uint64_t count = of->by_status[i].load(std::memory_order_relaxed);
      if (count == 0) continue;
      sink.counter("tradeassist_http_requests_total", "Requests that were answered.", static_cast<double>(count),
                   {{"route", of->pattern}, {"method", of->method}, {"status", kClassNames[i]}});
    }
    base::HistogramValues seconds = of->seconds.values();
    if (seconds.count() == 0) continue;
    sink.histogram("tradeassist_http_request_seconds", "How long requests took to be answered, without the network.",
                   std::move(seconds), {{"route", of->pattern}, {"method", of->method}});
  }
  const RequestTotals all = totals();
  sink.counter("tradeassist_http_server_errors_total",
               "Requests that failed on the server's side (status 5xx), probes and health left out.",
               static_cast<double>(all.server_errors));
  sink.counter("tradeassist_rate_limited_requests_total", "Requests that came too often for their key.",
               static_cast<double>(rate_limited_));
  const auto refused = [&](const char* reason, std::uint64_t count) {
    sink.counter("tradeassist_authentication_failures_total", "Requests without a valid key, or without its scope.",
                 static_cast<double>(count), {{"reason", reason}});
  };
  refused("missing", key_missing_);
  refused("wrong", key_wrong_);
  refused("expired", key_expired_);
  refused("scope", scope_missing_);
}

}  // namespace tradeassist::server
