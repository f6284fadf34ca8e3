#include "store/answers/bar_query.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "market/partial.hpp"
#include "market/resample.hpp"
#include "market/vwap.hpp"
#include "store/answers/bar_days.hpp"
#include "store/answers/bar_quality.hpp"
#include "store/answers/bars_of_ticks.hpp"
#include "store/answers/continuous_bars.hpp"
#include "store/answers/price_adjustment.hpp"
#include "store/answers/running_vwap.hpp"

namespace tradeassist::store {
namespace {

bool is_adjusted(const BarQuery& query) { return query.price_adjustment != market::PriceAdjustment::kRaw; }

/// Whether a bar's VWAP is of more than the bar. A daily bar is a session.
bool is_running(const BarQuery& query) {
  if (!query.vwap || query.vwap->kind == market::VwapRule::Kind::kBar) return false;
  return query.vwap->kind != market::VwapRule::Kind::kSession || query.timeframe.is_intraday();
}

base::Result<SeriesInfo> choose_series(MarketStore& store, const BarQuery& query) {
  SeriesFilter filter;
  filter.symbol = query.symbol;
  TRY_ASSIGN(const std::vector<SeriesInfo> all, store.list_series(filter));
  const SeriesInfo* best = nullptr;
  const SeriesInfo* ticks = nullptr;
  std::string stored;
  for (const SeriesInfo& series : all) {
    stored += (stored.empty() ? "" : ", ") + market::to_string(series.key.timeframe);
    if (!query.source.empty() && series.key.source != query.source) continue;
    if (query.base && series.key.timeframe != *query.base) continue;
    if (is_adjusted(query) && !can_adjust(series.key.timeframe)) continue;
    const bool is_ticks = series.key.timeframe == market::kTickTimeframe;
    if (is_ticks && (ticks == nullptr || series.row_count > ticks->row_count)) ticks = &series;
    if (query.tick_rule || !is_made_of(query.timeframe, series.key.timeframe)) continue;
    // The coarsest that serves is the least to read; of equals the one with more bars.
    const auto rank = [](const SeriesInfo& s) { return std::pair(s.key.timeframe.nominal_seconds(), s.row_count); };
    if (best == nullptr || rank(series) > rank(*best)) best = &series;
  }
  if (best != nullptr) return *best;
  if (ticks != nullptr) return *ticks;
  if (all.empty()) {
    return base::failure(base::ErrorCode::kNotFound,
                         fmt::format("no bars of {} are stored; import some first", query.symbol));
  }
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      fmt::format("{} bars of {} cannot be made of what is stored ({}{}){}",
                  query.tick_rule ? market::to_string(*query.tick_rule) : market::to_string(query.timeframe),
                  query.symbol, stored, query.source.empty() ? "" : "; source " + query.source,
                  query.tick_rule      ? ": they are made of ticks; import some with --ticks"
                  : is_adjusted(query) ? ": prices are adjusted in stored bars of a day or less"
                                       : ""));
}

std::string no_bars_there(const SeriesInfo& series) {
  const bool is_ticks = series.key.timeframe == market::kTickTimeframe;
  const std::string_view rows = is_ticks ? "ticks" : "bars";
  if (series.row_count == 0) return fmt::format("the series has no {} yet", rows);
  return fmt::format("the stored {} run from {} to {}", rows, base::format_time(*series.first_time),
                     base::format_time(*series.last_time));
}

base::Result<void> check_adjustment(const BarQuery& query) {
  const auto refused = [](std::string_view why) {
    return base::failure(base::ErrorCode::kInvalidArgument, fmt::format("`price_adjustment`: {}", why));
  };
  if (!is_adjusted(query)) {
    if (!query.with_factors) return {};
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "`factors`: prices as they traded have none; ask for price_adjustment splits or "
                         "splits_and_dividends");
  }
  if (query.tick_rule) return refused("bars of trades, volume, money or range are not adjusted; ask for raw");
  if (query.adjustment && *query.adjustment != market::Adjustment::kNone) {
    return refused(
        "is for splits and dividends of one instrument, `adjustment` for the rolls of a continuous future; "
        "ask for one of them");
  }
  return {};
}

