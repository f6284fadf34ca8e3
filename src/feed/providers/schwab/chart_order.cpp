#include "feed/providers/schwab/chart_order.hpp"

#include <bit>

namespace tradeassist::feed {
namespace {

constexpr std::size_t kHeldMax = 16, kRecentMax = 512;
constexpr base::Nanoseconds kMinute = std::chrono::minutes(1);

bool is_same(const market::Bar& a, const market::Bar& b) {
  const auto bits = [](double x) { return std::bit_cast<std::uint64_t>(x); };
  return a.time == b.time && a.open == b.open && a.high == b.high && a.low == b.low && a.close == b.close &&
         bits(a.volume) == bits(b.volume);
}

}  // namespace

void ChartOrder::emit(std::int64_t sequence, const market::Bar& bar, bool may_leave_hole, Step& step) {
  const bool is_late = last_ && bar.time <= *last_;
  if (may_leave_hole && last_ && bar.time > *last_ + kMinute) step.holes.push_back({*last_ + kMinute, bar.time});
  step.bars.push_back({bar, is_late});
  if (!is_late) last_ = bar.time;
  recent_[sequence] = bar;
  if (recent_.size() > kRecentMax) recent_.erase(recent_.begin());
}

void ChartOrder::drain(bool past_gaps, Step& step) {
  while (!held_.empty() && (past_gaps || held_.begin()->first == *next_)) {
    const auto [sequence, held] = *held_.begin();
    held_.erase(held_.begin());
    emit(sequence, held.bar, sequence != *next_, step);
    next_ = sequence + 1;
  }
}

ChartOrder::Step ChartOrder::take(std::int64_t sequence, const market::Bar& bar, base::Nanoseconds now) {
  Step step;
  if (const auto known = recent_.find(sequence); known != recent_.end() && known->second.time == bar.time) {
    if (is_same(known->second, bar)) return step;
    known->second = bar;
    step.bars.push_back({bar, last_ && bar.time <= *last_});
    return step;
  }
  const bool begins = !next_ || (sequence < *next_ && last_ && bar.time > *last_);  // or counts from the start again
  if (begins) {
    if (next_) drain(true, step);
    if (!recent_.empty() && sequence <= recent_.rbegin()->first) recent_.clear();  // other bars' numbers
    // What history has already given is no news; a first bar that follows others leaves no hole.
    emit(sequence, bar, !next_, step);
    next_ = sequence + 1;
  } else if (sequence < *next_) {
    emit(sequence, bar, false, step);
  } else {
    held_[sequence] = {bar, now};
    drain(held_.size() > kHeldMax, step);
  }
  return step;
}

ChartOrder::Step ChartOrder::flush(base::Nanoseconds now) {
  Step step;
  for (const auto& [sequence, held] : held_) {
    if (now - held.since < hold_) continue;
    drain(true, step);
    break;
  }
  return step;
}

ChartOrder::Step ChartOrder::reconnected() {
  Step step;
  drain(true, step);
  next_.reset();
  return step;
}

}  // namespace tradeassist::feed
