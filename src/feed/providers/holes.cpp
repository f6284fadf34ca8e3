#include "feed/providers/holes.hpp"

#include <algorithm>
#include <limits>

#include "market/gaps.hpp"
#include "market/instrument_calendar.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::feed {
namespace {

void join(std::vector<TimeSpan>& holes, TimeSpan next) {
  if (next.from >= next.to) return;
  if (!holes.empty() && next.from <= holes.back().to) {
    holes.back().to = std::max(holes.back().to, next.to);
  } else {
    holes.push_back(next);
  }
}

constexpr std::string_view kExtended = " extended";
constexpr std::int64_t kImportsRead = 10'000;

/// The ranges that finished imports asked for, joined and ascending.
base::Result<std::vector<TimeSpan>> asked_before(store::MarketStore& store, std::int64_t series_id, bool extended) {
  TRY_ASSIGN(const std::vector<store::ImportInfo> imports, store.list_imports(series_id, kImportsRead));
  std::vector<TimeSpan> asked;
  for (const store::ImportInfo& import : imports) {
    std::string_view text = import.file;
    const bool is_extended = text.ends_with(kExtended);
    if (is_extended) text.remove_suffix(kExtended.size());
    const std::size_t slash = text.find('/');
    if (!import.finished_at || slash == std::string_view::npos || (extended && !is_extended)) continue;
    const auto from = base::parse_time(text.substr(0, slash)), to = base::parse_time(text.substr(slash + 1));
    if (from && to) asked.push_back({*from, *to});
  }
  std::ranges::sort(asked, {}, &TimeSpan::from);
  std::vector<TimeSpan> joined;
  for (const TimeSpan& span : asked) join(joined, span);
  return joined;
}

bool is_inside(const market::Gap& gap, const std::vector<TimeSpan>& spans) {
  return std::ranges::any_of(spans, [&](const TimeSpan& span) { return span.from <= gap.from && gap.to <= span.to; });
}

}  // namespace

std::string asked_range(const TimeSpan& span, bool extended_hours) {
  return base::format_time(span.from) + "/" + base::format_time(span.to) +
         std::string(extended_hours ? kExtended : std::string_view());
}

base::Result<std::vector<TimeSpan>> find_holes(store::MarketStore& store, std::int64_t series_id,
                                               const market::Instrument& instrument, const BarRequest& request) {
  const TimeSpan whole{request.from, request.to};
  const auto named = market::calendar_name_for(instrument);
  if (!named) return std::vector{whole};
  TRY_ASSIGN(const market::CalendarPtr calendar, market::find_calendar(*named));
  market::Series stored;
  std::vector<TimeSpan> asked;
  if (series_id != 0) {
    TRY_ASSIGN(stored, store.read(series_id, request.from, request.to));
    TRY_ASSIGN(asked, asked_before(store, series_id, request.extended_hours));
  }
  market::GapQuery query;
  query.timeframe = request.timeframe;
  TRY_ASSIGN(query.anchor, store::anchor_of(instrument, stored, request.timeframe));
  query.from = request.from;
  query.to = request.to;
  query.listed_max = std::numeric_limits<std::size_t>::max();
  TRY_ASSIGN(const market::GapReport report, market::find_gaps(stored, *calendar, query));
  // A series of regular hours alone does not tell what of the others is missing.
  if (request.extended_hours && report.hours == market::Hours::kRegular) return std::vector{whole};
  std::vector<TimeSpan> holes;
  for (const market::Gap& gap : report.gaps) {
    const bool wanted = gap.kind == market::GapKind::kMissing || gap.kind == market::GapKind::kUnknown ||
                        (gap.kind == market::GapKind::kNoTrade && !is_inside(gap, asked));
    if (wanted) join(holes, {std::max(gap.from, request.from), std::min(gap.to, request.to)});
  }
  return holes;
}

std::vector<TimeSpan> plan_calls(const std::vector<TimeSpan>& holes, base::Nanoseconds span_max) {
  std::vector<TimeSpan> calls;
  for (TimeSpan hole : holes) {
    // What the call before covers, or can be stretched to cover.
    if (!calls.empty()) {
      const base::Time reach = calls.back().from + span_max;
      if (hole.from < reach) {
        calls.back().to = std::max(calls.back().to, std::min(hole.to, reach));
        hole.from = std::max(hole.from, calls.back().to);
      }
    }
    for (; hole.from < hole.to; hole.from = calls.back().to) {
      const bool is_last = hole.to - hole.from <= span_max;
      calls.push_back({hole.from, is_last ? hole.to : hole.from + span_max});
    }
  }
  return calls;
}

}  // namespace tradeassist::feed
