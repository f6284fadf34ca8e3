#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::market {

/// Regular: the main session (US stocks 09:30-16:00; of futures the day session, once the pit's). Extended: all other
/// trading, such as the evening and the night on Globex.
enum class SessionKind : std::uint8_t { kRegular, kExtended };

/// Which sessions a question is about.
enum class Hours : std::uint8_t { kRegular, kAll };

/// One interval of trading without a pause. A trade date has several where the market pauses.
struct Session {
  base::Time open, close;  // close is excluded
  CivilDate trade_date;
  SessionKind kind = SessionKind::kRegular;
  bool early_close = false;  // trading ends earlier than usual that day

  bool operator==(const Session&) const = default;
};

/// Sessions as columns, sorted and disjoint: open[i] < close[i] <= open[i + 1].
struct SessionColumns {
  std::vector<std::int64_t> open, close;  // nanoseconds UTC
  std::vector<std::int64_t> trade_day;    // days since 1970-01-01, never descending
  std::vector<SessionKind> kind;
  std::vector<std::uint8_t> early_close;  // 0 or 1

  std::size_t size() const { return open.size(); }
  Session session(std::size_t i) const;
  void push_back(const Session& session);

  /// Index of the session open at `t`, or else of the next to open; size() after the last. Binary search.
  std::size_t seek(std::int64_t t) const;
};

/// `seek` for times that mostly ascend, as in a loop over bars: constant time a step, whatever the length of the
/// series. Refers to the columns, which must outlive it; each thread has its own.
class SessionCursor {
 public:
  explicit SessionCursor(const SessionColumns& columns) : columns_(columns) {}

  /// As SessionColumns::seek. Times may go back; that costs a binary search.
  std::size_t seek(std::int64_t t);

  /// True when the session found by the last `seek(t)` is open at that `t`.
  bool is_open() const { return at_ < columns_.size() && columns_.open[at_] <= t_; }

 private:
  const SessionColumns& columns_;
  std::size_t at_ = 0;
  std::int64_t t_ = 0;
};

}  // namespace tradeassist::market
