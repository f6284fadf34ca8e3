#include "market/quality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "market/robust_scale.hpp"

namespace tradeassist::market {
namespace {

using Reason = QualityReason;

/// Fewer moves than this do not tell what is usual.
constexpr std::size_t kMovesMin = 30;

struct ReasonText {
  Reason reason;
  std::string_view name;
  QualityWeight weight;
  std::string_view one, many;  // "1 bar {one}", "2 bars {many}"
};

constexpr std::array<ReasonText, kQualityReasonCount> kReasons = {{
    {Reason::kMissingBars,
     "missing_bars",
     {1, 100},
     "is missing while the market was open; fetch or import it again",
     "are missing while the market was open; fetch or import them again"},
    {Reason::kInconsistent,
     "inconsistent",
     {10, 40},
     "contradicts itself: high below low, open or close outside them, an infinite price or a volume below 0",
     "contradict themselves: high below low, open or close outside them, an infinite price or a volume below 0"},
    {Reason::kUnknownPrice, "unknown_price", {2, 40}, "lacks a price", "lack a price"},
    {Reason::kZeroPrice, "zero_price", {10, 40}, "has a price of 0", "have a price of 0"},
    {Reason::kNegativePrice, "negative_price", {10, 40}, "has a price below 0", "have a price below 0"},
    {Reason::kOutlier,
     "outlier",
     {10, 30},
     "closes far from the one before it; compare it with another source",
     "close far from the ones before them; compare them with another source"},
    {Reason::kStale,
     "stale",
     {1, 20},
     "repeats the one before it in a row too long for a market that trades",
     "repeat each other in rows too long for a market that trades"},
    {Reason::kUnknownVolume, "unknown_volume", {0.1, 10}, "has no known volume", "have no known volume"},
    {Reason::kZeroVolume, "zero_volume", {0.1, 10}, "has a volume of 0", "have a volume of 0"},
    {Reason::kOutsideHours,
     "outside_hours",
     {0.5, 20},
     "lies where the calendar says closed; perhaps the time zone or the calendar is another",
     "lie where the calendar says closed; perhaps the time zone or the calendar is another"},
    {Reason::kDuplicate, "duplicate", {1, 10}, "came more than once", "came more than once"},
    {Reason::kOutOfOrder, "out_of_order", {1, 10}, "came after a later one", "came after later ones"},
}};

constexpr std::size_t index_of(Reason reason) { return static_cast<std::size_t>(reason); }

bool is_known(double x) { return x == x; }

class Judge {
 public:
  Judge(const Series& bars, const QualityQuery& query) : bars_(bars), query_(query) {}

  base::Result<QualityReport> run() {
    TRY(find_days());
    look_at_bars();
    look_for_outliers();
    look_for_stale_bars();
    look_at_hours();
    TRY(take_missing());
    take_ingest_notes();
    return report();
  }

 private:
  base::Result<void> find_days() {
    if (query_.calendar != nullptr || query_.times == BarTimes::kDates) {
      day_of_bar_ = TradeDays(query_.calendar, query_.times).days_of(bars_.time);
    } else {
      TRY_ASSIGN(day_of_bar_, trading_days_of(bars_.time, query_.anchor));
    }
    for (const std::int64_t day : day_of_bar_) ++day_quality(day).bars;
    return {};
  }

  /// Days are asked for in runs.
  DayQuality& day_quality(std::int64_t day) {
    if (last_day_ == nullptr || last_day_->day != day) {
      last_day_ = &days_.try_emplace(day).first->second;
      last_day_->day = day;
    }
    return *last_day_;
  }

  void count(Reason reason, std::int64_t time, std::int64_t day, std::int64_t bars = 1) {
    const std::size_t i = index_of(reason);
    counts_[i] += bars;
    if (!first_[i] || base::to_nanoseconds(*first_[i]) > time) first_[i] = base::time_from_nanoseconds(time);
    day_quality(day).counts[i] += bars;
  }
  void count(Reason reason, std::size_t row) { count(reason, bars_.time[row], day_of_bar_[row]); }

  void look_at_bars() {
    for (std::size_t i = 0; i < bars_.size(); ++i) {
      const double open = bars_.open[i], high = bars_.high[i], low = bars_.low[i], close = bars_.close[i];
      const double volume = bars_.volume[i];
      bool infinite = std::isinf(volume), unknown = false, zero = false, negative = false;
      for (const double price : {open, high, low, close}) {
        infinite |= std::isinf(price);
        unknown |= !is_known(price);
        zero |= price == 0;
        negative |= price < 0;
      }
      // A comparison with a price that is not known is false: it contradicts nothing.
      const bool contradicts = high < low || open > high || open < low || close > high || close < low || volume < 0;
      if (contradicts || infinite) count(Reason::kInconsistent, i);
      if (unknown) count(Reason::kUnknownPrice, i);
      if (zero) count(Reason::kZeroPrice, i);
      if (negative) count(Reason::kNegativePrice, i);
      if (!is_known(volume)) count(Reason::kUnknownVolume, i);
      if (volume == 0) count(Reason::kZeroVolume, i);
    }
  }

