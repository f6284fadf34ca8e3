#include "app/command_audit.hpp"

#include "app/command.hpp"

namespace tradeassist::app {

base::Result<CommandAudit> CommandAudit::begin(const base::Config& config) {
  TRY_ASSIGN(auto log, access::AuditLog::open(app_address(config)));
  if (const auto ready = log->prepare(); !ready) {
    return base::in_context("nothing was done, since the audit log cannot be written", ready.error());
  }
  return CommandAudit(std::move(log));
}

base::Result<void> CommandAudit::done(std::string action, std::string target, std::string outcome) {
  return log_->append({.actor = who(),
                       .action = std::move(action),
                       .target = std::move(target),
                       .outcome = std::move(outcome),
                       .request_id = ""});
}

}  // namespace tradeassist::app
