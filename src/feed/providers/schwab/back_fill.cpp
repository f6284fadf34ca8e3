#include "feed/providers/schwab/back_fill.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "feed/providers/check_bars.hpp"

namespace tradeassist::feed {
namespace {

constexpr market::Timeframe kMinutes{market::Timeframe::Unit::kMinute, 1};
constexpr std::size_t kJobsMax = 10'000;

}  // namespace

BackFill::BackFill(Provider& history, SourceGuard& guard, Clock& clock, LiveSink& sink, std::stop_token stop)
    : history_(history), guard_(guard), clock_(clock), sink_(sink), stop_(std::move(stop)), thread_([this] {
        work();
      }) {}

BackFill::~BackFill() {
  {
    const std::lock_guard lock(mutex_);
    is_closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BackFill::fill(const std::string& symbol, const TimeSpan& hole, const std::string& reason) {
  add({symbol, {hole}, reason});
}

void BackFill::fill_stored(const std::string& symbol, std::vector<TimeSpan> holes, const std::string& reason) {
  if (!holes.empty()) add({symbol, std::move(holes), reason, true});
}

void BackFill::add(Job job) {
  const TimeSpan whole{job.holes.front().from, job.holes.back().to};
  const std::string symbol = job.symbol, reason = job.reason;
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() < kJobsMax) {
      jobs_.push_back(std::move(job));
      changed_.notify_all();
      return;
    }
  }
  sink_.on_hole({symbol, kMinutes, whole.from, whole.to, reason + "; too many holes wait to be filled", false});
}

void BackFill::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return is_closing_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    const auto done = fetch(job);
    if (done && *done == 0 && job.may_be_quiet) continue;
    const std::string reason = done ? job.reason : job.reason + "; not filled: " + done.error().message;
    sink_.on_hole({job.symbol, kMinutes, job.holes.front().from, job.holes.back().to, reason, done.has_value()});
  }
}

base::Result<std::size_t> BackFill::fetch(const Job& job) {
  TRY_ASSIGN(const market::Instrument instrument, history_.describe(job.symbol));
  const TimeframeCapability* const capability = history_.capabilities().find(kMinutes);
  if (capability == nullptr) return base::failure(base::ErrorCode::kUnsupported, "there is no history of minutes");
  std::size_t handed_on = 0;
  const auto is_missing = [&](base::Time time) {
    const auto after = std::ranges::upper_bound(job.holes, time, {}, &TimeSpan::from);
    return after != job.holes.begin() && time < std::prev(after)->to;
  };
  for (const TimeSpan& span : plan_calls(job.holes, capability->span_max)) {
    const BarRequest request{job.symbol, kMinutes, span.from, span.to, true};
    const BarSink hand_on = [&](const market::Series& bars) -> base::Result<void> {
      BarsChecked checked;
      TRY_ASSIGN(const market::Series good, check_bars(bars, request, instrument.time_zone, clock_.now(), checked));
      for (std::size_t i = 0; i < good.size(); ++i) {
        const market::Bar bar = good.bar(i);
        if (!is_missing(bar.time)) continue;
        sink_.on_bar({job.symbol, kMinutes, bar, true, true});
        ++handed_on;
      }
      return {};
    };
    TRY(guard_.run([&](Attempt& attempt) { return history_.fetch(request, hand_on, attempt); }, stop_));
  }
  return handed_on;
}

}  // namespace tradeassist::feed
