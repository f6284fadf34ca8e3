#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <iostream>
#include <stop_token>

#include "app/command.hpp"
#include "app/schwab_parts.hpp"
#include "base/json.hpp"

namespace tradeassist::app {
namespace {

base::Result<int> run_login(const CommonOptions& common) {
  TRY_ASSIGN(const base::LoadedConfig loaded, common.load());
  TRY_ASSIGN(const auto schwab, SchwabParts::make(loaded.config));
  TRY_ASSIGN(const std::string url, schwab->session.authorize_url());
  fmt::print(
      "Open this address in a browser and log in:\n\n  {}\n\nAfter that the browser shows an address that begins with "
      "{} "
      "and that does not load.\nPaste it here within 30 seconds: ",
      url, loaded.config.schwab_callback);
  std::fflush(stdout);
  std::string pasted;
  if (!std::getline(std::cin, pasted))
    return base::failure(base::ErrorCode::kInvalidArgument, "nothing was pasted; the login was not finished");
  TRY(schwab->session.finish_login(pasted, std::stop_token()));
  TRY_ASSIGN(const feed::LoginStatus status, schwab->session.status());
  fmt::print("\n{}\n", status.message);
  return kDone;
}

base::Result<int> run_status(const CommonOptions& common) {
  TRY_ASSIGN(const base::LoadedConfig loaded, common.load());
  TRY_ASSIGN(const auto schwab, SchwabParts::make(loaded.config));
  TRY_ASSIGN(const feed::LoginStatus status, schwab->session.status());
  if (common.json) {
    boost::json::object out{{"state", feed::to_string(status.state)}, {"message", status.message}};
    if (status.logged_in_at) out["logged_in_at"] = base::format_time(*status.logged_in_at);
    if (status.ends_at) out["ends_at"] = base::format_time(*status.ends_at);
    fmt::print("{}\n", base::json_text(out));
  } else {
    fmt::print("{}\n", status.message);
  }
  const bool usable = status.state == feed::LoginState::kValid || status.state == feed::LoginState::kEndsSoon;
  return usable ? kDone : kFailed;
}

}  // namespace

void add_schwab_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<CommonOptions>();
  CLI::App* command = program.add_subcommand("schwab", "Log in to Schwab, or say how long the login is good");
  command->require_subcommand(1);
  CLI::App* login = command->add_subcommand("login", "Log in with a browser; needed every seven days");
  CLI::App* status = command->add_subcommand("status", "Whether there is a login, and until when");
  options->add_to(*login);
  options->add_to(*status);
  status->add_flag("--json", options->json, "Print it as JSON");
  command->footer(
      "\nKey and secret of your app come from TRADEASSIST_SCHWAB_KEY and TRADEASSIST_SCHWAB_SECRET or a configuration\n"
      "file. Tokens are kept encrypted in the data directory, with the key in TRADEASSIST_SECRET_KEY or else a key "
      "file.\n"
      "`status` ends with 1 when there is no login that works.\n"
      "\nExamples:\n"
      "  tradeassist schwab login\n"
      "  tradeassist schwab status --json");
  login->callback([options, &run] { run = [options] { return run_login(*options); }; });
  status->callback([options, &run] { run = [options] { return run_status(*options); }; });
}

}  // namespace tradeassist::app
