#pragma once

#include <memory>
#include <thread>

#include "server/realtime/live_recorder.hpp"

namespace tradeassist::server {

/// A live source that runs on a thread of its own, with what records it.
class LiveFeed {
 public:
  /// Begins at once.
  LiveFeed(std::unique_ptr<feed::LiveSource> source, std::unique_ptr<LiveRecorder> recorder);
  /// Stops the source, and waits until its bars are stored.
  ~LiveFeed();

  LiveStatus status() const { return recorder_->status(); }

 private:
  std::unique_ptr<LiveRecorder> recorder_;  // outlives the source's calls
  std::unique_ptr<feed::LiveSource> source_;
  std::jthread thread_;
};

}  // namespace tradeassist::server
