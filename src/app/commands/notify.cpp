#include <fmt/format.h>

#include <string>
#include <vector>

#include "app/channel_test.hpp"
#include "app/command.hpp"
#include "base/json.hpp"

namespace tradeassist::app {

struct ChannelTests {
  std::vector<server::ChannelTest> channels;
};
BOOST_DESCRIBE_STRUCT(ChannelTests, (), (channels))

namespace {

struct Options {
  CommonOptions common;
};

base::Result<int> run_test(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  const base::Config& config = loaded.config;
  TRY_ASSIGN(const Channels channels, configured_channels(config));
  ChannelTests tests;
  for (const std::string& name : names_of(channels)) {
    TRY_ASSIGN(server::ChannelTest test, test_channel(config, name));
    tests.channels.push_back(std::move(test));
  }
  if (tests.channels.empty()) {
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         "no channel is configured: set slack_url for Slack, smtp_server, email_from and email_to for "
                         "e-mail");
  }
  bool all_sent = true;
  for (const server::ChannelTest& each : tests.channels) {
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
