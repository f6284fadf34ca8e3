#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "server/routes/health_models.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

/// The answer of /readyz: 200 where the status is "ok", else 503.
struct ReadinessAnswer {
  std::string status;                         // "ok", "unavailable", "starting" or "stopping"
  std::map<std::string, std::string> checks;  // "ok", "failed", "stopping", or "unknown" before the first sample
};
BOOST_DESCRIBE_STRUCT(ReadinessAnswer, (), (status, checks))

struct OpenAlerts {
  std::int64_t warning = 0, critical = 0;
};
BOOST_DESCRIBE_STRUCT(OpenAlerts, (), (warning, critical))

/// A part of the server. Its status is "ok"; "degraded" while an alert about it is open; "unavailable"; "off" where it
/// is not configured; "unknown" where it was not measured.
struct ComponentHealth {
  std::string name, status;
  std::string message;              // for people; empty while there is nothing to say
  std::vector<std::string> alerts;  // types of those that are open
  std::map<std::string, double> values;
  Reasons unmeasured;
};
BOOST_DESCRIBE_STRUCT(ComponentHealth, (), (name, status, message, alerts, values, unmeasured))

/// The worst of the components: "ok", "degraded", "unavailable" (503), "unknown".
struct HealthResponse {
  std::string status, version;
  std::string phase;  // "starting", "serving" or "stopping"
  std::optional<base::Time> started_at;
  std::optional<double> uptime_seconds;
  std::optional<base::Time> sampled_at;
  std::optional<OpenAlerts> alerts;
  std::map<std::string, std::string> components;  // their status, by name
};
BOOST_DESCRIBE_STRUCT(HealthResponse, (),
                      (status, version, phase, started_at, uptime_seconds, sampled_at, alerts, components))

struct DetailedHealthResponse {
  std::string status, version, phase;
  std::optional<base::Time> started_at;
  std::optional<double> uptime_seconds;
  std::optional<base::Time> sampled_at;
  std::optional<OpenAlerts> alerts;
  std::vector<ComponentHealth> components;
};
BOOST_DESCRIBE_STRUCT(DetailedHealthResponse, (),
                      (status, version, phase, started_at, uptime_seconds, sampled_at, alerts, components))

ServerPhase phase_of(const Services& services);

// From what was sampled; none asks a database.
ReadinessAnswer readiness(const Services& services);
DetailedHealthResponse detailed_health(const Services& services);
HealthResponse brief(const DetailedHealthResponse& detailed);

/// Probes, and health routes that read samples and the metrics, are answered apart from all others.
Lane health_lane(const Request& request);

}  // namespace tradeassist::server
