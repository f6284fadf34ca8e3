#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "feed/providers/clock.hpp"
#include "feed/providers/live.hpp"
#include "server/realtime/publisher.hpp"
#include "store/live_appender.hpp"
#include "store/market_store.hpp"

namespace tradeassist::server {

/// What a live source does to one symbol and timeframe.
struct LiveSeriesStatus {
  std::string symbol, timeframe;
  std::optional<base::Time> last_bar;  // start of the newest one that was handed on
  std::int64_t bars = 0;               // handed on, durable where they are stored
  std::int64_t failures = 0;           // could not be stored
};

/// The login that a live source needs.
struct LiveLogin {
  std::string state;    // "none", "valid", "ends_soon", "ended", "unknown"
  bool is_good = true;  // nothing has to be done about it
  std::optional<base::Time> logged_in_at{}, ends_at{};
  std::string message{};  // for people; says what to do where there is something to do
};

struct LiveStatus {
  feed::LiveState state = feed::LiveState::kConnecting;
  base::Time since;
  std::string why;  // for people; empty while all is well
  std::vector<LiveSeriesStatus> series;
  std::deque<feed::LiveHole> holes;  // the newest kHolesMax
  std::int64_t holes_count = 0;
  std::optional<LiveLogin> login{};  // none where the source needs none
};

constexpr std::size_t kHolesMax = 100;

struct LiveRecorderOptions {
  std::string source;     // the series' source, "schwab"
  bool is_stored = true;  // else bars are only published: a rehearsal must not become history
  /// Makes the instrument of a symbol that is not stored yet.
  std::function<base::Result<market::Instrument>(const std::string& symbol)> describe;
};

/// Takes what a live source hands on: stores each bar with others' in a shared commit, and publishes it on
/// `bars:SYMBOL:TIMEFRAME` when it is durable; quotes on `quotes:SYMBOL`; holes and states on `live`. What cannot be
/// stored is not published: it is counted and logged, and the state is degraded until the next bar of it is stored.
///
/// status() may be called from any thread. The publisher must outlive it.
class LiveRecorder : public feed::LiveSink {
 public:
  LiveRecorder(store::MarketStore& store, Publisher& publisher, feed::Clock& clock, LiveRecorderOptions options);
  /// Waits until all bars are stored, and ends their import records.
  ~LiveRecorder() override;

  void on_bar(const feed::LiveBar& bar) override;
  void on_quote(const feed::LiveQuote& quote) override;
  void on_hole(const feed::LiveHole& hole) override;
  void on_state(feed::LiveState state, const std::string& why) override;

  /// Publishes and logs how the login is.
  void on_login(const LiveLogin& login);

  LiveStatus status() const;

 private:
  using Key = std::pair<std::string, std::string>;  // symbol and timeframe
  struct Place {
    std::int64_t series_id = 0, import_id = 0;
  };

  base::Result<Place> place_of(const feed::LiveBar& bar, const Key& key);
  void count_failure(const Key& key, const base::Error& error);
  void hand_on(const Key& key, const feed::LiveBar& bar);
  void change(const std::function<void()>& what);  // of what the state depends on; publishes it where it changed

  store::MarketStore& store_;
  Publisher& publisher_;
  feed::Clock& clock_;
  const LiveRecorderOptions options_;
  std::map<Key, Place> places_;  // of the source's calls, which come one at a time
  mutable std::mutex mutex_;     // of the rest
  LiveStatus status_;
  feed::LiveState source_state_ = feed::LiveState::kConnecting;  // as the source says it
  std::string source_why_;
  bool is_state_told_ = false;           // the first one is, too
  std::map<Key, std::string> unstored_;  // of whose newest bars some could not be stored, and why
  std::map<Key, LiveSeriesStatus> series_;
  std::unique_ptr<store::LiveAppender> appender_;  // last: it calls back
};

}  // namespace tradeassist::server