base::Result<void> check_vwap(const BarQuery& query) {
  if (!query.vwap || query.vwap->kind == market::VwapRule::Kind::kBar) return {};
  const auto refused = [&](std::string_view why) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("`vwap`: {} {}; ask for `bar`", market::to_string(*query.vwap), why));
  };
  if (query.tick_rule) return refused("needs bars of time");
  if (query.vwap->kind == market::VwapRule::Kind::kSession && !query.timeframe.is_intraday() &&
      query.timeframe != market::Timeframe{market::Timeframe::Unit::kDay, 1}) {
    return refused("needs bars of a day or less");
  }
  if (query.vwap->kind == market::VwapRule::Kind::kRolling &&
      (query.vwap->length < 1 || query.vwap->length > market::kRollingVwapBarsMax)) {
    return refused(fmt::format("must be of 1 to {} bars", market::kRollingVwapBarsMax));
  }
  return {};
}

base::Result<void> check(const BarQuery& query) {
  if (query.last && *query.last < 1)
    return base::failure(base::ErrorCode::kInvalidArgument, "`last` must be at least 1");
  if (query.from && query.to && *query.from >= *query.to) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("the range is empty: from {} is not before to {}", base::format_time(*query.from),
                                     base::format_time(*query.to)));
  }
  TRY(check_adjustment(query));
  return check_vwap(query);
}

/// The range of rows that a query wants of all bars.
std::pair<std::size_t, std::size_t> wanted_rows(const BarQuery& query, const market::Series& bars) {
  if (query.last) { return {bars.size() - std::min(bars.size(), static_cast<std::size_t>(*query.last)), bars.size()}; }
  const std::size_t first = query.from ? bars.lower_bound(*query.from) : 0;
  const std::size_t end = query.to ? bars.lower_bound(*query.to) : bars.size();
  return {first, std::max(first, end)};
}

/// What the contracts' series say together.
SeriesInfo joined(const BarQuery& query, const std::vector<SeriesInfo>& all) {
  SeriesInfo info = all.front();
  info.id = 0;
  info.key.symbol = query.symbol;
  std::vector<std::string> sources;
  for (const SeriesInfo& each : all) {
    if (std::ranges::find(sources, each.key.source) == sources.end()) sources.push_back(each.key.source);
    if (&each == &all.front()) continue;
    info.row_count += each.row_count;
    info.corrections += each.corrections;
    info.first_time = std::min(info.first_time, each.first_time);
    info.last_time = std::max(info.last_time, each.last_time);
    info.appended_at = std::max(info.appended_at, each.appended_at);
  }
  info.key.source = fmt::format("{}", fmt::join(sources, "+"));
  return info;
}

base::Result<BarAnswer> answer_continuous(MarketStore& store, const BarQuery& query) {
  TRY(check(query));
  TRY_ASSIGN(const market::ContinuousSymbol symbol, market::parse_continuous(query.symbol));
  if (is_adjusted(query)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("`price_adjustment`: {} is a continuous future, which has no splits or dividends; "
                                     "its rolls are taken out with `adjustment`",
                                     query.symbol));
  }
  market::ContinuousOptions options{.rank = symbol.rank,
                                    .adjustment = query.adjustment.value_or(market::Adjustment::kNone),
                                    .missing_overlap = market::MissingOverlap::kNearest};
  options.rule.kind = market::rule_kind_of(symbol.basis);
  if (query.roll) options.rule = *query.roll;
  // Rolls are made at the start of a trade date, so what is longer than a day is made of days.
  market::Timeframe joined_timeframe = query.timeframe;
  if (!query.timeframe.is_intraday()) joined_timeframe = {market::Timeframe::Unit::kDay, 1};
  TRY_ASSIGN(StoredContinuous read, read_continuous(store, symbol.root, joined_timeframe, options));

  BarAnswer made;
  made.timeframe = query.timeframe;
  made.instrument = read.from.instrument;
  made.instrument.symbol = query.symbol;
  made.instrument.name = fmt::format("{} continuous ({})", symbol.root, market::to_string(options.rule));
  made.series = joined(query, read.from.series);
  ContinuousStory story{.adjustment = options.adjustment,
                        .rule = options.rule,
                        .rank = options.rank,
                        .contracts = std::move(read.series.contracts)};
  const bool is_aggregated = joined_timeframe != query.timeframe;
  market::Series bars = std::move(read.series.bars);
  const auto is_known = [](double value) { return value == value; };
  if (std::ranges::any_of(read.series.open_interest, is_known)) {
    bars.open_interest = std::move(read.series.open_interest);
  }
  if (query.vwap) bars.vwap = market::bar_vwap(bars);
  if (is_aggregated) {
    TRY_ASSIGN(const market::SessionAnchor anchor, anchor_of(made.instrument, bars, joined_timeframe));
    TRY_ASSIGN(bars, market::resample(bars, query.timeframe, anchor));
  }
  if (is_running(query)) { TRY_ASSIGN(bars.vwap, running_vwap(made.instrument, bars, *query.vwap)); }
  const auto [first, end] = wanted_rows(query, bars);
  if (static_cast<std::int64_t>(end - first) > query.rows_max) {
    return base::failure(
        base::ErrorCode::kResourceExhausted,
        fmt::format("the range holds {} bars, and one answer gives at most {}: ask for a shorter range", end - first,
                    query.rows_max));
  }
  made.bars = bars.slice(first, end - first);
  if (!is_aggregated) {
    const auto part = [&, from = static_cast<std::ptrdiff_t>(first), to = static_cast<std::ptrdiff_t>(end)](
                          const auto& column) { return std::vector(column.begin() + from, column.begin() + to); };
    story.unadjusted_close = part(read.series.unadjusted_close);
    story.contract = part(read.series.contract);
  }
  for (const market::Roll& roll : read.series.rolls) {
    const std::int64_t at = base::to_nanoseconds(roll.at.time);
    if (!made.bars.empty() && at > made.bars.time.front() && at <= made.bars.time.back()) story.rolls.push_back(roll);
  }
  if (made.bars.empty()) made.empty_reason = no_bars_there(made.series);
  made.continuous = std::move(story);
  return made;
}

