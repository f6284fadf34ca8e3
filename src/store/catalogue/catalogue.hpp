#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"
#include "market/timeframe.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// Bars of one instrument, in one timeframe, from one source ("csv", "schwab"): what is stored and read as one.
struct SeriesKey {
  std::string symbol;
  market::Timeframe timeframe;
  std::string source;
};

struct SeriesInfo {
  std::int64_t id = 0;
  SeriesKey key;
  std::int64_t row_count = 0;
  std::int64_t corrections = 0;                         // bars whose stored values were replaced by others
  std::optional<base::Time> first_time{}, last_time{};  // of its bars, inclusive; none while it is empty
  std::optional<base::Time> appended_at{};              // freshness: when bars last came, even if they changed nothing
  bool is_deleted = false;
};

/// A page of a listing, in the order of ids. The next page starts after the last id of this one.
struct SeriesFilter {
  std::string symbol{};  // empty = all
  bool with_deleted = false;
  std::int64_t after_id = 0;
  std::int64_t limit = 1'000;
};

/// Where a part of a series came from.
struct ImportInfo {
  std::int64_t id = 0;
  std::int64_t series_id = 0;
  std::string source;  // "csv"
  std::string file;    // as the user named it; empty where there is none
  base::Time started_at;
  std::optional<base::Time> finished_at;  // none: still running, or stopped half way
  std::int64_t inserted = 0, corrected = 0, unchanged = 0;
  std::optional<base::Time> first_time, last_time;  // of its bars, inclusive
};

/// Instruments, series and imports over one connection. Functions that write run inside the caller's transaction, and
/// note in the history (history.hpp) what they changed, and who wanted it.

/// Creates or updates, by symbol. kInvalidArgument names the field that is wrong.
base::Result<void> put_instrument(Connection& connection, const market::Instrument& instrument, std::string_view by);
/// kNotFound also for one that is deleted.
base::Result<market::Instrument> get_instrument(Connection& connection, std::string_view symbol);
/// By symbol: those there are, or those that are deleted.
base::Result<std::vector<market::Instrument>> list_instruments(Connection& connection, bool deleted = false);
/// Hides the instrument and its series, or shows them again; series that were deleted by themselves stay so. Nothing
/// stored is touched, but the series' versions count up: what was read of them holds no more.
base::Result<void> set_instrument_deleted(Connection& connection, std::string_view symbol, bool deleted,
                                          std::string_view by);

/// The series with this key, created when it is new. kNotFound: no such instrument; kFailedPrecondition: deleted.
base::Result<std::int64_t> ensure_series(Connection& connection, const SeriesKey& key, std::string_view by);
base::Result<SeriesInfo> get_series(Connection& connection, std::int64_t series_id);
base::Result<std::vector<SeriesInfo>> list_series(Connection& connection, const SeriesFilter& filter);
base::Result<void> set_series_deleted(Connection& connection, std::int64_t series_id, bool deleted,
                                      std::string_view by);

base::Result<std::int64_t> begin_import(Connection& connection, std::int64_t series_id, std::string_view source,
                                        std::string_view file);
base::Result<void> finish_import(Connection& connection, std::int64_t import_id);
/// The newest first.
base::Result<std::vector<ImportInfo>> list_imports(Connection& connection, std::int64_t series_id, std::int64_t limit);

}  // namespace tradeassist::store
