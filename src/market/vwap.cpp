#include "market/vwap.hpp"

#include <fmt/format.h>

#include <charconv>

#include "market/bar_price.hpp"
#include "market/futures/trade_days.hpp"

namespace tradeassist::market {
namespace {

void add_bar(base::WeightedMean& mean, double price, double volume) {
  if (volume > 0 && price == price) mean.add(price, volume);
}

class Columns {
 public:
  explicit Columns(std::size_t rows) {
    made_.vwap.assign(rows, kNotKnown);
    made_.deviation.assign(rows, kNotKnown);
  }
  void put(std::size_t i, const base::WeightedMean& mean) {
    if (!(mean.weight() > 0)) return;
    made_.vwap[i] = mean.mean();
    made_.deviation[i] = mean.deviation();
  }
  VwapColumns take() { return std::move(made_); }

 private:
  VwapColumns made_;
};

/// `begins(i)` is asked of every bar in order.
template <class Begins, class Counts>
VwapColumns running_vwap(const Series& bars, Begins begins, Counts counts) {
  Columns columns(bars.size());
  base::WeightedMean mean;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (!counts(i)) continue;
    if (begins(i)) mean = {};
    add_bar(mean, mean_price(bars, i), bars.volume[i]);
    columns.put(i, mean);
  }
  return columns.take();
}

}  // namespace

std::string to_string(const VwapRule& rule) {
  switch (rule.kind) {
    case VwapRule::Kind::kBar: return "bar";
    case VwapRule::Kind::kSession: return "session";
    case VwapRule::Kind::kRolling: return fmt::format("rolling:{}", rule.length);
    case VwapRule::Kind::kAnchored: return "anchored:" + base::format_time(rule.anchor);
  }
  return "";
}

base::Result<VwapRule> parse_vwap_rule(std::string_view text) {
  using Kind = VwapRule::Kind;
  constexpr std::string_view kRolling = "rolling:", kAnchored = "anchored:";
  if (text == "bar") return VwapRule{};
  if (text == "session") return VwapRule{.kind = Kind::kSession};
  if (text.starts_with(kRolling)) {
    const std::string_view number = text.substr(kRolling.size());
    VwapRule rule{.kind = Kind::kRolling};
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), rule.length);
    if (error == std::errc() && end == number.data() + number.size() && rule.length >= 1 &&
        rule.length <= kRollingVwapBarsMax) {
      return rule;
    }
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("'{}' is no rolling VWAP; write rolling:N with N from 1 to {} bars",
                                     text.substr(0, 64), kRollingVwapBarsMax));
  }
  if (text.starts_with(kAnchored)) {
    const auto anchor = base::parse_time(text.substr(kAnchored.size()));
    if (anchor) return VwapRule{.kind = Kind::kAnchored, .anchor = *anchor};
    return base::in_context("an anchored VWAP begins at a time, anchored:2026-01-02T14:30:00Z", anchor.error());
  }
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      fmt::format("'{}' is no VWAP; write bar, session, rolling:N or anchored:TIME", text.substr(0, 64)));
}

std::vector<double> bar_vwap(const Series& bars) {
  std::vector<double> prices(bars.size(), kNotKnown);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars.volume[i] > 0) prices[i] = mean_price(bars, i);
  }
  return prices;
}

VwapColumns anchored_vwap(const Series& bars, base::Time from) {
  const std::size_t first = bars.lower_bound(from);
  return running_vwap(bars, [](std::size_t) { return false; }, [first](std::size_t i) { return i >= first; });
}

VwapColumns session_vwap(const Series& bars, std::span<const std::int64_t> trading_day) {
  return running_vwap(
      bars, [&](std::size_t i) { return i > 0 && trading_day[i] != trading_day[i - 1]; },
      [](std::size_t) { return true; });
}

VwapColumns session_vwap(const Series& bars, const CalendarPtr& calendar, Hours hours) {
  const std::vector<std::int64_t> days = TradeDays(calendar, BarTimes::kInstants).days_of(bars.time);
  if (hours == Hours::kAll) return session_vwap(bars, days);
  SessionCursor cursor(calendar->sessions(hours));
  std::int64_t day = 0;
  bool any = false;
  const auto begins = [&](std::size_t i) {
    const bool anew = !any || days[i] != day;
    any = true;
    day = days[i];
    return anew;
  };
  const auto counts = [&](std::size_t i) {
    cursor.seek(bars.time[i]);
    return cursor.is_open() || !calendar->covers(base::time_from_nanoseconds(bars.time[i]));
  };
  return running_vwap(bars, begins, counts);
}

base::WeightedMean RollingVwap::next(double price, double volume) {
  if (older_.size() + newer_.size() == length_) {
    if (older_.empty()) {
      base::WeightedMean sum;
      while (!newer_.empty()) {  // from the newest, so that the oldest comes to lie on top
        sum += newer_.back();
        newer_.pop_back();
        older_.push_back(sum);
      }
      newer_sum_ = {};
    }
    older_.pop_back();
  }
  base::WeightedMean bar;
  add_bar(bar, price, volume);
  newer_.push_back(bar);
  newer_sum_ += bar;
  base::WeightedMean all = newer_sum_;
  if (!older_.empty()) all += older_.back();
  return all;
}

base::Result<VwapColumns> rolling_vwap(const Series& bars, std::size_t length) {
  if (length == 0) {
    return base::failure(base::ErrorCode::kInvalidArgument, "a rolling VWAP needs a length of at least 1 bar, not 0");
  }
  RollingVwap window(length);
  Columns columns(bars.size());
  for (std::size_t i = 0; i < bars.size(); ++i) columns.put(i, window.next(mean_price(bars, i), bars.volume[i]));
  return columns.take();
}

}  // namespace tradeassist::market
