#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "feed/providers/live.hpp"

namespace tradeassist::feed {

/// For tests: keeps everything, and lets another thread wait for it.
class RecordingSink : public LiveSink {
 public:
  void on_bar(const LiveBar& bar) override {
    keep([&] { bars.push_back(bar); });
  }
  void on_quote(const LiveQuote& quote) override {
    keep([&] { quotes.push_back(quote); });
  }
  void on_hole(const LiveHole& hole) override {
    keep([&] { holes.push_back(hole); });
  }
  void on_state(LiveState state, const std::string& why) override {
    keep([&] { states.emplace_back(state, why); });
  }

  /// Waits until `is_done`, called with everything locked; false after ten seconds.
  bool wait(const std::function<bool()>& is_done) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), is_done);
  }
  bool has_state(LiveState state, std::string_view why) const {
    for (const auto& [seen, text] : states) {
      if (seen == state && text.find(why) != std::string::npos) return true;
    }
    return false;
  }

  std::vector<LiveBar> bars;
  std::vector<LiveQuote> quotes;
  std::vector<LiveHole> holes;
  std::vector<std::pair<LiveState, std::string>> states;
  std::function<void()> after_each;

 private:
  template <class Keep>
  void keep(Keep what) {
    {
      const std::lock_guard lock(mutex_);
      what();
    }
    changed_.notify_all();
    if (after_each) after_each();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace tradeassist::feed
