#pragma once

#include <memory>
#include <optional>

#include "base/config.hpp"
#include "base/metrics.hpp"
#include "base/periodic_task.hpp"
#include "base/result.hpp"
#include "diagnostics/error_groups.hpp"
#include "diagnostics/error_store.hpp"
#include "diagnostics/request_timings.hpp"
#include "diagnostics/sentry_client.hpp"

namespace tradeassist::app {

/// What a process that runs long knows about its errors and its time, as configured: from when it is made, errors that
/// are logged are counted in the app database and, where that is configured, sent to Sentry.
class DiagnosticParts {
 public:
  static base::Result<std::unique_ptr<DiagnosticParts>> make(const base::Config& config);
  ~DiagnosticParts();  // stores what is not stored yet
  DiagnosticParts(const DiagnosticParts&) = delete;
  DiagnosticParts& operator=(const DiagnosticParts&) = delete;

  const std::unique_ptr<diagnostics::ErrorStore> errors;
  diagnostics::RequestTimings timings;

  /// What found no place, in the log, among the errors and at Sentry.
  void collect(base::MetricSink& sink) const;

 private:
  DiagnosticParts(const base::Config& config, std::unique_ptr<diagnostics::ErrorStore> errors_,
                  const std::optional<diagnostics::SentryAddress>& sentry);
  void store();

  diagnostics::ErrorGroups groups_;
  std::unique_ptr<diagnostics::SentryClient> sentry_;
  std::optional<base::PeriodicTask> storing_;
};

}  // namespace tradeassist::app
