#pragma once

#include <chrono>
#include <optional>

#include "monitor/alert.hpp"
#include "monitor/threshold.hpp"

namespace tradeassist::monitor {

struct AlertPolicy {
  std::chrono::seconds cooldown{300};  // an alert that comes back within it is the same one, and is told of after it
  std::chrono::seconds clear_for{60};  // what was bad is over when it was good for so long
  double margin = 0.1;                 // and by this share of the bound
};

/// Since when a reading has been bad, critical, or good again; none while it is not.
struct Spell {
  std::optional<base::Time> bad, critical, good;
};

/// Whether people know of it, so that they are told of its end, too.
bool is_known(const Alert& alert);

/// How bad a value is, nothing where it is not. What is open with a severity keeps it until the value is better than
/// its bound by the margin.
std::optional<Severity> severity_of(const Threshold& threshold, double value, std::optional<Severity> open,
                                    const AlertPolicy& policy);

/// Goes on with a spell.
void note(Spell& spell, std::optional<Severity> severity, base::Time now);

/// "connections to the database in use: 92 % (critical from 90 %), readers"
std::string message_of(const Threshold& threshold, const Reading& reading, Severity severity);

/// What becomes of an alert: as it is from now on, and what happened to it, where that is more than another look.
struct AlertChange {
  Alert alert;  // id 0: a new one
  std::optional<AlertEventKind> event;
  bool is_to_tell = false;  // of the event
};

/// `before`: the newest of its type and source, null where there was none. `reading`: null where what it was of is not
/// there any more. Nothing: it stays as it is.
std::optional<AlertChange> decide(const Alert* before, const Threshold& threshold, const Reading* reading,
                                  const Spell& spell, base::Time now, const AlertPolicy& policy);

}  // namespace tradeassist::monitor
