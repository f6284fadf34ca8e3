#include <fmt/format.h>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "app/maintenance_plan.hpp"

namespace tradeassist::app {
namespace {

base::Result<int> run_maintain(const CommonOptions& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.load());
  TRY(existing_market(loaded.config));
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  int code = kDone;
  for (const store::MaintenanceOutcome& outcome : store::run_maintenance(maintenance_steps(loaded.config))) {
    fmt::print("{}: {} ({} ms)\n", outcome.name,
               outcome.done ? *outcome.done : "failed: " + outcome.done.error().message,
               std::chrono::duration_cast<std::chrono::milliseconds>(outcome.took).count());
    if (!outcome.done) code = kFailed;
  }
  TRY(audit.done("maintain", "", code == kDone ? "done" : "failed in part"));
  return code;
}

}  // namespace

void add_maintain_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<CommonOptions>();
  CLI::App* command = program.add_subcommand("maintain", "Do now what the server does in its maintenance window");
  options->add_to(*command);
  command->footer("\nExample:\n  tradeassist maintain --data data");
  command->callback([options, &run] { run = [options] { return run_maintain(*options); }; });
}

}  // namespace tradeassist::app
