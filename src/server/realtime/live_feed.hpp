#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/periodic_task.hpp"
#include "server/realtime/live_recorder.hpp"

namespace tradeassist::server {

struct LiveFeedOptions {
  /// Makes the source for each run: what is stored by then is what it goes on from.
  std::function<base::Result<std::unique_ptr<feed::LiveSource>>()> make{};
  std::function<LiveLogin()> login{};           // where the source needs one; called from several threads
  std::chrono::milliseconds login_look{2'000};  // how often it is looked at
};

/// A live source that runs on a thread of its own, with what records it. A source that ended with an error runs again
/// when somebody has logged in since. Where a login needs somebody, that is published and logged: when it comes to be
/// so, and not again before it has changed.
class LiveFeed {
 public:
  /// Begins at once. The error of the first `make`.
  static base::Result<std::unique_ptr<LiveFeed>> start(LiveFeedOptions options, std::unique_ptr<LiveRecorder> recorder);
  /// Stops the source, and waits until its bars are stored.
  ~LiveFeed();

  LiveStatus status() const;

 private:
  LiveFeed(LiveFeedOptions options, std::unique_ptr<feed::LiveSource> first, std::unique_ptr<LiveRecorder> recorder);
  void run(std::unique_ptr<feed::LiveSource> source, const std::stop_token& stop);
  // Both false where they were stopped.
  bool wait_for_login(std::optional<base::Time> before, const std::stop_token& stop) const;
  bool pause(const std::stop_token& stop) const;
  void look_at_login();

  const LiveFeedOptions options_;
  std::unique_ptr<LiveRecorder> recorder_;  // outlives the source's calls
  std::string login_told_ = "valid";        // the state that was told last; of the watch alone
  std::unique_ptr<base::PeriodicTask> login_watch_;
  std::jthread thread_;
};

}  // namespace tradeassist::server
