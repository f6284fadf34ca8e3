#include "store/catalogue/series_health.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "market/calendar/calendar.hpp"
#include "market/futures/contract_name.hpp"
#include "market/futures/product.hpp"
#include "market/instrument_calendar.hpp"
#include "market/open_time.hpp"

namespace tradeassist::store {
namespace {

/// The date on which a futures contract trades last, where its product is known.
std::optional<market::CivilDate> last_trade_date(const market::Instrument& instrument, base::Time last_time) {
  if (instrument.asset_class != "future") return std::nullopt;
  const std::int64_t day = market::day_of(base::to_nanoseconds(last_time));
  const auto name = market::parse_contract(instrument.symbol, {.as_of = market::civil_from_days(day)});
  if (!name) return std::nullopt;
  const auto product = market::find_product(name->root);
  if (!product) return std::nullopt;
  const auto calendar = market::find_calendar(product->calendar);
  if (!calendar) return std::nullopt;
  const auto date = market::last_trade_date(*product, name->delivery, **calendar);
  return date ? std::optional(*date) : std::nullopt;
}

/// Judges series by their instruments' calendars, each of which is looked up once.
class Judge {
 public:
  Judge(std::vector<market::Instrument> instruments, base::Time now) : now_(now) {
    for (market::Instrument& each : instruments) instruments_.emplace(each.symbol, std::move(each));
  }

  SeriesHealth judge(SeriesInfo series) {
    SeriesHealth made{.series = std::move(series)};
    const auto instrument = instruments_.find(made.series.key.symbol);
    if (instrument == instruments_.end()) {  // hidden since the series were listed
      made.freshness.reason = "its instrument is not there any more";
      return made;
    }
    const auto name = market::calendar_name_for(instrument->second);
    if (!name) {
      made.freshness.reason = name.error().message;
      return made;
    }
    made.calendar = *name;
    const auto hours = hours_of(*name);
    if (!hours) {
      made.freshness.reason = hours.error().message;
      return made;
    }
    const auto anchor = market::session_anchor(instrument->second.time_zone, instrument->second.session);
    if (!anchor) {
      made.freshness.reason = anchor.error().message;
      return made;
    }
    market::FreshnessQuery query{.timeframe = made.series.key.timeframe,
                                 .anchor = *anchor,
                                 .row_count = made.series.row_count,
                                 .first_time = made.series.first_time,
                                 .last_time = made.series.last_time,
                                 .now = now_};
    if (query.last_time) query.last_trade_date = last_trade_date(instrument->second, *query.last_time);
    made.freshness = market::freshness_of(query, **hours);
    return made;
  }

 private:
  base::Result<const market::OpenTime*> hours_of(std::string_view name) {
    if (const auto found = hours_.find(name); found != hours_.end()) return found->second.get();
    TRY_ASSIGN(market::CalendarPtr calendar, market::find_calendar(name));
    auto made = std::make_unique<const market::OpenTime>(std::move(calendar));
    return hours_.emplace(name, std::move(made)).first->second.get();
  }

  base::Time now_;
  std::map<std::string, market::Instrument, std::less<>> instruments_;
  std::map<std::string, std::unique_ptr<const market::OpenTime>, std::less<>> hours_;
};

/// Adds what is kept of a series elsewhere in the catalogue.
class Notes {
 public:
  explicit Notes(MarketStore& store) : store_(store) {}

  base::Result<void> add_to(SeriesHealth& entry) {
    TRY_ASSIGN(auto imports, store_.list_imports(entry.series.id, 1));
    if (!imports.empty()) entry.last_import = std::move(imports.front());
    const bool is_ticks = entry.series.key.timeframe == market::kTickTimeframe;
    TRY_ASSIGN(const auto* const dropped, dropped_of(is_ticks ? PartitionKind::kTick : PartitionKind::kBar));
    // What a series had there cannot be told from the database any more; all before its last row may be.
    for (const PartitionRange& range : *dropped) {
      if (!entry.series.last_time || range.first_time <= base::to_nanoseconds(*entry.series.last_time))
        entry.archived.push_back(range);
    }
    TRY_ASSIGN(const auto* const history, history_of(entry.series.key.symbol));
    for (const HistoryEntry& each : *history) {
      if (each.series_id == entry.series.id && each.action == to_string(Action::kDataDiscarded))
        entry.discarded.push_back(each);
    }
    return {};
  }

 private:
  base::Result<const std::vector<PartitionRange>*> dropped_of(PartitionKind kind) {
    const auto found = dropped_.find(kind);
    if (found != dropped_.end()) return &found->second;
    TRY_ASSIGN(auto ranges, store_.dropped_partitions(kind));
    return &dropped_.emplace(kind, std::move(ranges)).first->second;
  }

  /// Of the symbol, its newest 100 changes.
  base::Result<const std::vector<HistoryEntry>*> history_of(const std::string& symbol) {
    const auto found = history_.find(symbol);
    if (found != history_.end()) return &found->second;
    TRY_ASSIGN(auto entries, store_.history({.symbol = symbol}));
    return &history_.emplace(symbol, std::move(entries)).first->second;
  }

  MarketStore& store_;
  std::map<PartitionKind, std::vector<PartitionRange>> dropped_;
  std::map<std::string, std::vector<HistoryEntry>> history_;
};

void count(SeriesHealthPage& page, market::FreshnessState state) {
  switch (state) {
    case market::FreshnessState::kFresh: ++page.fresh; return;
    case market::FreshnessState::kStale: ++page.stale; return;
    case market::FreshnessState::kUnknown: ++page.unknown; return;
  }
}

}  // namespace

base::Result<SeriesHealthPage> series_health(MarketStore& store, const SeriesHealthQuery& query) {
  std::vector<market::Instrument> instruments;
  if (query.symbol.empty()) {
    TRY_ASSIGN(instruments, store.list_instruments());
  } else {
    TRY_ASSIGN(instruments.emplace_back(), store.instrument(query.symbol));
  }
  Judge judge(std::move(instruments), query.now);
  Notes notes(store);
  SeriesHealthPage page;
  const std::int64_t limit = std::clamp<std::int64_t>(query.limit, 1, kSeriesHealthPageMax);
  SeriesFilter filter{.symbol = query.symbol};
  std::int64_t judged = 0;
  bool is_last = false;
  while (!is_last) {
    TRY_ASSIGN(auto listed, store.list_series(filter));
    is_last = listed.size() < static_cast<std::size_t>(filter.limit);
    if (!listed.empty()) filter.after_id = listed.back().id;
    for (SeriesInfo& series : listed) {
      // Pages beyond what is counted are still given.
      const bool is_counted = judged < kSeriesJudgedMax;
      const bool is_full = static_cast<std::int64_t>(page.entries.size()) == limit;
      const bool is_wanted = series.id > query.after_id && !is_full;
      if (series.id > query.after_id && is_full && !page.next_after) page.next_after = page.entries.back().series.id;
      if (!is_counted) page.is_cut = true;
      if (!is_counted && page.next_after) return page;
      if (!is_counted && !is_wanted) continue;
      SeriesHealth entry = judge.judge(std::move(series));
      if (is_counted) {
        ++judged;
        count(page, entry.freshness.state);
      }
      if (!is_wanted) continue;
      TRY(notes.add_to(entry));
      page.entries.push_back(std::move(entry));
    }
  }
  return page;
}

}  // namespace tradeassist::store