  // Outliers ----------------------------------------------------------------------------------------------------------

  /// Moves inside a trading day and from one to the next are different: an ordinary night would be a wild minute.
  bool is_within_day(std::size_t before, std::size_t row) const {
    return query_.timeframe.is_intraday() && day_of_bar_[before] == day_of_bar_[row];
  }

  /// Calls visit(row before, row) for closes that are known and finite.
  template <class Visit>
  void for_each_move(Visit visit) const {
    std::optional<std::size_t> before;
    for (std::size_t i = 0; i < bars_.size(); ++i) {
      if (!std::isfinite(bars_.close[i])) continue;
      if (before) visit(*before, i);
      before = i;
    }
  }

  void look_for_outliers() {
    const auto both_positive = [&](std::size_t a, std::size_t b) { return bars_.close[a] > 0 && bars_.close[b] > 0; };
    const auto logarithm = [&](std::size_t a, std::size_t b) { return std::log(bars_.close[b] / bars_.close[a]); };
    const auto difference = [&](std::size_t a, std::size_t b) { return bars_.close[b] - bars_.close[a]; };
    for (const bool within : {false, true}) {
      std::vector<double> logarithms, differences;
      bool needs_differences = false;
      for_each_move([&](std::size_t a, std::size_t b) {
        if (is_within_day(a, b) != within) return;
        if (both_positive(a, b)) logarithms.push_back(logarithm(a, b));
        needs_differences |= !both_positive(a, b);
      });
      if (needs_differences) {
        for_each_move([&](std::size_t a, std::size_t b) {
          if (is_within_day(a, b) == within) differences.push_back(difference(a, b));
        });
      }
      const auto scale_of = [](const std::vector<double>& moves) {
        return moves.size() < kMovesMin ? RobustScale{} : robust_scale(moves);
      };
      const RobustScale of_logarithms = scale_of(logarithms), of_differences = scale_of(differences);
      for_each_move([&](std::size_t a, std::size_t b) {
        if (is_within_day(a, b) != within) return;
        const bool positive = both_positive(a, b);
        const RobustScale& scale = positive ? of_logarithms : of_differences;
        const double move = positive ? logarithm(a, b) : difference(a, b);
        const double limit = query_.outlier_deviations * scale.deviation;
        if (limit > 0 && std::abs(move - scale.median) > limit) count(Reason::kOutlier, b);
      });
    }
  }

  // Stale bars --------------------------------------------------------------------------------------------------------

  void look_for_stale_bars() {
    const auto same_prices = [&](std::size_t i) {
      return std::ranges::all_of(kPriceColumns,
                                 [&](ValueColumn column) { return (bars_.*column)[i] == (bars_.*column)[i - 1]; });
    };
    const auto same_volume = [&](std::size_t i) {
      return bars_.volume[i] == bars_.volume[i - 1] || (!is_known(bars_.volume[i]) && !is_known(bars_.volume[i - 1]));
    };
    // A bar of no volume says that nothing traded: its price stands still for a reason.
    const auto trades = [&](std::size_t i) { return bars_.volume[i] != 0; };
    count_runs(query_.stale_bars_min, [&](std::size_t i) { return trades(i) && same_prices(i) && same_volume(i); });
    count_runs(query_.flat_bars_min, [&](std::size_t i) {
      return bars_.volume[i] > 0 && bars_.volume[i - 1] > 0 && same_prices(i) && bars_.high[i] == bars_.low[i];
    });
  }

  /// Counts the bars of every run of at least `bars_min` in which each repeats the one before it; once each.
  template <class Repeats>
  void count_runs(std::int64_t bars_min, Repeats repeats) {
    if (is_stale_.empty()) is_stale_.assign(bars_.size(), 0);
    std::size_t start = 0;
    for (std::size_t i = 1; i <= bars_.size(); ++i) {
      if (i < bars_.size() && repeats(i)) continue;
      for (std::size_t row = start; std::cmp_greater_equal(i - start, std::max<std::int64_t>(bars_min, 2)) && row < i;
           ++row) {
        if (is_stale_[row] == 0) count(Reason::kStale, row);
        is_stale_[row] = 1;
      }
      start = i;
    }
  }

  // Calendar, gaps, ingest --------------------------------------------------------------------------------------------

  void look_at_hours() {
    if (query_.calendar == nullptr) return;
    const Calendar& calendar = *query_.calendar;
    if (!query_.timeframe.is_intraday()) {
      if (query_.timeframe != Timeframe{Timeframe::Unit::kDay, 1}) return;  // longer ones hold a trading day somewhere
      for (std::size_t i = 0; i < bars_.size(); ++i) {
        const CivilDate date = civil_from_days(day_of_bar_[i]);
        if (calendar.covers(date) && !calendar.is_trading_day(date)) count(Reason::kOutsideHours, i);
      }
      return;
    }
    // A bar may begin before the session that lies in it.
    const SessionColumns& sessions = calendar.sessions();
    const std::int64_t length = query_.timeframe.nominal_seconds() * base::kNanosecondsPerSecond;
    SessionCursor cursor(sessions);
    for (std::size_t i = 0; i < bars_.size(); ++i) {
      if (!calendar.covers(base::time_from_nanoseconds(bars_.time[i]))) continue;
      const std::size_t next = cursor.seek(bars_.time[i]);
      if (next >= sessions.size() || sessions.open[next] - bars_.time[i] >= length) count(Reason::kOutsideHours, i);
    }
  }

