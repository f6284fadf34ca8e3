#include "market/fill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "market/buckets.hpp"

namespace tradeassist::market {
namespace {

constexpr std::array<std::pair<FillMethod, std::string_view>, 4> kMethodNames = {
    {{FillMethod::kNone, "none"},
     {FillMethod::kForward, "forward"},
     {FillMethod::kInterpolate, "interpolate"},
     {FillMethod::kZeroVolume, "zero_volume"}}};

Filled flag_of(FillMethod method) {
  switch (method) {
    case FillMethod::kNone: return Filled::kStored;
    case FillMethod::kForward: return Filled::kForward;
    case FillMethod::kInterpolate: return Filled::kInterpolated;
    case FillMethod::kZeroVolume: return Filled::kZeroVolume;
  }
  return Filled::kStored;
}

std::vector<GapKind> kinds_of(const FillQuery& query) {
  if (query.kinds) return *query.kinds;
  if (query.method == FillMethod::kZeroVolume) return {GapKind::kNoTrade};
  return {GapKind::kNoTrade, GapKind::kMissing};
}

base::Result<void> check(const FillQuery& query) {
  for (const GapKind kind : kinds_of(query)) {
    if (kind == GapKind::kClosed || kind == GapKind::kUnknown) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           fmt::format("a gap that is '{}' cannot be filled: there is no trading to fill in; name "
                                       "no_trade or missing",
                                       to_string(kind)));
    }
    if (kind == GapKind::kMissing && query.method == FillMethod::kZeroVolume) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "zero_volume says that nothing traded, which is not known of missing bars; fill them with "
                           "forward or interpolate");
    }
  }
  return {};
}

base::Error too_many(std::size_t bars_max) {
  return {base::ErrorCode::kResourceExhausted,
          fmt::format("filling would make more than {} bars; ask for a shorter range or a higher timeframe, or fill "
                      "no_trade gaps only",
                      bars_max)};
}

/// A bar to make. Its place among all bars that are not there between two stored ones, filled or not, counts: a line
/// goes through all of trading time.
struct Slot {
  std::int64_t time = 0;
  std::size_t place = 0;  // from 1
};

class Filler {
 public:
  Filler(const Series& bars, const FillQuery& query, Buckets buckets)
      : bars_(bars), query_(query), kinds_(kinds_of(query)), buckets_(buckets) {}

  base::Result<FilledSeries> run(const std::vector<Gap>& gaps) {
    for (const ValueColumn column : kOptionalColumns) {
      if (is_present(bars_, column)) present_.push_back(column);
    }
    std::size_t gap = 0;
    for (std::size_t i = 0; i < bars_.size(); ++i) {
      slots_.clear();
      places_ = 0;
      if (i > 0) last_place_time_ = bars_.time[i - 1];
      for (; gap < gaps.size() && base::to_nanoseconds(gaps[gap].from) < bars_.time[i]; ++gap) {
        TRY(add_slots(gaps[gap], i));  // none lies before the first bar
      }
      make_bars(i);
      append_stored(i);
    }
    made_.bars_made = bars_made_;
    return std::move(made_);
  }

 private:
  /// The buckets of a gap before bar `next`. A bucket over the edge of a session can lie in two gaps, or hold a bar.
  base::Result<void> add_slots(const Gap& gap, std::size_t next) {
    if (gap.kind != GapKind::kNoTrade && gap.kind != GapKind::kMissing) return {};
    const bool is_chosen = std::ranges::find(kinds_, gap.kind) != kinds_.end();
    if (!is_chosen && query_.method != FillMethod::kInterpolate) return {};
    const std::int64_t end = std::min(base::to_nanoseconds(gap.to), bars_.time[next]);
    for (std::int64_t at = base::to_nanoseconds(gap.from); at < end;) {
      const Bucket bucket = buckets_.holding(at);
      at = bucket.end;
      if (bucket.start <= last_place_time_ || bucket.start >= bars_.time[next]) continue;
      last_place_time_ = bucket.start;
      ++places_;
      if (!is_chosen) continue;
      if (slots_.size() + bars_made_ >= query_.bars_max) return std::unexpected(too_many(query_.bars_max));
      slots_.push_back({bucket.start, places_});
    }
    return {};
  }

