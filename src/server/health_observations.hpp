#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "monitor/alert.hpp"
#include "server/health_sampler.hpp"
#include "server/historical/provider_source.hpp"
#include "server/realtime/hub.hpp"
#include "server/realtime/live_recorder.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// What the server knows of itself without asking anybody. What it points to outlives it.
struct HealthParts {
  const store::MarketStore& market;
  const store::SeriesCache& cache;
  const Hub* hub = nullptr;
  std::string live_source = "none";  // as configured
  std::function<std::optional<LiveStatus>()> live_status = {};
  ProviderSource providers = {};
  /// Which of several servers of one database this is; empty where there is only one. What is of this server alone has
  /// its name: "readers@desk".
  std::string server = {};
};

/// What the alert engine decides on: of every type of monitor::default_thresholds() what was measured.
std::vector<monitor::Observation> observations_of(const HealthSample& sample, const HealthParts& parts);

/// What is kept of it for days, by the names of monitor::trend_kinds(). What was not measured is left out.
std::map<std::string, double> trend_values_of(const HealthSample& sample, const HealthParts& parts);

}  // namespace tradeassist::server
