#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "feed/providers/holes.hpp"
#include "feed/providers/live.hpp"
#include "feed/providers/provider.hpp"
#include "feed/providers/retry.hpp"

namespace tradeassist::feed {

/// Fills holes of a stream of minutes from history, on a thread of its own so that the stream goes on meanwhile. What
/// it was asked to fill when it is destroyed is reported as a hole.
class BackFill {
 public:
  /// All must live longer than this; `sink` is called from the thread.
  BackFill(Provider& history, SourceGuard& guard, Clock& clock, LiveSink& sink, std::stop_token stop);
  ~BackFill();

  void fill(const std::string& symbol, const TimeSpan& hole, const std::string& reason);

  /// The same of minutes that are missing between stored ones, ascending: perhaps nothing traded in them. One call asks
  /// for many, and only bars inside them are handed on. Reported as one hole, unless there was nothing to fill.
  void fill_stored(const std::string& symbol, std::vector<TimeSpan> holes, const std::string& reason);

 private:
  struct Job {
    std::string symbol;
    std::vector<TimeSpan> holes;  // at least one
    std::string reason;
    bool may_be_quiet = false;
  };
  void add(Job job);
  void work();
  base::Result<std::size_t> fetch(const Job& job);  // how many bars were handed on

  Provider& history_;
  SourceGuard& guard_;
  Clock& clock_;
  LiveSink& sink_;
  const std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool is_closing_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace tradeassist::feed
