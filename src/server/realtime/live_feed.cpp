#include "server/realtime/live_feed.hpp"

#include "base/log.hpp"

namespace tradeassist::server {

LiveFeed::LiveFeed(std::unique_ptr<feed::LiveSource> source, std::unique_ptr<LiveRecorder> recorder)
    : recorder_(std::move(recorder)), source_(std::move(source)) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    const auto ended = source_->run(*recorder_, stop);
    if (ended) return;
    base::log(base::LogLevel::kError, "live source ended", {{"reason", ended.error().message}});
    recorder_->on_state(feed::LiveState::kStopped, ended.error().message);
  });
}

LiveFeed::~LiveFeed() {
  thread_.request_stop();
  thread_.join();
}

}  // namespace tradeassist::server
