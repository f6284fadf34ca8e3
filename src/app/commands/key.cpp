#include <fmt/format.h>

#include <boost/json.hpp>

#include "access/key_store.hpp"
#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "base/json.hpp"
#include "base/local_owner.hpp"
#include "server/routes/key_json.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string id, name, owner{base::kLocalOwner}, of_owner;
  std::vector<std::string> scopes;
  int days = 0, grace_hours = 0;
};

base::Result<std::unique_ptr<access::KeyStore>> open_keys(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  return access::KeyStore::open(app_address(loaded.config));
}

/// Keys, and the log of what is done to them.
struct KeysToChange {
  CommandAudit audit;
  std::unique_ptr<access::KeyStore> keys;

  base::Result<void> note(const char* action, const access::ApiKey& key) {
    return audit.done(action, key.id + " of " + key.owner);
  }
};

base::Result<KeysToChange> open_to_change(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(auto keys, access::KeyStore::open(app_address(loaded.config)));
  return KeysToChange{std::move(audit), std::move(keys)};
}

void print_issued(const access::IssuedKey& issued, bool as_json) {
  if (as_json) {
    fmt::print("{}\n", base::json_text(server::issued_key_json(issued)));
    return;
  }
  fmt::print("{}\n", issued.token);
  fmt::print(stderr, "This is shown once; only a hash of it is kept. Send it as `Authorization: Bearer …`.\n");
}

base::Result<int> run_create(const Options& options) {
  access::NewKey wanted;
  wanted.owner = options.owner;
  wanted.name = options.name;
  for (const std::string& text : options.scopes) {
    TRY_ASSIGN(const access::Scopes some, access::parse_scopes(text));
    wanted.scopes.add(some);
  }
  if (options.days > 0) wanted.expires_at = base::now() + std::chrono::days(options.days);
  TRY_ASSIGN(KeysToChange change, open_to_change(options));
  TRY_ASSIGN(const access::IssuedKey issued, change.keys->create(wanted));
  TRY(change.note("key create", issued.key));
  print_issued(issued, options.common.json);
  return kDone;
}

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const auto keys, open_keys(options));
  TRY_ASSIGN(const std::vector<access::ApiKey> listed, keys->list(options.of_owner));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::keys_json(listed)));
    return kDone;
  }
  const auto day = [](const std::optional<base::Time>& time) {
    return time ? base::format_time(*time).substr(0, 10) : std::string("never");
  };
  fmt::print("{:<14}{:<16}{:<24}{:<32}{:<10}{:<12}{:<12}\n", "id", "owner", "name", "scopes", "state", "expires",
             "last used");
  for (const access::ApiKey& key : listed) {
    const char* const state = key.revoked_at ? "revoked" : key.is_valid(base::now()) ? "valid" : "expired";
    fmt::print("{:<14}{:<16}{:<24}{:<32}{:<10}{:<12}{:<12}\n", key.id, key.owner, key.name, key.scopes.to_text(), state,
               day(key.expires_at), day(key.last_used_at));
  }
  return kDone;
}

base::Result<int> run_rotate(const Options& options) {
  TRY_ASSIGN(KeysToChange change, open_to_change(options));
  TRY_ASSIGN(const access::IssuedKey issued, change.keys->rotate(options.id, std::chrono::hours(options.grace_hours)));
  TRY(change.note("key rotate", issued.key));
  print_issued(issued, options.common.json);
  return kDone;
}

base::Result<int> run_revoke(const Options& options) {
  TRY_ASSIGN(KeysToChange change, open_to_change(options));
  TRY_ASSIGN(const access::ApiKey key, change.keys->revoke(options.id));
  TRY(change.note("key revoke", key));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::key_json(key)));
  } else {
    fmt::print("{}: revoked; servers refuse it within a second\n", key.id);
  }
  return kDone;
}

}  // namespace

void add_key_command(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("key", "API keys of the server");
  command->require_subcommand(1);
  command->footer(
      "\nExamples:\n"
      "  tradeassist key create --name desk --scope read --scope trade-research --days 90\n"
      "  tradeassist key create --owner ann --name notebook --scope read\n"
      "  tradeassist key list\n"
      "  tradeassist key rotate 3f9c2d71a04b --grace-hours 24\n"
      "  tradeassist key revoke 3f9c2d71a04b");
  auto options = std::make_shared<Options>();
  CLI::App* create = add_action(*command, run, options, "create", "Make a key; its token is shown once", run_create);
  create->add_option("--name", options->name, "What it is for")->type_name("TEXT")->required();
  create->add_option("--scope", options->scopes, "read, trade-research, write or admin; may be repeated")
      ->type_name("SCOPE")
      ->required();
  create->add_option("--owner", options->owner, "Whose it is (default: local); owners do not see each other's jobs")
      ->type_name("NAME");
  create->add_option("--days", options->days, "It expires after so many days (default: it does not)")
      ->type_name("N")
      ->check(CLI::Range(1, 3650));
  CLI::App* list = add_action(*command, run, options, "list", "The keys, the newest first", run_list);
  list->add_option("--owner", options->of_owner, "Of one owner")->type_name("NAME");
  CLI::App* rotate = add_action(*command, run, options, "rotate", "Give a key another secret", run_rotate);
  rotate->add_option("ID", options->id, "The key's id")->required();
  rotate
      ->add_option("--grace-hours", options->grace_hours,
                   "The old secret still holds for so long (default: it does not)")
      ->type_name("N")
      ->check(CLI::Range(0, 720));
  CLI::App* revoke = add_action(*command, run, options, "revoke", "End a key for good", run_revoke);
  revoke->add_option("ID", options->id, "The key's id")->required();
}

}  // namespace tradeassist::app
