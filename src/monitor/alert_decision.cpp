#include "monitor/alert_decision.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace tradeassist::monitor {
namespace {

constexpr std::chrono::seconds kSeenEvery{60};  // an open alert that does not change is written so often

/// Whether so much time has passed. An instant that is yet to come is of a clock that was set back since.
bool has_passed(base::Time since, base::Time now, std::chrono::seconds time) {
  return since > now || now - since >= time;
}

bool breaks(const Threshold& threshold, double value, const std::optional<double>& bound, double margin) {
  if (!bound) return false;
  return threshold.is_below ? value < *bound * (1 + margin) : value >= *bound * (1 - margin);
}

double bound_of(const Threshold& threshold, Severity severity) {
  return severity == Severity::kCritical ? threshold.critical.value_or(threshold.warning.value_or(0))
                                         : threshold.warning.value_or(threshold.critical.value_or(0));
}

std::string number(double value) {
  const double rounded = std::round(value * 100) / 100;
  return fmt::format("{}", rounded == 0 ? 0.0 : rounded);
}

/// What counts of a severity that has to last.
std::optional<Severity> that_lasted(const Threshold& threshold, std::optional<Severity> severity, const Spell& spell,
                                    base::Time now) {
  const auto lasted = [&](const std::optional<base::Time>& since) {
    return since && now - *since >= std::chrono::seconds(threshold.hold_seconds);
  };
  if (severity == Severity::kCritical && lasted(spell.critical)) return Severity::kCritical;
  if (severity && threshold.warning && lasted(spell.bad)) return Severity::kWarning;
  return std::nullopt;
}

void look(Alert& alert, const Threshold& threshold, const Reading& reading, Severity severity, base::Time now) {
  alert.severity = severity;
  alert.value = reading.value;
  alert.threshold = bound_of(threshold, severity);
  alert.message = message_of(threshold, reading, severity);
  alert.seen_at = now;
}

AlertChange change(Alert alert, AlertEventKind event, bool is_to_tell, base::Time now) {
  alert.changed_at = now;
  if (is_to_tell && event != AlertEventKind::kResolved) {
    alert.is_told = true;
    alert.told_at = now;
  }
  return {std::move(alert), event, is_to_tell};
}

AlertChange begin(const Alert* before, const Threshold& threshold, const Reading& reading, Severity severity,
                  base::Time now, const AlertPolicy& policy) {
  if (before != nullptr && before->resolved_at && now - *before->resolved_at < policy.cooldown) {
    Alert alert = *before;
    const bool is_worse = severity > alert.severity;
    alert.state = AlertState::kRaised;
    alert.resolved_at = alert.acknowledged_at = std::nullopt;
    alert.acknowledged_by.clear();
    alert.is_told = false;
    ++alert.occurrences;
    look(alert, threshold, reading, severity, now);
    const bool is_to_tell = is_worse && !alert.is_muted(now);
    return change(std::move(alert), AlertEventKind::kReopened, is_to_tell, now);
  }
  Alert alert;
  alert.type = threshold.type;
  alert.source = reading.source;
  alert.raised_at = now;
  if (before != nullptr && before->is_muted(now)) {
    alert.muted_until = before->muted_until;
    alert.muted_by = before->muted_by;
  }
  look(alert, threshold, reading, severity, now);
  const bool is_to_tell = !alert.is_muted(now);
  return change(std::move(alert), AlertEventKind::kRaised, is_to_tell, now);
}

std::optional<AlertChange> end(Alert alert, const Reading* reading, const Spell& spell, base::Time now,
                               const AlertPolicy& policy) {
  if (!spell.good || now - *spell.good < policy.clear_for) return std::nullopt;
  const bool is_to_tell = is_known(alert) && !alert.is_muted(now);
  alert.state = AlertState::kResolved;
  alert.resolved_at = alert.seen_at = now;
  if (reading != nullptr) alert.value = reading->value;
  return change(std::move(alert), AlertEventKind::kResolved, is_to_tell, now);
}

}  // namespace

bool is_known(const Alert& alert) { return alert.is_told || alert.acknowledged_at; }

std::optional<Severity> severity_of(const Threshold& threshold, double value, std::optional<Severity> open,
                                    const AlertPolicy& policy) {
  const double critical_margin = open == Severity::kCritical ? policy.margin : 0;
  if (breaks(threshold, value, threshold.critical, critical_margin)) return Severity::kCritical;
  if (breaks(threshold, value, threshold.warning, open ? policy.margin : 0)) return Severity::kWarning;
  return std::nullopt;
}

void note(Spell& spell, std::optional<Severity> severity, base::Time now) {
  const auto set = [now](std::optional<base::Time>& since, bool is_so) {
    if (!is_so) since.reset();
    if (is_so && (!since || *since > now)) since = now;  // else a clock that was set back would be waited for
  };
  set(spell.bad, severity.has_value());
  set(spell.critical, severity == Severity::kCritical);
  set(spell.good, !severity);
}

std::string message_of(const Threshold& threshold, const Reading& reading, Severity severity) {
  const std::string detail = reading.detail.empty() ? "" : ": " + reading.detail;
  if (threshold.unit.empty()) return reading.source + ": " + (detail.empty() ? threshold.what : reading.detail);
  return fmt::format("{}: {}: {} {} ({} {} {} {}){}", reading.source, threshold.what, number(reading.value),
                     threshold.unit, to_string(severity), threshold.is_below ? "below" : "from",
                     number(bound_of(threshold, severity)), threshold.unit, detail);
}

std::optional<AlertChange> decide(const Alert* before, const Threshold& threshold, const Reading* reading,
                                  const Spell& spell, base::Time now, const AlertPolicy& policy) {
  const bool is_open = before != nullptr && before->is_open();
  const auto open = is_open ? std::optional(before->severity) : std::nullopt;
  std::optional<Severity> severity;
  if (reading != nullptr) severity = severity_of(threshold, reading->value, open, policy);
  if (!is_open) {
    severity = that_lasted(threshold, severity, spell, now);
    if (!severity) return std::nullopt;
    return begin(before, threshold, *reading, *severity, now, policy);
  }
  if (!severity) return end(*before, reading, spell, now, policy);
  // Worse for as long as it has to last; better at once.
  if (*severity > *open) severity = std::max(that_lasted(threshold, severity, spell, now).value_or(*open), *open);
  Alert alert = *before;
  look(alert, threshold, *reading, *severity, now);
  const bool is_muted = alert.is_muted(now);
  if (*severity > *open) {
    alert.state = AlertState::kRaised;
    alert.acknowledged_at.reset();
    alert.acknowledged_by.clear();
    return change(std::move(alert), AlertEventKind::kEscalated, !is_muted, now);
  }
  if (*severity < *open) {
    const bool is_to_tell = is_known(alert) && !is_muted;
    return change(std::move(alert), AlertEventKind::kDeescalated, is_to_tell, now);
  }
  const bool is_due = !alert.is_told && alert.state == AlertState::kRaised && !is_muted;
  if (is_due && has_passed(alert.told_at, now, policy.cooldown))
    return change(std::move(alert), AlertEventKind::kRaised, true, now);
  if (!has_passed(before->seen_at, now, kSeenEvery)) return std::nullopt;
  return AlertChange{std::move(alert), std::nullopt, false};
}

}  // namespace tradeassist::monitor
