#include "feed/providers/replay/replay.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <queue>

namespace tradeassist::feed {
namespace {

/// The next bar of one series.
struct Next {
  base::Time end;
  std::size_t series, bar;
  bool operator>(const Next& other) const { return end != other.end ? end > other.end : series > other.series; }
};

base::Nanoseconds length(market::Timeframe timeframe) { return std::chrono::seconds(timeframe.nominal_seconds()); }

}  // namespace

Replay::Replay(std::vector<ReplaySeries> series, const ReplayOptions& options, Clock& clock)
    : series_(std::move(series)), options_(options), clock_(clock) {}

base::Result<void> Replay::run(LiveSink& sink, const std::stop_token& stop) {
  if (!(options_.speed >= 0)) return base::failure(base::ErrorCode::kInvalidArgument, "replay: the speed is negative");
  std::priority_queue<Next, std::vector<Next>, std::greater<>> waiting;
  const auto push = [&](std::size_t series, std::size_t bar) {
    const ReplaySeries& from = series_[series];
    if (bar < from.bars->size()) waiting.push({from.bars->bar(bar).time + length(from.timeframe), series, bar});
  };
  base::Nanoseconds longest_pause{0};
  for (std::size_t i = 0; i < series_.size(); ++i) {
    push(i, 0);
    longest_pause = std::max(longest_pause, length(series_[i].timeframe));
  }
  sink.on_state(LiveState::kLive, "");
  // Against the plan, not from bar to bar: what the sink takes is not added to the pauses.
  base::Nanoseconds due = clock_.elapsed();
  while (!waiting.empty() && !stop.stop_requested()) {
    const Next next = waiting.top();
    waiting.pop();
    const ReplaySeries& from = series_[next.series];
    sink.on_bar({from.symbol, from.timeframe, from.bars->bar(next.bar)});
    push(next.series, next.bar + 1);
    if (options_.speed == 0 || waiting.empty()) continue;
    base::Nanoseconds pause = waiting.top().end - next.end;
    if (options_.skips_pauses) pause = std::min(pause, longest_pause);
    due += std::chrono::duration_cast<base::Nanoseconds>(std::chrono::duration<double>(pause) / options_.speed);
    const base::Nanoseconds left = due - clock_.elapsed();
    if (left.count() > 0 && !clock_.sleep(left, stop)) break;
  }
  sink.on_state(LiveState::kStopped, waiting.empty() ? "all bars were played" : "stopped on request");
  return {};
}

}  // namespace tradeassist::feed
