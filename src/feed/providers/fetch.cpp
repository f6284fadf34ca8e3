#include "feed/providers/fetch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "feed/providers/holes.hpp"
#include "store/catalogue/all_series.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

/// A provider may be this late with a bar: a newer one that is not there is asked for again.
constexpr base::Nanoseconds kSettled = std::chrono::minutes(15);

std::string names_of(const Capabilities& capabilities) {
  std::string names;
  for (const auto& entry : capabilities.timeframes)
    names += (names.empty() ? "" : ", ") + market::to_string(entry.timeframe);
  return names;
}

/// One symbol on its way from the provider to the store.
class SymbolRun {
 public:
  SymbolRun(store::MarketStore& store, Provider& provider, SourceGuard& guard, Clock& clock, const BarRequest& request,
            bool again, const std::stop_token& stop, const FetchProgressHook& progress)
      : store_(store),
        provider_(provider),
        guard_(guard),
        clock_(clock),
        request_(request),
        again_(again),
        stop_(stop),
        progress_(progress) {
    fetch_.symbol = request.symbol;
  }

  SymbolFetch run() {
    auto done = fetch_all();
    // Left open after an error: then the range was not asked for to its end.
    if (done && import_id_ != 0) done = store_.finish_import(import_id_);
    if (!done) fetch_.error = done.error();
    const bool cancelled = !done && done.error().code == ErrorCode::kCancelled;
    tell(done ? "done" : cancelled ? "cancelled" : "failed", done ? "" : done.error().message);
    return std::move(fetch_);
  }

 private:
  base::Result<void> fetch_all() {
    tell("looking");
    TRY(find_instrument());
    TRY(find_series());
    TRY_ASSIGN(const std::vector<TimeSpan> calls, plan());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      percent_ = 100.0 * static_cast<double>(i) / static_cast<double>(calls.size());
      tell("fetching");
      BarRequest part = request_;
      part.from = calls[i].from;
      part.to = calls[i].to;
      const auto done =
          guard_.run([&](Attempt& attempt) { return call(part, attempt); }, stop_,
                     [&](std::string_view why, base::Nanoseconds pause) {
                       tell("waiting", fmt::format("{}; {:.1f} s", why, std::chrono::duration<double>(pause).count()));
                     });
      if (!done) return std::unexpected(store_error_.value_or(done.error()));
      ++fetch_.calls;
    }
    percent_ = 100;
    explain_nothing(calls.empty());
    return {};
  }

  base::Result<void> call(const BarRequest& part, Attempt& attempt) {
    return provider_.fetch(
        part,
        [&](const market::Series& bars) -> base::Result<void> {
          if (stop_.stop_requested()) return failure(ErrorCode::kCancelled, "stopped on request");
          auto stored = store_chunk(bars, part);
          if (!stored) {
            store_error_ = stored.error();
            stored.error().code = ErrorCode::kIo;  // no fault of the source: not to be tried there again
          }
          return stored;
        },
        attempt);
  }

  base::Result<void> store_chunk(const market::Series& bars, const BarRequest& part) {
    TRY_ASSIGN(const market::Series good, check_bars(bars, part, instrument_.time_zone, clock_.now(), fetch_.checked));
    if (good.empty()) return {};
    if (series_id_ == 0) {
      if (is_new_instrument_) TRY(store_.put_instrument(instrument_));
      TRY_ASSIGN(series_id_, store_.ensure_series(key()));
    }
    if (import_id_ == 0) {
      TRY_ASSIGN(import_id_,
                 store_.begin_import(series_id_, provider_.name(), asked_range(asked_, request_.extended_hours)));
    }
    TRY_ASSIGN(const store::AppendResult stored, store_.append(series_id_, good, import_id_));
    fetch_.stored.inserted += stored.inserted;
    fetch_.stored.corrected += stored.corrected;
    fetch_.stored.unchanged += stored.unchanged;
    tell("fetching");
    return {};
  }

  base::Result<void> find_instrument() {
    // Asked first: what the provider does not have is refused, whatever the store calls it.
    TRY_ASSIGN(instrument_, provider_.describe(request_.symbol));
    auto known = store_.instrument(request_.symbol);
    is_new_instrument_ = !known;
    if (known) {
      instrument_ = *known;
    } else if (known.error().code != ErrorCode::kNotFound) {
      return std::unexpected(std::move(known).error());
    }
    const auto& classes = provider_.capabilities().asset_classes;
    if (std::ranges::find(classes, instrument_.asset_class) == classes.end()) {
      return failure(ErrorCode::kUnsupported,
                     fmt::format("{} is stored as {}, and {} has {}", request_.symbol, instrument_.asset_class,
                                 provider_.name(), fmt::join(classes, ", ")));
    }
    return {};
  }

  base::Result<void> find_series() {
    TRY_ASSIGN(const std::vector<store::SeriesInfo> all, store::all_series(store_, request_.symbol));
    for (const store::SeriesInfo& info : all) {
      if (info.key.timeframe == request_.timeframe && info.key.source == provider_.name()) series_id_ = info.id;
    }
    return {};
  }

  base::Result<std::vector<TimeSpan>> plan() {
    const TimeframeCapability& capability = *provider_.capabilities().find(request_.timeframe);
    BarRequest within = request_;
    within.to = std::min(within.to, clock_.now());
    if (capability.depth && within.from < clock_.now() - *capability.depth) {
      within.from = clock_.now() - *capability.depth;
      fetch_.note =
          fmt::format("{} keeps about {} days of {}, so what is before {} was not asked for", provider_.name(),
                      std::chrono::duration_cast<std::chrono::days>(*capability.depth).count(),
                      market::to_string(request_.timeframe), base::format_time(within.from));
    }
    if (within.from >= within.to) {
      if (fetch_.note.empty()) fetch_.note = "the range has not begun yet";
      return std::vector<TimeSpan>{};
    }
    asked_ = {within.from, std::max(within.from, std::min(within.to, clock_.now() - kSettled))};
    std::vector<TimeSpan> holes{{within.from, within.to}};
    if (!again_) { TRY_ASSIGN(holes, find_holes(store_, series_id_, instrument_, within)); }
    std::vector<TimeSpan> calls = plan_calls(holes, capability.span_max);
    if (calls.size() > kFetchCallsMax) {
      return failure(
          ErrorCode::kResourceExhausted,
          fmt::format("{} calls would be needed, and the bound is {}; ask for a shorter range or longer bars",
                      calls.size(), kFetchCallsMax));
    }
    return calls;
  }

  void explain_nothing(bool nothing_missing) {
    if (fetch_.checked.kept > 0 || !fetch_.note.empty()) return;
    const BarsChecked& checked = fetch_.checked;
    if (nothing_missing) {
      fetch_.note = "nothing is missing in this range: the bars are stored, or the market was closed";
    } else if (checked.received == 0) {
      fetch_.note = fmt::format("{} has no bars of it in this range; is the symbol right, and did it trade then?",
                                provider_.name());
    } else {
      fetch_.note = fmt::format("of {} bars received none was kept: {} bad, {} outside the range, {} not over yet",
                                checked.received, checked.bad, checked.outside, checked.unfinished);
    }
  }

  void tell(std::string_view step, std::string detail = {}) const {
    if (progress_)
      progress_({request_.symbol, percent_, step, fetch_.stored.inserted + fetch_.stored.corrected, std::move(detail)});
  }

  store::SeriesKey key() const { return {request_.symbol, request_.timeframe, std::string(provider_.name())}; }

  store::MarketStore& store_;
  Provider& provider_;
  SourceGuard& guard_;
  Clock& clock_;
  const BarRequest request_;
  const bool again_;
  const std::stop_token& stop_;
  const FetchProgressHook& progress_;
  SymbolFetch fetch_;
  market::Instrument instrument_;
  bool is_new_instrument_ = false;
  TimeSpan asked_;
  std::optional<base::Error> store_error_;
  std::int64_t series_id_ = 0, import_id_ = 0;  // 0: none yet; made with the first bar, so that failures leave no trace
  double percent_ = 0;
};

}  // namespace