/// The column is made by resample(), from prices where it is not known.
void ask_for_vwap(market::Series& bars) {
  if (bars.vwap.empty()) bars.vwap.assign(bars.size(), market::kNotKnown);
}

GapStory find_gap_story(const BarAnswer& answer, const BarQuery& query, const market::CalendarPtr& calendar) {
  GapStory story;
  story.calendar = calendar->name();
  const auto find = [&]() -> base::Result<market::GapReport> {
    market::GapQuery gaps;
    gaps.timeframe = answer.timeframe;
    TRY_ASSIGN(gaps.anchor, anchor_of(answer.instrument, answer.bars, answer.series.key.timeframe));
    gaps.from = query.from;
    gaps.to = query.to;
    return market::find_gaps(answer.bars, *calendar, gaps);
  };
  auto found = find();
  if (found) {
    story.report = std::move(*found);
  } else {
    story.unknown_reason = std::move(found).error().message;
  }
  return story;
}

/// Whether what is stored ends before the last bar does.
base::Result<bool> is_last_partial(const BarAnswer& answer, const market::CalendarPtr& calendar) {
  TRY_ASSIGN(const market::SessionAnchor anchor, anchor_of(answer.instrument, answer.bars, answer.timeframe));
  TRY_ASSIGN(const market::Bucket last_stored,
             market::bucket_of(*answer.series.last_time, answer.series.key.timeframe, anchor));
  TRY_ASSIGN(const market::Bucket last,
             market::bucket_of(base::time_from_nanoseconds(answer.bars.time.back()), answer.timeframe, anchor));
  const bool are_dates = !answer.series.key.timeframe.is_intraday() && anchor.time_zone == "UTC" &&
                         anchor.session_start == std::chrono::minutes(0);
  return market::is_partial(
      base::time_from_nanoseconds(last_stored.end), last,
      {.calendar = calendar, .times = are_dates ? market::BarTimes::kDates : market::BarTimes::kInstants});
}

/// Makes a column of stored bars one of all bars: of those that were made, nothing is known.
void spread(std::vector<double>& column, const std::vector<std::uint8_t>& filled) {
  std::vector<double> all(filled.size(), market::kNotKnown);
  std::size_t next = 0;
  for (std::size_t i = 0; i < filled.size(); ++i) {
    if (filled[i] == 0) all[i] = column[next++];
  }
  column = std::move(all);
}

