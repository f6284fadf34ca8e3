#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "feed/providers/holes.hpp"
#include "market/series.hpp"

namespace tradeassist::feed {

/// Puts one symbol's minutes of a stream into order by their sequence: repetitions are dropped, what overtook others
/// waits for them a moment, and what never came is a hole. A bar of a sequence that was handed on already, with other
/// values, is a correction and handed on as late. Not thread-safe.
class ChartOrder {
 public:
  struct Ordered {
    market::Bar bar;
    bool is_late = false;
  };
  struct Step {
    std::vector<Ordered> bars;
    std::vector<TimeSpan> holes;
  };

  /// `last`: the start of the last bar that is known already. Bars wait at most `hold` for those before them.
  explicit ChartOrder(std::optional<base::Time> last = {}, base::Nanoseconds hold = std::chrono::seconds(2))
      : last_(last), hold_(hold) {}

  /// `now` is any clock that does not go back.
  Step take(std::int64_t sequence, const market::Bar& bar, base::Nanoseconds now);
  /// Hands on what has waited long enough.
  Step flush(base::Nanoseconds now);
  /// Sequences count anew after this, and the time between is a hole unless the next bar follows at once.
  Step reconnected();

  std::optional<base::Time> last() const { return last_; }

 private:
  struct Held {
    market::Bar bar;
    base::Nanoseconds since;
  };
  void emit(std::int64_t sequence, const market::Bar& bar, bool may_leave_hole, Step& step);
  void drain(bool past_gaps, Step& step);

  std::optional<base::Time> last_;
  const base::Nanoseconds hold_;
  std::optional<std::int64_t> next_;            // the sequence that is due; none on a new connection
  std::map<std::int64_t, Held> held_;           // beyond next_, at most kHeldMax
  std::map<std::int64_t, market::Bar> recent_;  // handed on, at most kRecentMax
};

}  // namespace tradeassist::feed
