#include "app/notify_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "app/command.hpp"
#include "app/secrets_folder.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "notify/address_rules.hpp"
#include "notify/job_events.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::milliseconds kDrain{2'000};

template <class T>
base::Result<T> of_setting(const char* setting, base::Result<T> result) {
  if (!result) return base::in_context(setting, std::move(result).error());
  return result;
}

base::Result<notify::ChannelRule> rule_of(std::string_view target, const char* setting, const std::string& events,
                                          const std::string& severity) {
  notify::ChannelRule rule;
  rule.target = target;
  TRY_ASSIGN(rule.events, of_setting(setting, notify::parse_patterns(events)));
  TRY_ASSIGN(rule.severity_min, notify::parse_severity(severity));
  return rule;
}

base::Result<std::string> slack_url(const base::Config& config) {
  const std::string& url = config.slack_url;
  if (url.empty()) return url;
  const bool is_local = url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:");
  const auto checked = notify::check_url(url, true);
  if (checked && (is_local || url.starts_with("https://"))) return *checked;
  // Without the URL: whoever has it may post.
  return base::failure(base::ErrorCode::kInvalidArgument, "slack_url must be the https:// URL of an incoming webhook");
}

base::Result<std::optional<notify::MailSettings>> mail_settings(const base::Config& config) {
  if (config.smtp_server.empty()) return std::nullopt;
  notify::MailSettings mail;
  mail.server = config.smtp_server;
  TRY_ASSIGN(mail.envelope.security, notify::parse_mail_security(config.smtp_security));
  mail.envelope.user = config.smtp_user;
  mail.envelope.password = config.smtp_password;
  mail.envelope.from = config.email_from;
  for (std::string_view left = config.email_to; !left.empty();) {
    if (const std::string_view each = base::take_until(left, ','); !each.empty()) mail.envelope.to.emplace_back(each);
  }
  TRY_ASSIGN(mail, of_setting("e-mail", notify::check_mail(std::move(mail))));
  return mail;
}

base::Result<std::string> remove_old_events(const base::Config& config) {
  const store::DatabaseAddress address = app_address(config);
  if (!address.is_server() && !std::filesystem::exists(address.file)) return "there are none";
  TRY_ASSIGN(const auto outbox, open_outbox(config, ""));
  TRY_ASSIGN(const std::int64_t removed,
             outbox->remove_before(base::now() - std::chrono::days(config.webhook_keep_days)));
  return fmt::format("{} removed", removed);
}

}  // namespace

base::Result<Channels> configured_channels(const base::Config& config) {
  Channels channels;
  TRY_ASSIGN(channels.slack_url, slack_url(config));
  TRY_ASSIGN(channels.mail, mail_settings(config));
  if (!channels.slack_url.empty()) {
    TRY_ASSIGN(auto rule, rule_of(notify::kSlackTarget, "slack_events", config.slack_events, config.slack_severity));
    channels.rules.push_back(std::move(rule));
  }
  if (channels.mail) {
    TRY_ASSIGN(auto rule, rule_of(notify::kEmailTarget, "email_events", config.email_events, config.email_severity));
    channels.rules.push_back(std::move(rule));
  }
  return channels;
}

base::Result<std::unique_ptr<notify::WebhookStore>> open_webhooks(const base::Config& config) {
  notify::WebhookStoreOptions options;
  options.private_allowed = config.webhook_private_addresses == "allowed";
  if (config.secret_key.empty()) {
    TRY_ASSIGN(const std::filesystem::path folder, secrets_folder(config));
    TRY_ASSIGN(options.key, feed::read_or_make_key_file(folder / "webhook.key"));
  } else {
    TRY_ASSIGN(options.key, of_setting("secret_key", feed::parse_secret_key(config.secret_key)));
  }
  return notify::WebhookStore::open(app_address(config), options);
}

base::Result<std::unique_ptr<notify::Outbox>> open_outbox(const base::Config& config, const std::string& taker) {
  notify::OutboxOptions options;
  options.taker = taker;
  TRY_ASSIGN(Channels channels, configured_channels(config));
  options.channels = std::move(channels.rules);
  TRY_ASSIGN(options.schedule, of_setting("webhook_schedule", notify::parse_retry_schedule(config.webhook_schedule)));
  options.disable_after = std::chrono::days(config.webhook_disable_days);
  return notify::Outbox::open(app_address(config), std::move(options));
}

notify::DelivererOptions deliverer_options(const base::Config& config, const Channels& channels) {
  notify::DelivererOptions options;
  options.slack_url = channels.slack_url;
  options.mail = channels.mail;
  options.private_allowed = config.webhook_private_addresses == "allowed";
  options.ca_file = config.outgoing_ca_file;
  return options;
}

base::Result<jobs::JobEnd> job_events(const base::Config& config) {
  TRY_ASSIGN(Channels channels, configured_channels(config));
  return notify::job_events(std::move(channels.rules));
}

void publish_event(const base::Config& config, const notify::Event& event) {
  const store::DatabaseAddress address = app_address(config);
  std::error_code error;
  if (!address.is_server() && !std::filesystem::exists(address.file, error)) return;
  const auto published = [&]() -> base::Result<void> {
    TRY_ASSIGN(const auto outbox, open_outbox(config, ""));
    TRY(outbox->publish(event));
    return {};
  }();
  if (!published) {
    base::log(base::LogLevel::kWarning, "an event could not be recorded",
              {{"type", event.type}, {"reason", published.error().message}});
  }
}

base::Result<std::unique_ptr<NotifyParts>> NotifyParts::make(const base::Config& config, const std::string& identity) {
  TRY_ASSIGN(const Channels channels, configured_channels(config));
  TRY_ASSIGN(auto webhooks, open_webhooks(config));
  TRY_ASSIGN(auto outbox, open_outbox(config, identity));
  return std::make_unique<NotifyParts>(std::move(webhooks), std::move(outbox), deliverer_options(config, channels),
                                       identity);
}

NotifyParts::NotifyParts(std::unique_ptr<notify::WebhookStore> webhooks_, std::unique_ptr<notify::Outbox> outbox_,
                         notify::DelivererOptions options, std::string identity)
    : webhooks(std::move(webhooks_)),
      outbox(std::move(outbox_)),
      deliverer(*outbox, *webhooks, std::move(options)),
      events(*outbox, [this] { deliverer.wake(); }),
      identity_(std::move(identity)) {}

void NotifyParts::say(const char* type) {
  notify::Event event;
  event.type = type;
  event.data = {{"server", identity_}, {"version", TRADEASSIST_VERSION}};
  events.publish(event);
}

void NotifyParts::start() {
  deliverer.start();
  say("system.started");
}

void NotifyParts::say_stopping() { say("system.stopping"); }

void NotifyParts::stop() { deliverer.stop(kDrain); }

std::vector<store::MaintenanceStep> event_steps(const base::Config& config) {
  return {{"retention of events", [config] { return remove_old_events(config); }}};
}

}  // namespace tradeassist::app