base::Result<void> fill_in(BarAnswer& answer, const BarQuery& query, const market::CalendarPtr& calendar) {
  market::FillQuery how{.method = query.fill, .timeframe = answer.timeframe, .anchor = {}, .kinds = {}};
  TRY_ASSIGN(how.anchor, anchor_of(answer.instrument, answer.bars, answer.series.key.timeframe));
  how.bars_max = static_cast<std::size_t>(
      std::max<std::int64_t>(0, query.rows_max - static_cast<std::int64_t>(answer.bars.size())));
  TRY_ASSIGN(market::FilledSeries made, market::fill(answer.bars, *calendar, how));
  answer.bars = std::move(made.bars);
  answer.filled = std::move(made.filled);
  if (answer.adjusted && !answer.adjusted->split_factor.empty()) {
    spread(answer.adjusted->split_factor, answer.filled);
    spread(answer.adjusted->dividend_factor, answer.filled);
  }
  // These are not known of bars that were made.
  if (answer.continuous) {
    answer.continuous->unadjusted_close.clear();
    answer.continuous->contract.clear();
  }
  return {};
}

/// What is told with the bars.
base::Result<void> add_story(BarAnswer& answer, const BarQuery& query) {
  if (query.with_quality && (!answer.bars.empty() || answer.tick_rule)) {
    TRY_ASSIGN(BarQuality quality, quality_of_answer(answer, query));
    answer.quality =
        QualityStory{std::move(quality.calendar), quality.report.score, std::move(quality.report.findings)};
  }
  const bool fills = query.fill != market::FillMethod::kNone;
  if (answer.tick_rule) {
    if (query.with_gaps) answer.gaps = GapStory{.calendar = "", .unknown_reason = "only bars of time can be missing"};
    if (!fills) return {};
    return base::failure(base::ErrorCode::kInvalidArgument, "`fill`: only gaps of bars of time can be filled");
  }
  const auto calendar = calendar_of(answer.instrument);
  if (!calendar) {
    if (fills) {
      return base::failure(base::ErrorCode::kInvalidArgument, "`fill` needs a calendar: " + calendar.error().message);
    }
    if (query.with_gaps) answer.gaps = GapStory{.calendar = "", .unknown_reason = calendar.error().message};
  }
  if (answer.bars.empty()) return {};
  if (answer.series.last_time && answer.series.key.timeframe != market::kTickTimeframe) {
    TRY_ASSIGN(answer.last_is_partial, is_last_partial(answer, calendar ? *calendar : nullptr));
  }
  if (!calendar) return {};
  if (query.with_gaps) answer.gaps = find_gap_story(answer, query, *calendar);
  if (fills) return fill_in(answer, query, *calendar);
  return {};
}

}  // namespace

base::Result<BarAnswer> answer(MarketStore& store, const BarQuery& query) {
  auto made = answer_stored(store, query);
  if (!made && made.error().code == base::ErrorCode::kNotFound && market::looks_continuous(query.symbol)) {
    made = answer_continuous(store, query);
  }
  if (!made) return made;
  made->vwap = query.vwap;
  if (is_running(query) && !made->continuous) TRY(add_running_vwap(store, query, *made));
  TRY(add_story(*made, query));
  const bool of_ticks = made->series.key.timeframe == market::kTickTimeframe;
  TRY_ASSIGN(const auto dropped, store.dropped_partitions(of_ticks ? PartitionKind::kTick : PartitionKind::kBar));
  const std::int64_t from = query.from ? base::to_nanoseconds(*query.from) : std::numeric_limits<std::int64_t>::min();
  const std::int64_t to = query.to ? base::to_nanoseconds(*query.to) : std::numeric_limits<std::int64_t>::max();
  for (const PartitionRange& range : dropped) {
    if (!query.last && range.last_time >= from && range.first_time < to) made->archived.push_back(range);
  }
  return made;
}

bool is_made_of(market::Timeframe coarse, market::Timeframe fine) {
  if (fine == market::kTickTimeframe) return false;  // of ticks bars are made, not resampled
  if (fine == coarse) return true;
  const std::int64_t small = fine.nominal_seconds(), large = coarse.nominal_seconds();
  if (small >= large) return false;
  if (!coarse.is_intraday())
    return fine.is_intraday() || fine.unit == market::Timeframe::Unit::kDay ? fine.is_intraday() || fine.count == 1
                                                                            : false;
  return large % small == 0;
}

base::Result<market::SessionAnchor> anchor_of(const market::Instrument& instrument, const market::Series& bars,
                                              market::Timeframe stored) {
  if (has_dates(bars, stored)) return market::SessionAnchor{};
  return market::session_anchor(instrument.time_zone, instrument.session);
}

