#include "report/cache_report.hpp"

namespace tradeassist::report {
namespace {

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

boost::json::value or_null(bool is_measured, double value) {
  return is_measured ? boost::json::value(value) : boost::json::value();
}

}  // namespace

boost::json::object cache_json(const store::SeriesCacheMetrics& metrics) {
  const auto hit_rate = metrics.hit_rate();
  const bool has_loads = metrics.loads > 0;
  boost::json::object out{
      {"questions", metrics.questions},
      {"hits", metrics.hits},
      {"shared_hits", metrics.shared_hits},
      {"joined", metrics.joined},
      {"loads", metrics.loads},
      {"failures", metrics.failures},
      {"hit_rate", or_null(hit_rate.has_value(), hit_rate.value_or(0))},
      {"evictions", metrics.evictions},
      {"invalidations", metrics.invalidations},
      {"expirations", metrics.expirations},
      {"unsettled", metrics.unsettled},
      {"entries", metrics.entries},
      {"bytes", metrics.bytes},
      {"bytes_max", metrics.bytes_max},
      {"load_seconds_mean",
       or_null(has_loads, seconds(metrics.load_time) / static_cast<double>(has_loads ? metrics.loads : 1))},
      {"load_seconds_max", or_null(has_loads, seconds(metrics.load_time_max))}};
  if (metrics.redis) {
    out["redis"] = boost::json::object{{"commands", metrics.redis->commands},
                                       {"failures", metrics.redis->failures},
                                       {"skipped", metrics.redis->skipped},
                                       {"is_away", metrics.redis->is_away}};
  } else {
    out["redis"] = nullptr;
  }
  return out;
}

}  // namespace tradeassist::report
