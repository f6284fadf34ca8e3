#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "app/notify_parts.hpp"
#include "base/json.hpp"
#include "base/local_owner.hpp"
#include "server/routes/webhook_models.hpp"

namespace tradeassist::app {
namespace {

using notify::Webhook;

struct Options {
  CommonOptions common;
  std::string id, delivery, owner{base::kLocalOwner}, of_owner, url, from, to, state, cursor;
  std::optional<std::string> new_url, description;
  std::vector<std::string> events;
  bool enable = false, disable = false, delivered_too = false;
  int grace_hours = 24, limit = 100;
};

/// What an action works with.
struct Parts {
  base::Config config;
  std::unique_ptr<notify::WebhookStore> webhooks;
  std::unique_ptr<notify::Outbox> outbox;
  std::optional<CommandAudit> audit{};  // of those that change something
};

base::Result<Parts> open_parts(const Options& options) {
  Parts parts;
  TRY_ASSIGN(base::LoadedConfig loaded, options.common.load());
  parts.config = std::move(loaded.config);
  TRY_ASSIGN(parts.webhooks, open_webhooks(parts.config));
  TRY_ASSIGN(parts.outbox, open_outbox(parts.config, ""));
  return parts;
}

base::Result<Parts> open_parts_to_change(const Options& options) {
  TRY_ASSIGN(Parts parts, open_parts(options));
  TRY_ASSIGN(auto audit, CommandAudit::begin(parts.config));
  parts.audit.emplace(std::move(audit));
  return parts;
}

template <class T>
void print_json(const T& model) {
  fmt::print("{}\n", base::json_text(base::to_json(model)));
}

base::Result<void> note(Parts& parts, const char* action, const Webhook& webhook) {
  return parts.audit->done(action, webhook.id + " of " + webhook.owner);
}

void print_issued(const notify::IssuedWebhook& issued, bool as_json) {
  if (as_json) return print_json(server::issued_webhook_model(issued));
  fmt::print("webhook  {}\nsecret   {}\n", issued.webhook.id, issued.secret);
  fmt::print(stderr, "The secret is shown once: the receiver checks signatures with it.\n");
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::string state_of(const Webhook& webhook) {
  if (webhook.is_enabled) return webhook.failing_since ? "failing" : "enabled";
  return webhook.disabled_reason.empty() ? "disabled" : "disabled: " + webhook.disabled_reason;
}

void print_webhook(const Webhook& webhook) {
  const auto row = [](std::string_view name, std::string_view text) {
    if (!text.empty()) fmt::print("{:<14}{}\n", name, text);
  };
  row("webhook", webhook.id);
  row("owner", webhook.owner);
  row("url", webhook.url);
  row("events", joined(webhook.events));
  row("description", webhook.description);
  row("state", state_of(webhook));
  if (webhook.failing_since) row("failing since", base::format_time(*webhook.failing_since));
}

base::Result<int> show(const Options& options, const Webhook& webhook) {
  if (options.common.json) {
    print_json(server::webhook_model(webhook));
  } else {
    print_webhook(webhook);
  }
  return kDone;
}

base::Result<int> run_create(const Options& options) {
  TRY_ASSIGN(Parts parts, open_parts_to_change(options));
  TRY_ASSIGN(const auto made,
             parts.webhooks->create({options.owner, options.url, options.description.value_or(""), options.events}));
  TRY(note(parts, "webhook create", made.webhook));
  print_issued(made, options.common.json);
  return kDone;
}

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const Parts parts, open_parts(options));
  TRY_ASSIGN(const std::vector<Webhook> listed, parts.webhooks->list(options.of_owner));
  if (options.common.json) {
    print_json(server::webhook_list_model(listed));
    return kDone;
  }
  fmt::print("{:<22}{:<14}{:<44}{:<26}{}\n", "id", "owner", "url", "events", "state");
  for (const Webhook& each : listed)
    fmt::print("{:<22}{:<14}{:<44}{:<26}{}\n", each.id, each.owner, each.url, joined(each.events), state_of(each));
  return kDone;
}

base::Result<int> run_show(const Options& options) {
  TRY_ASSIGN(const Parts parts, open_parts(options));
  TRY_ASSIGN(const Webhook webhook, parts.webhooks->get(options.id, ""));
  return show(options, webhook);
}

base::Result<int> run_update(const Options& options) {
  TRY_ASSIGN(Parts parts, open_parts_to_change(options));
  notify::WebhookChange change;
  change.url = options.new_url;
  change.description = options.description;
  if (!options.events.empty()) change.events = options.events;
  if (options.enable) change.is_enabled = true;
  if (options.disable) change.is_enabled = false;
  TRY_ASSIGN(const Webhook webhook, parts.webhooks->update(options.id, "", change));
  TRY(note(parts, "webhook update", webhook));
  return show(options, webhook);
}

base::Result<int> run_delete(const Options& options) {
  TRY_ASSIGN(Parts parts, open_parts_to_change(options));
  TRY_ASSIGN(const Webhook webhook, parts.webhooks->get(options.id, ""));
  TRY(parts.webhooks->remove(webhook.id, ""));
  TRY(note(parts, "webhook delete", webhook));
  if (options.common.json) {
    print_json(server::RemovedWebhookModel{.id = webhook.id});
  } else {
    fmt::print("{}: removed with its deliveries\n", webhook.id);
  }
  return kDone;
}

base::Result<int> run_rotate(const Options& options) {
  TRY_ASSIGN(Parts parts, open_parts_to_change(options));
  TRY_ASSIGN(const auto issued, parts.webhooks->rotate(options.id, "", std::chrono::hours(options.grace_hours)));
  TRY(note(parts, "webhook rotate", issued.webhook));
  print_issued(issued, options.common.json);
  return kDone;
}

/// The delivery when its first try has ended, here or on a server that was faster.
base::Result<notify::Delivery> tried(const Parts& parts, const notify::Delivery& delivery) {
  constexpr std::chrono::seconds kWait{30};
  TRY_ASSIGN(const Channels channels, configured_channels(parts.config));
  notify::Deliverer deliverer(*parts.outbox, *parts.webhooks, deliverer_options(parts.config, channels));
  TRY(deliverer.deliver_one(delivery.id));
  const auto deadline = std::chrono::steady_clock::now() + kWait;
  while (true) {
    TRY_ASSIGN(const notify::Delivery now, parts.outbox->get(delivery.target, delivery.id));
    if (now.attempts > 0 || std::chrono::steady_clock::now() > deadline) return now;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

base::Result<int> run_test(const Options& options) {
  TRY_ASSIGN(const Parts parts, open_parts(options));
  TRY_ASSIGN(const Webhook webhook, parts.webhooks->get(options.id, ""));
  TRY_ASSIGN(const notify::Delivery made, parts.outbox->test(webhook));
  TRY_ASSIGN(const notify::Delivery delivery, tried(parts, made));
  const bool is_delivered = delivery.state == notify::DeliveryState::kDelivered;
  if (options.common.json) {
    TRY_ASSIGN(const auto log, parts.outbox->attempts(delivery.number));
    print_json(server::delivery_detail_model(delivery, log));
  } else if (is_delivered) {
    fmt::print("{}: delivered, the answer is {}\n", delivery.id, delivery.last_status);
  } else {
    fmt::print("{}: {}\n", delivery.id, delivery.last_error.empty() ? "not tried yet" : delivery.last_error);
  }
  return is_delivered ? kDone : kFailed;
}

base::Result<int> run_deliveries(const Options& options) {
  TRY_ASSIGN(const Parts parts, open_parts(options));
  TRY_ASSIGN(const Webhook webhook, parts.webhooks->get(options.id, ""));
  if (!options.delivery.empty()) {
    TRY_ASSIGN(const notify::Delivery delivery, parts.outbox->get(webhook.id, options.delivery));
    TRY_ASSIGN(const auto log, parts.outbox->attempts(delivery.number));
    print_json(server::delivery_detail_model(delivery, log));
    return kDone;
  }
  notify::DeliveryFilter filter;
  filter.target = webhook.id;
  filter.limit = options.limit;
  filter.cursor = options.cursor;
  if (!options.state.empty()) { TRY_ASSIGN(filter.state, notify::parse_delivery_state(options.state)); }
  TRY_ASSIGN(const notify::DeliveryPage page, parts.outbox->list(filter));
  if (options.common.json) {
    print_json(server::delivery_page_model(page));
    return kDone;
  }
  for (const notify::Delivery& each : page.deliveries) {
    fmt::print("{}  {}  {:<22}{:<11}{} tries{}{}\n", each.id,
               base::format_time(std::chrono::floor<std::chrono::seconds>(each.created_at)), each.event_type,
               notify::to_string(each.state), each.attempts, each.is_replay ? ", sent again" : "",
               each.last_error.empty() ? "" : ": " + each.last_error);
  }
  if (!page.next_cursor.empty()) fmt::print("there are more: --cursor {}\n", page.next_cursor);
  return kDone;
}

base::Result<int> run_replay(const Options& options) {
  TRY_ASSIGN(const Parts parts, open_parts(options));
  TRY_ASSIGN(const Webhook webhook, parts.webhooks->get(options.id, ""));
  std::int64_t made = 1;
  if (!options.delivery.empty()) {
    TRY(parts.outbox->replay(webhook, options.delivery));
  } else {
    if (options.from.empty() || options.to.empty()) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "say what is to be sent again: --delivery ID, or --from TIME --to TIME");
    }
    TRY_ASSIGN(const base::Time from, base::parse_time(options.from));
    TRY_ASSIGN(const base::Time to, base::parse_time(options.to));
    if (to <= from) {
      return base::failure(base::ErrorCode::kInvalidArgument, "--to " + options.to + " is not after --from " +
                                                                  options.from + "; give the later time as --to");
    }
    TRY_ASSIGN(made, parts.outbox->replay(webhook, from, to, options.delivered_too));
  }
  if (options.common.json) {
    print_json(server::ReplayedModel{made});
  } else {
    fmt::print("{} on {} way; a running server delivers within a second\n", made, made == 1 ? "its" : "their");
  }
  return kDone;
}

}  // namespace

