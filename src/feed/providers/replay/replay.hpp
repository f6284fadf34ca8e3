#pragma once

#include <string>
#include <vector>

#include "feed/providers/clock.hpp"
#include "feed/providers/live.hpp"

namespace tradeassist::feed {

struct ReplayOptions {
  double speed = 1;          // market time by time: 60 plays an hour in a minute; 0: as fast as the sink takes them
  bool skips_pauses = true;  // where no bars are (nights), the next one comes after one bar's length
};

/// Stored bars of one symbol for a replay.
struct ReplaySeries {
  std::string symbol;
  market::Timeframe timeframe;
  market::SeriesPtr bars;
};

/// Plays stored bars as if they happened now, each handed on when it would have been over: a rehearsal of what a stream
/// does. Bars of several series come in the order of their ends, those of the same end in the order of the series.
class Replay : public LiveSource {
 public:
  Replay(std::vector<ReplaySeries> series, const ReplayOptions& options, Clock& clock);

  /// kInvalidArgument for a negative speed. A success when all was played.
  base::Result<void> run(LiveSink& sink, const std::stop_token& stop) override;

 private:
  const std::vector<ReplaySeries> series_;
  const ReplayOptions options_;
  Clock& clock_;
};

}  // namespace tradeassist::feed
