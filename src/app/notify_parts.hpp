#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/result.hpp"
#include "jobs/job_queue.hpp"
#include "notify/deliverer.hpp"
#include "notify/events.hpp"
#include "notify/outbox.hpp"
#include "notify/webhook_store.hpp"
#include "store/maintenance.hpp"

namespace tradeassist::app {

/// Slack and e-mail as configured.
struct Channels {
  std::string slack_url;                     // empty: no Slack
  std::optional<notify::MailSettings> mail;  // none: no e-mail
  std::vector<notify::ChannelRule> rules;    // of those there are
};
/// `config` has its secrets already (secrets::resolve). kInvalidArgument names the setting that is wrong.
base::Result<Channels> configured_channels(const base::Config& config);

/// Webhooks as configured. The key of their secrets is secret_key, or a key file of the data directory.
base::Result<std::unique_ptr<notify::WebhookStore>> open_webhooks(const base::Config& config);
/// `taker`: who delivers; empty: nobody here.
base::Result<std::unique_ptr<notify::Outbox>> open_outbox(const base::Config& config, const std::string& taker);
notify::DelivererOptions deliverer_options(const base::Config& config, const Channels& channels);

/// For queues of jobs: owners are told of the ends of theirs.
base::Result<jobs::JobEnd> job_events(const base::Config& config);

/// Tells an event where the app database is there, for commands; what goes wrong is said in the log.
void publish_event(const base::Config& config, const notify::Event& event);

/// What a server tells and who delivers it.
struct NotifyParts {
  std::unique_ptr<notify::WebhookStore> webhooks;
  std::unique_ptr<notify::Outbox> outbox;
  notify::Deliverer deliverer;
  notify::Events events;

  /// `identity`: the server's name.
  static base::Result<std::unique_ptr<NotifyParts>> make(const base::Config& config, const std::string& identity);

  NotifyParts(std::unique_ptr<notify::WebhookStore> webhooks_, std::unique_ptr<notify::Outbox> outbox_,
              notify::DelivererOptions options, std::string identity);
  NotifyParts(const NotifyParts&) = delete;
  NotifyParts& operator=(const NotifyParts&) = delete;

  /// Delivers from now on, and tells system.started.
  void start();
  /// Tells system.stopping.
  void say_stopping();
  /// Delivers for a moment what is due, and stops; the rest is for the next start.
  void stop();

 private:
  void say(const char* type);

  const std::string identity_;
};

/// Removes events and deliveries that are older than the settings keep.
std::vector<store::MaintenanceStep> event_steps(const base::Config& config);

}  // namespace tradeassist::app