  base::Result<void> take_missing() {
    if (query_.gaps == nullptr) return {};
    TRY_ASSIGN(Buckets buckets, Buckets::of(query_.timeframe, query_.anchor));
    const bool are_instants = query_.times == BarTimes::kInstants;
    const TradeDays days(query_.calendar, query_.times);
    for (const Gap& gap : query_.gaps->gaps) {
      if (gap.kind != GapKind::kMissing) continue;
      const std::int64_t from = base::to_nanoseconds(gap.from), to = base::to_nanoseconds(gap.to);
      if (query_.timeframe.is_intraday()) {  // inside one session
        const bool by_calendar = query_.calendar != nullptr || !are_instants;
        const std::int64_t day = by_calendar ? days.days_of({&from, 1}).front() : buckets.trading_day(from);
        count(Reason::kMissingBars, from, day, gap.bars);
        continue;
      }
      for (std::int64_t at = from; at < to;) {
        const Bucket bucket = buckets.holding(at);
        count(Reason::kMissingBars, bucket.start, are_instants ? buckets.trading_day(at) : day_of(at));
        at = bucket.end;
      }
    }
    // The list may be cut; the count is of all.
    counts_[index_of(Reason::kMissingBars)] = query_.gaps->bars_missing;
    return {};
  }

  void take_ingest_notes() {
    const IngestNotes& notes = query_.ingest;
    counts_[index_of(Reason::kDuplicate)] = notes.duplicates;
    counts_[index_of(Reason::kOutOfOrder)] = notes.out_of_order;
    first_[index_of(Reason::kDuplicate)] = notes.first_duplicate;
    first_[index_of(Reason::kOutOfOrder)] = notes.first_out_of_order;
  }

  // Score -------------------------------------------------------------------------------------------------------------

  /// What a reason is not counted for: it is said all the same.
  bool is_note(Reason reason) const {
    if (reason == Reason::kNegativePrice) return query_.asset_class == "future" || query_.asset_class == "series";
    if (reason == Reason::kUnknownVolume) {
      return std::cmp_equal(counts_[index_of(Reason::kUnknownVolume)], bars_.size());
    }
    return false;
  }

  double penalty(Reason reason, std::int64_t count, std::int64_t bars) const {
    if (count == 0 || is_note(reason)) return 0;
    // What is not among the bars adds to those that were to be judged.
    const bool is_besides =
        reason == Reason::kMissingBars || reason == Reason::kDuplicate || reason == Reason::kOutOfOrder;
    const double all = static_cast<double>(bars) + (is_besides ? static_cast<double>(count) : 0.0);
    const QualityWeight weight = quality_weight(reason);
    return std::min(weight.points_max, weight.points_per_percent * 100 * static_cast<double>(count) / all);
  }

  std::string text_of(Reason reason, std::int64_t bars) const {
    const ReasonText& text = kReasons[index_of(reason)];
    std::string said = bars == 1 ? fmt::format("1 bar {}", text.one) : fmt::format("{} bars {}", bars, text.many);
    if (is_note(reason)) {
      said += reason == Reason::kNegativePrice ? fmt::format(", as a {} may", query_.asset_class)
                                               : ", as is usual where the source has none";
    }
    return said;
  }

  QualityReport report() {
    QualityReport made;
    for (const ReasonText& text : kReasons) {
      const std::size_t i = index_of(text.reason);
      if (counts_[i] == 0) continue;
      const double points = penalty(text.reason, counts_[i], static_cast<std::int64_t>(bars_.size()));
      made.findings.push_back({text.reason, counts_[i], points, first_[i], text_of(text.reason, counts_[i])});
      made.score -= points;
    }
    made.score = std::max(made.score, 0.0);
    for (auto& [date, day] : days_) {
      for (const ReasonText& text : kReasons) {
        day.score -= penalty(text.reason, day.counts[index_of(text.reason)], day.bars);
      }
      day.score = std::max(day.score, 0.0);
      made.days.push_back(day);
    }
    return made;
  }

  const Series& bars_;
  const QualityQuery& query_;
  std::vector<std::int64_t> day_of_bar_;
  std::vector<std::uint8_t> is_stale_;
  std::array<std::int64_t, kQualityReasonCount> counts_{};
  std::array<std::optional<base::Time>, kQualityReasonCount> first_{};
  std::map<std::int64_t, DayQuality> days_;
  DayQuality* last_day_ = nullptr;
};

}  // namespace

std::string_view to_string(QualityReason reason) { return kReasons[index_of(reason)].name; }

QualityWeight quality_weight(QualityReason reason) { return kReasons[index_of(reason)].weight; }

base::Result<QualityReport> quality_of(const Series& bars, const QualityQuery& query) {
  return Judge(bars, query).run();
}

}  // namespace tradeassist::market
