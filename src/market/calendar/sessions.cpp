#include "market/calendar/sessions.hpp"

#include <algorithm>

namespace tradeassist::market {

Session SessionColumns::session(std::size_t i) const {
  return {base::time_from_nanoseconds(open[i]), base::time_from_nanoseconds(close[i]), civil_from_days(trade_day[i]),
          kind[i], early_close[i] != 0};
}

void SessionColumns::push_back(const Session& session) {
  open.push_back(base::to_nanoseconds(session.open));
  close.push_back(base::to_nanoseconds(session.close));
  trade_day.push_back(days_from_civil(session.trade_date));
  kind.push_back(session.kind);
  early_close.push_back(session.early_close ? 1 : 0);
}

std::size_t SessionColumns::seek(std::int64_t t) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(close, t) - close.begin());
}

std::size_t SessionCursor::seek(std::int64_t t) {
  // A bar is nearly always in the session of the one before it, or in the next one.
  const bool forward = t >= t_;
  t_ = t;
  if (forward) {
    for (int step = 0; step < 2; ++step, ++at_) {
      if (at_ >= columns_.size() || t < columns_.close[at_]) return at_;
    }
  }
  return at_ = columns_.seek(t);
}

}  // namespace tradeassist::market
