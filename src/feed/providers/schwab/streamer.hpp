#pragma once

#include <map>
#include <string>
#include <vector>

#include "feed/providers/holes.hpp"
#include "feed/providers/live.hpp"
#include "feed/providers/retry.hpp"
#include "feed/providers/schwab/price_history.hpp"
#include "feed/providers/schwab/session.hpp"

namespace tradeassist::feed {

/// Schwab streams at most so many symbols to a user, over all services.
constexpr std::size_t kStreamKeysMax = 500;

struct StreamRequest {
  std::vector<std::string> equities{};        // minutes
  std::vector<std::string> futures{};         // minutes; "/ESZ25", "/ES" for the front contract
  std::vector<std::string> futures_quotes{};  // best bid and ask, last trade, settlement, …
  /// The start of the last bar that is stored, by symbol: what came since is a hole to fill.
  std::map<std::string, base::Time> last_bars{};
  /// Minutes that stored ones lack, ascending, of stocks: a program that was killed had no time to fill them.
  std::map<std::string, std::vector<TimeSpan>> stored_holes{};
};

struct StreamerOptions {
  base::Nanoseconds connect_timeout = std::chrono::seconds(15);
  base::Nanoseconds silence_max = std::chrono::seconds(30);  // without even a heartbeat: connect again
  base::Nanoseconds reorder_hold = std::chrono::seconds(2);
  base::Nanoseconds crowded_pause = std::chrono::seconds(60);  // at least, after "too many connections"
  RetryPolicy reconnect{
      .attempts_max = 0, .first_delay = std::chrono::seconds(1), .delay_max = std::chrono::minutes(1)};
};

/// Schwab's streamer. Connects again whenever the stream breaks, for as long as it takes, and then looks after the
/// hole: of stocks it is filled from price history, of futures, which have none, it is reported. Bars come in order
/// (see ChartOrder), quotes whole: fields that did not change keep their values.
class SchwabStreamer : public LiveSource {
 public:
  /// `history` and `guard` serve the holes of stocks.
  SchwabStreamer(SchwabSession& session, SchwabPriceHistory& history, SourceGuard& guard, StreamRequest request,
                 const StreamerOptions& options = {});

  /// An error when only the user can help: kInvalidArgument (no symbols: Schwab ends a stream without any after 30 s;
  /// more than kStreamKeysMax), kUnavailable (another streamer of this folder runs), kFailedPrecondition (the login).
  base::Result<void> run(LiveSink& sink, const std::stop_token& stop) override;

 private:
  SchwabSession& session_;
  SchwabPriceHistory& history_;
  SourceGuard& guard_;
  const StreamRequest request_;
  const StreamerOptions options_;
};

}  // namespace tradeassist::feed
