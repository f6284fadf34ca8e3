#include "app/diagnostic_parts.hpp"

#include <utility>
#include <vector>

#include "app/command.hpp"
#include "app/server_identity.hpp"
#include "base/log.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kStoreEvery{1};

}  // namespace

base::Result<std::unique_ptr<DiagnosticParts>> DiagnosticParts::make(const base::Config& config) {
  std::optional<diagnostics::SentryAddress> sentry;
  if (!config.sentry_dsn.empty()) { TRY_ASSIGN(sentry, diagnostics::parse_sentry_dsn(config.sentry_dsn)); }
  TRY_ASSIGN(auto errors, diagnostics::ErrorStore::open(app_address(config)));
  return std::unique_ptr<DiagnosticParts>(new DiagnosticParts(config, std::move(errors), sentry));
}

DiagnosticParts::DiagnosticParts(const base::Config& config, std::unique_ptr<diagnostics::ErrorStore> errors_,
                                 const std::optional<diagnostics::SentryAddress>& sentry)
    : errors(std::move(errors_)), timings(static_cast<int>(config.timing_percent)) {
  if (sentry) {
    diagnostics::SentryOptions options;
    options.version = TRADEASSIST_VERSION;
    options.server_name = machine_name();
    sentry_ = std::make_unique<diagnostics::SentryClient>(*sentry, std::move(options));
  }
  base::observe_errors(
      [this](std::string_view message, std::span<const base::LogField> fields, const base::LogContext& context) {
        diagnostics::ErrorEvent event = diagnostics::make_error_event(message, fields, context, base::now());
        if (sentry_ != nullptr) sentry_->report(event);
        groups_.add(std::move(event));
      });
  storing_.emplace(kStoreEvery, [this](const std::stop_token&) { store(); });
}

DiagnosticParts::~DiagnosticParts() {
  base::observe_errors({});
  storing_.reset();
  store();
}

void DiagnosticParts::collect(base::MetricSink& sink) const {
  const auto counted = [&](const char* name, const char* help, std::int64_t count, base::MetricLabels labels = {}) {
    sink.counter(name, help, static_cast<double>(count), std::move(labels));
  };
  if (const auto log = base::log_metrics()) {
    counted("tradeassist_log_lines_total", "Lines that were written into the file of the log.", log->lines_written);
    counted("tradeassist_log_lines_dropped_total", "Lines that could not be written.", log->lines_dropped);
  }
  counted("tradeassist_errors_lost_total", "Errors that were logged and are in no group, since there were too many.",
          groups_.lost());
  if (sentry_ == nullptr) return;
  const diagnostics::SentryMetrics sentry = sentry_->metrics();
  constexpr const char* kSentry = "tradeassist_sentry_events_total";
  constexpr const char* kHelp = "Errors for Sentry: sent, dropped as too many, or failed as it did not take them.";
  counted(kSentry, kHelp, sentry.sent, {{"outcome", "sent"}});
  counted(kSentry, kHelp, sentry.dropped, {{"outcome", "dropped"}});
  counted(kSentry, kHelp, sentry.failed, {{"outcome", "failed"}});
}

void DiagnosticParts::store() {
  std::vector<diagnostics::CountedErrors> counted = groups_.take();
  if (counted.empty()) return;
  const auto stored = errors->add(counted, TRADEASSIST_VERSION);
  if (stored) return;
  // Not as an error: it would be counted, too.
  base::log(base::LogLevel::kWarning, "errors could not be stored; it is tried again",
            {{"groups", std::to_string(counted.size())}, {"reason", stored.error().message}});
  groups_.put_back(std::move(counted));
}

}  // namespace tradeassist::app