  void make_bars(std::size_t next) {
    if (slots_.empty() || last_close_ != last_close_) return;
    const double to = query_.method == FillMethod::kInterpolate ? next_close(next) : last_close_;
    for (const Slot& slot : slots_) {
      const double part = static_cast<double>(slot.place) / static_cast<double>(places_ + 1);
      append_made(slot.time, to == last_close_ ? to : last_close_ * (1 - part) + to * part);
    }
  }

  /// The first known close from row `next` on, or else the last one before. Rows are asked for in ascending order.
  double next_close(std::size_t next) {
    next_known_ = std::max(next_known_, next);
    while (next_known_ < bars_.size() && bars_.close[next_known_] != bars_.close[next_known_]) ++next_known_;
    return next_known_ < bars_.size() ? bars_.close[next_known_] : last_close_;
  }

  void append_made(std::int64_t time, double price) {
    made_.bars.time.push_back(time);
    for (const ValueColumn column : kPriceColumns) (made_.bars.*column).push_back(price);
    made_.bars.volume.push_back(0);
    for (const ValueColumn column : present_) {
      (made_.bars.*column)
          .push_back(column == &Series::open_interest ? last_open_interest_
                     : column == &Series::trade_count ? 0
                                                      : kNotKnown);
    }
    made_.filled.push_back(static_cast<std::uint8_t>(flag_of(query_.method)));
    ++bars_made_;
  }

  void append_stored(std::size_t i) {
    made_.bars.time.push_back(bars_.time[i]);
    for_each_value_column(bars_, [&](ValueColumn column) { (made_.bars.*column).push_back((bars_.*column)[i]); });
    made_.filled.push_back(static_cast<std::uint8_t>(Filled::kStored));
    if (bars_.close[i] == bars_.close[i]) last_close_ = bars_.close[i];
    if (!bars_.open_interest.empty() && bars_.open_interest[i] == bars_.open_interest[i]) {
      last_open_interest_ = bars_.open_interest[i];
    }
  }

  const Series& bars_;
  const FillQuery& query_;
  std::vector<GapKind> kinds_;
  Buckets buckets_;
  std::vector<ValueColumn> present_;  // of the optional ones
  std::vector<Slot> slots_;           // before the next stored bar
  std::size_t places_ = 0;            // of the bars not there before it
  std::int64_t last_place_time_ = 0;  // of these, or of the stored bar before them
  std::size_t next_known_ = 0;        // no row from the one asked for to this has a known close
  double last_close_ = kNotKnown, last_open_interest_ = kNotKnown;
  std::size_t bars_made_ = 0;
  FilledSeries made_;
};

}  // namespace

std::string_view to_string(FillMethod method) {
  const auto found = std::ranges::find(kMethodNames, method, &std::pair<FillMethod, std::string_view>::first);
  return found == kMethodNames.end() ? std::string_view() : found->second;
}

base::Result<FillMethod> parse_fill_method(std::string_view text) {
  const auto found = std::ranges::find(kMethodNames, text, &std::pair<FillMethod, std::string_view>::second);
  if (found != kMethodNames.end()) return found->first;
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      fmt::format("'{}' is no way to fill; write none, forward, interpolate or zero_volume", text.substr(0, 32)));
}

base::Result<FilledSeries> fill(const Series& bars, const Calendar& calendar, const FillQuery& query) {
  TRY(check(query));
  if (query.method == FillMethod::kNone || bars.empty()) {
    return FilledSeries{bars, std::vector<std::uint8_t>(bars.size(), 0), 0};
  }
  GapQuery asked;
  asked.timeframe = query.timeframe;
  asked.anchor = query.anchor;
  asked.listed_max = std::numeric_limits<std::size_t>::max();  // there are no more than bars and sessions
  TRY_ASSIGN(const GapReport report, find_gaps(bars, calendar, asked));
  TRY_ASSIGN(const Buckets buckets, Buckets::of(query.timeframe, query.anchor));
  return Filler(bars, query, buckets).run(report.gaps);
}

}  // namespace tradeassist::market
