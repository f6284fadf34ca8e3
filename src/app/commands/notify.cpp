#include <fmt/format.h>

#include <string>
#include <vector>

#include "app/command.hpp"
#include "app/notify_parts.hpp"
#include "base/json.hpp"
#include "notify/channels/notice.hpp"
#include "notify/channels/slack.hpp"

namespace tradeassist::app {

/// What came of the test of one channel.
struct ChannelTest {
  std::string channel;
  bool sent = false;
  std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(ChannelTest, (), (channel, sent, error))

struct ChannelTests {
  std::vector<ChannelTest> channels;
};
BOOST_DESCRIBE_STRUCT(ChannelTests, (), (channels))

namespace {

struct Options {
  CommonOptions common;
};

/// A message of the kind that the channels get.
base::Result<notify::Notice> test_notice() {
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

ChannelTest send(const base::Config& config, std::string_view channel, notify::Transfer transfer) {
  notify::Transfers transfers(config.outgoing_ca_file);
  ChannelTest test;
  test.channel = channel;
  transfers.start(std::move(transfer), [&](const notify::TransferResult& result) {
    const notify::Outcome outcome = notify::outcome_of(result, true, base::now());
    test.sent = outcome.is_delivered;
    if (!test.sent) test.error = outcome.attempt.error;
  });
  while (transfers.running() > 0) transfers.run(std::chrono::milliseconds(100));
  return test;
}

base::Result<int> run_test(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  const base::Config& config = loaded.config;
  TRY_ASSIGN(const Channels channels, configured_channels(config));
  TRY_ASSIGN(const notify::Notice notice, test_notice());
  ChannelTests tests;
  if (!channels.slack_url.empty())
    tests.channels.push_back(send(config, notify::kSlackTarget, notify::slack_transfer(channels.slack_url, notice)));
  if (channels.mail)
    tests.channels.push_back(send(config, notify::kEmailTarget, notify::mail_transfer(*channels.mail, notice)));
  if (tests.channels.empty()) {
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         "no channel is configured: set slack_url for Slack, smtp_server, email_from and email_to for "
                         "e-mail");
  }
  bool all_sent = true;
  for (const ChannelTest& each : tests.channels) {
    all_sent = all_sent && each.sent;
    if (!options.common.json) fmt::print("{}: {}\n", each.channel, each.sent ? "sent" : *each.error);
  }
  if (options.common.json) fmt::print("{}\n", base::json_text(base::to_json(tests)));
  return all_sent ? kDone : kFailed;
}

}  // namespace

void add_notify_command(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("notify", "Slack and e-mail");
  command->require_subcommand(1);
  command->footer("\nExample:\n  tradeassist notify test");
  auto options = std::make_shared<Options>();
  add_action(*command, run, options, "test", "Send a test to each channel that is configured, and say what came of it",
             run_test);
}

}  // namespace tradeassist::app