base::Result<BarAnswer> answer_stored(MarketStore& store, const BarQuery& query) {
  TRY(check(query));
  BarAnswer made;
  made.timeframe = query.timeframe;
  TRY_ASSIGN(made.instrument, store.instrument(query.symbol));
  TRY_ASSIGN(made.series, choose_series(store, query));
  if (made.series.key.timeframe == market::kTickTimeframe) {
    TRY_ASSIGN(made.bars, bars_of_stored_ticks(store, made.series, made.instrument, query));
    made.tick_rule = query.tick_rule;
    if (made.bars.empty()) made.empty_reason = no_bars_there(made.series);
    return made;
  }
  const bool as_stored = made.series.key.timeframe == query.timeframe;
  BarReadOptions options;
  options.rows_max = query.rows_max;
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min(), kMax = std::numeric_limits<std::int64_t>::max();
  if (as_stored && query.last) {
    TRY_ASSIGN(made.bars, store.read_last(made.series.id, *query.last, options));
  } else if (as_stored) {
    TRY_ASSIGN(made.bars, store.read(made.series.id, query.from.value_or(base::time_from_nanoseconds(kMin)),
                                     query.to.value_or(base::time_from_nanoseconds(kMax)), options));
  } else {
    // A bucket that begins before `from` is not part of the answer, and one that begins inside is whole: so a little
    // more is read at both ends, and cut after aggregation.
    const std::int64_t span = query.timeframe.nominal_seconds() * 2 * base::kNanosecondsPerSecond;
    const auto widened = [&](const std::optional<base::Time>& time, std::int64_t by, std::int64_t open_end) {
      if (!time) return base::time_from_nanoseconds(open_end);
      return base::time_from_nanoseconds(base::to_nanoseconds(*time) + by);
    };
    market::Series stored;
    if (query.last) {
      const std::int64_t ratio =
          query.timeframe.nominal_seconds() / std::max<std::int64_t>(1, made.series.key.timeframe.nominal_seconds());
      const std::int64_t wanted = std::min(query.rows_max, (*query.last + 2) * std::max<std::int64_t>(ratio, 1) + 2);
      TRY_ASSIGN(stored, store.read_last(made.series.id, wanted, options));
    } else {
      TRY_ASSIGN(stored,
                 store.read(made.series.id, widened(query.from, -span, kMin), widened(query.to, span, kMax), options));
    }
    TRY_ASSIGN(const market::SessionAnchor anchor, anchor_of(made.instrument, stored, made.series.key.timeframe));
    AdjustedBars adjusted;
    if (is_adjusted(query)) {
      TRY_ASSIGN(adjusted,
                 adjust_stored(store, made.instrument, made.series, std::move(stored), query.price_adjustment));
      stored = adjusted.series.bars;
    }
    if (query.vwap) ask_for_vwap(stored);
    TRY_ASSIGN(made.bars, market::resample(stored, query.timeframe, anchor));
    std::size_t first = query.from ? made.bars.lower_bound(*query.from) : 0;
    const std::size_t end = query.to ? made.bars.lower_bound(*query.to) : made.bars.size();
    if (query.last) {
      // The oldest bucket may lack its first bars, unless the whole series was read.
      const bool whole = static_cast<std::int64_t>(stored.size()) == made.series.row_count;
      const auto wanted = static_cast<std::size_t>(*query.last);
      const std::size_t usable = made.bars.size() - (whole || made.bars.empty() ? 0 : 1);
      first = made.bars.size() - std::min(usable, wanted);
    }
    if (is_adjusted(query)) {
      made.adjusted = adjustment_story(adjusted, query.price_adjustment, made.bars, first, end, query.with_factors);
    }
    made.bars = made.bars.slice(first, end > first ? end - first : 0);
  }
  if (as_stored && is_adjusted(query)) {
    TRY_ASSIGN(AdjustedBars adjusted,
               adjust_stored(store, made.instrument, made.series, std::move(made.bars), query.price_adjustment));
    made.adjusted = adjustment_story(adjusted, query.price_adjustment, adjusted.series.bars, 0,
                                     adjusted.series.bars.size(), query.with_factors);
    made.bars = std::move(adjusted.series.bars);
  }
  if (as_stored && query.vwap) made.bars.vwap = market::bar_vwap(made.bars);
  if (made.bars.empty()) made.empty_reason = no_bars_there(made.series);
  return made;
}

}  // namespace tradeassist::store
