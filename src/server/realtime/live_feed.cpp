#include "server/realtime/live_feed.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/pause.hpp"

namespace tradeassist::server {

base::Result<std::unique_ptr<LiveFeed>> LiveFeed::start(LiveFeedOptions options,
                                                        std::unique_ptr<LiveRecorder> recorder) {
  TRY_ASSIGN(auto first, options.make());
  return std::unique_ptr<LiveFeed>(new LiveFeed(std::move(options), std::move(first), std::move(recorder)));
}

LiveFeed::LiveFeed(LiveFeedOptions options, std::unique_ptr<feed::LiveSource> first,
                   std::unique_ptr<LiveRecorder> recorder)
    : options_(std::move(options)), recorder_(std::move(recorder)) {
  if (options_.login) {
    login_watch_ =
        std::make_unique<base::PeriodicTask>(options_.login_look, [this](const std::stop_token&) { look_at_login(); });
  }
  thread_ = std::jthread(
      [this, source = std::move(first)](const std::stop_token& stop) mutable { run(std::move(source), stop); });
}

LiveFeed::~LiveFeed() {
  thread_.request_stop();
  thread_.join();
}

void LiveFeed::run(std::unique_ptr<feed::LiveSource> source, const std::stop_token& stop) {
  while (true) {
    const auto login_before = options_.login ? options_.login().logged_in_at : std::nullopt;
    const base::Result<void> ended = source->run(*recorder_, stop);
    if (ended || stop.stop_requested()) return;
    base::log(base::LogLevel::kError, "live source ended", {{"reason", ended.error().message}});
    recorder_->on_state(feed::LiveState::kStopped, ended.error().message);
    source.reset();
    if (!options_.login || !wait_for_login(login_before, stop)) return;
    auto next = options_.make();
    while (!next) {
      recorder_->on_state(feed::LiveState::kStopped, next.error().message);
      if (!pause(stop)) return;
      next = options_.make();
    }
    source = std::move(*next);
  }
}

bool LiveFeed::wait_for_login(std::optional<base::Time> before, const std::stop_token& stop) const {
  do {
    const LiveLogin login = options_.login();
    if (login.logged_in_at && login.logged_in_at != before) return true;
  } while (pause(stop));
  return false;
}

bool LiveFeed::pause(const std::stop_token& stop) const { return base::pause(stop, options_.login_look); }

void LiveFeed::look_at_login() {
  const LiveLogin login = options_.login();
  if (login.state == login_told_) return;
  login_told_ = login.state;
  recorder_->on_login(login);
}

LiveStatus LiveFeed::status() const {
  LiveStatus now = recorder_->status();
  if (options_.login) now.login = options_.login();
  return now;
}

}  // namespace tradeassist::server
