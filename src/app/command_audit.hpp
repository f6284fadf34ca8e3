#pragma once

#include <memory>
#include <string>
#include <utility>

#include "access/audit_log.hpp"
#include "base/config.hpp"
#include "base/result.hpp"

namespace tradeassist::app {

/// For commands that change what others see: in the audit log, as what is done over the API. Begun before the change,
/// so that what cannot be noted is not done.
class CommandAudit {
 public:
  static base::Result<CommandAudit> begin(const base::Config& config);

  /// "delete", of "SPY". The outcome is "done" where it is left out.
  base::Result<void> done(std::string action, std::string target, std::string outcome = "done");

 private:
  explicit CommandAudit(std::unique_ptr<access::AuditLog> log) : log_(std::move(log)) {}

  std::unique_ptr<access::AuditLog> log_;
};

}  // namespace tradeassist::app