base::Result<std::vector<SymbolFetch>> fetch_bars(store::MarketStore& store, Provider& provider, SourceGuard& guard,
                                                  Clock& clock, const FetchRequest& request,
                                                  const std::stop_token& stop, const FetchProgressHook& progress) {
  if (request.symbols.empty()) return failure(ErrorCode::kInvalidArgument, "fetch: no symbol was given");
  if (request.symbols.size() > kFetchSymbolsMax)
    return failure(ErrorCode::kResourceExhausted, fmt::format("fetch: more than {} symbols", kFetchSymbolsMax));
  if (request.from >= request.to) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("fetch: the range is empty: from {} is not before to {}",
                               base::format_time(request.from), base::format_time(request.to)));
  }
  if (provider.capabilities().find(request.timeframe) == nullptr) {
    return failure(
        ErrorCode::kUnsupported,
        fmt::format("{} has no bars of {}; it has {}. Fetch finer ones: longer bars are made of them", provider.name(),
                    market::to_string(request.timeframe), names_of(provider.capabilities())));
  }
  std::vector<SymbolFetch> results;
  for (const std::string& symbol : request.symbols) {
    const BarRequest one{symbol, request.timeframe, request.from, request.to, request.extended_hours};
    results.push_back(SymbolRun(store, provider, guard, clock, one, request.again, stop, progress).run());
  }
  return results;
}

std::string describe(const SymbolFetch& fetch) {
  const store::AppendResult& stored = fetch.stored;
  std::string text = fmt::format("{}: ", fetch.symbol);
  if (fetch.error) text += fetch.error->message + "; before that ";
  text += fmt::format("{} new bars", stored.inserted);
  if (stored.corrected > 0) text += fmt::format(", {} replaced by other values", stored.corrected);
  if (stored.unchanged > 0) text += fmt::format(", {} there already", stored.unchanged);
  text += fmt::format(" in {} {}", fetch.calls, fetch.calls == 1 ? "call" : "calls");
  if (fetch.checked.bad > 0)
    text += fmt::format("; {} bad bars were left out: {}", fetch.checked.bad, fetch.checked.first_problem);
  if (!fetch.note.empty()) text += "; " + fetch.note;
  return text;
}

}  // namespace tradeassist::feed