void add_webhook_command(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("webhook", "Addresses that are told of events, signed");
  command->require_subcommand(1);
  command->footer(
      "\nExamples:\n"
      "  tradeassist webhook create --url https://desk.example.com/hook --event 'job.*' --event alert.raised\n"
      "  tradeassist webhook list\n"
      "  tradeassist webhook test wh_0123456789abcdef\n"
      "  tradeassist webhook deliveries wh_0123456789abcdef --state failed\n"
      "  tradeassist webhook replay wh_0123456789abcdef --from 2026-01-05T00:00:00Z --to 2026-01-06T00:00:00Z\n"
      "  tradeassist webhook update wh_0123456789abcdef --enable\n"
      "  tradeassist webhook rotate wh_0123456789abcdef --grace-hours 48");
  auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* help, base::Result<int> (*action)(const Options&)) {
    return add_action(*command, run, options, name, help, action);
  };
  const auto add_of_one = [&](const char* name, const char* help, base::Result<int> (*action)(const Options&)) {
    CLI::App* added = add(name, help, action);
    added->add_option("ID", options->id, "The webhook's id")->required();
    return added;
  };
  CLI::App* create = add("create", "Make a webhook; its secret is shown once", run_create);
  create->add_option("--url", options->url, "http:// or https:// address that is called")->type_name("URL")->required();
  create->add_option("--event", options->events, "job.failed, job.*, or * for all; may be repeated")
      ->type_name("NAME")
      ->required();
  create->add_option("--owner", options->owner, "Whose it is (default: local)")->type_name("NAME");
  create->add_option("--description", options->description, "What it is for")->type_name("TEXT");
  CLI::App* list = add("list", "The webhooks, the newest first", run_list);
  list->add_option("--owner", options->of_owner, "Of one owner")->type_name("NAME");
  add_of_one("show", "One webhook", run_show);
  CLI::App* update = add_of_one("update", "Change a webhook", run_update);
  update->add_option("--url", options->new_url, "Another address")->type_name("URL");
  update->add_option("--event", options->events, "Instead of its events; may be repeated")->type_name("NAME");
  update->add_option("--description", options->description, "What it is for")->type_name("TEXT");
  CLI::Option* enable = update->add_flag("--enable", options->enable, "Send to it again");
  update->add_flag("--disable", options->disable, "Send nothing to it")->excludes(enable);
  add_of_one("delete", "Remove a webhook with its deliveries", run_delete);
  CLI::App* rotate = add_of_one("rotate", "Give a webhook another secret", run_rotate);
  rotate->add_option("--grace-hours", options->grace_hours, "The old secret signs beside it for so long (default: 24)")
      ->type_name("N")
      ->check(CLI::Range(0, 720));
  add_of_one("test", "Send a test and say what came back", run_test);
  CLI::App* deliveries = add_of_one("deliveries", "What it was sent, the newest first", run_deliveries);
  CLI::Option* shown =
      deliveries->add_option("--delivery", options->delivery, "One with each of its tries, as JSON")->type_name("ID");
  deliveries->add_option("--state", options->state, "pending, delivering, delivered, failed or cancelled")
      ->type_name("STATE")
      ->excludes(shown);
  deliveries->add_option("--limit", options->limit, "At most so many (default: 100)")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000))
      ->excludes(shown);
  deliveries->add_option("--cursor", options->cursor, "Of the page before")->type_name("TEXT")->excludes(shown);
  CLI::App* replay = add_of_one("replay", "Send events again", run_replay);
  CLI::Option* one = replay->add_option("--delivery", options->delivery, "The event of one delivery")->type_name("ID");
  replay->add_option("--from", options->from, "Events from this time")
      ->type_name("TIME")
      ->check(is_time())
      ->excludes(one);
  replay->add_option("--to", options->to, "Events before this time")
      ->type_name("TIME")
      ->check(is_time())
      ->excludes(one);
  replay->add_flag("--delivered-too", options->delivered_too, "Of the range also those that were delivered")
      ->excludes(one);
}

}  // namespace tradeassist::app
