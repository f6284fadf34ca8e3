#include "app/channel_test.hpp"

#include <fmt/format.h>

#include "app/command.hpp"
#include "notify/channels/notice.hpp"
#include "notify/channels/slack.hpp"

namespace tradeassist::app {
namespace {

notify::Notice test_notice() {
  notify::Event event;
  event.type = notify::kTestEvent;
  event.at = base::now();
  event.data = {{"message", "This is a test of notifications."}, {"sent_by", who()}};
  notify::Delivery delivery;
  delivery.event_type = event.type;
  delivery.event_at = event.at;
  delivery.event_id = fmt::format("test_{}", base::to_milliseconds(event.at));
  delivery.body = notify::body_of(event);
  notify::Notice notice = notify::notice_of(delivery);
  notice.title = "Info: a test of notifications";
  return notice;
}

server::ChannelTest send(const base::Config& config, const std::string& channel, notify::Transfer transfer) {
  notify::Transfers transfers(config.outgoing_ca_file);
  server::ChannelTest test;
  test.channel = channel;
  transfers.start(std::move(transfer), [&](const notify::TransferResult& result) {
    const notify::Outcome outcome = notify::outcome_of(result, true, base::now());
    test.sent = outcome.is_delivered;
    if (!test.sent) test.error = outcome.attempt.error;
  });
  while (transfers.running() > 0) transfers.run(std::chrono::milliseconds(100));
  return test;
}

}  // namespace

std::vector<std::string> names_of(const Channels& channels) {
  std::vector<std::string> names;
  if (!channels.slack_url.empty()) names.emplace_back(notify::kSlackTarget);
  if (channels.mail) names.emplace_back(notify::kEmailTarget);
  return names;
}

base::Result<server::ChannelTest> test_channel(const base::Config& config, const std::string& channel) {
  TRY_ASSIGN(const Channels channels, configured_channels(config));
  if (channel == notify::kSlackTarget && !channels.slack_url.empty())
    return send(config, channel, notify::slack_transfer(channels.slack_url, test_notice()));
  if (channel == notify::kEmailTarget && channels.mail)
    return send(config, channel, notify::mail_transfer(*channels.mail, test_notice()));
  return base::failure(base::ErrorCode::kFailedPrecondition,
                       channel == notify::kSlackTarget
                           ? "Slack is not configured: set slack_url"
                           : "e-mail is not configured: set smtp_server, email_from and email_to");
}

}  // namespace tradeassist::app
