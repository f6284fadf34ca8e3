#include "store/catalogue/catalogue.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json.hpp"
#include "store/catalogue/history.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Instrument;

constexpr std::size_t kNameBytesMax = 256;

std::int64_t now() { return base::to_nanoseconds(base::now()); }

std::optional<base::Time> optional_time(const Row& row, int column) {
  return row.optional_integer(column).transform(base::time_from_nanoseconds);
}

base::Result<void> check_text(std::string_view what, std::string_view text, bool may_be_empty) {
  const bool has_control = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if ((text.empty() && !may_be_empty) || text.size() > kNameBytesMax || has_control) {
    return base::failure(ErrorCode::kInvalidArgument,
                         std::string(what) + ": " +
                             (text.empty() ? "is empty" : "is too long or has control characters") + "; give 1 to " +
                             std::to_string(kNameBytesMax) + " printable bytes");
  }
  return {};
}

base::Result<void> check(const Instrument& instrument) {
  TRY(check_text("symbol", instrument.symbol, false));
  const std::pair<const char*, const std::string&> texts[] = {{"name", instrument.name},
                                                              {"exchange", instrument.exchange},
                                                              {"currency", instrument.currency},
                                                              {"time_zone", instrument.time_zone},
                                                              {"session", instrument.session}};
  for (const auto& [what, text] : texts) TRY(check_text(what, text, true));
  if (std::ranges::find(market::kAssetClasses, instrument.asset_class) == market::kAssetClasses.end()) {
    return base::failure(
        ErrorCode::kInvalidArgument,
        fmt::format("asset_class: '{}' is none of {}", instrument.asset_class, fmt::join(market::kAssetClasses, ", ")));
  }
  const std::pair<const char*, double> numbers[] = {{"tick_size", instrument.tick_size},
                                                    {"point_value", instrument.point_value},
                                                    {"quantity_step", instrument.quantity_step}};
  for (const auto& [what, number] : numbers) {
    if (!(number > 0) || std::isinf(number)) {
      return base::failure(ErrorCode::kInvalidArgument, std::string(what) + ": must be a number above 0");
    }
  }
  return {};
}

constexpr const char* kSelectInstrument =
    "SELECT symbol, name, asset_class, exchange, currency, time_zone, session, tick_size, point_value, quantity_step "
    "FROM instrument ";

Instrument instrument_of(const Row& row) {
  const auto text = [&](int column) { return std::string(row.text(column)); };
  return {text(0), text(1), text(2), text(3), text(4), text(5), text(6), row.real(7), row.real(8), row.real(9)};
}

constexpr const char* kSelectSeries =
    "SELECT series.id, symbol, timeframe, source, row_count, corrections, first_time, last_time, appended_at, "
    "coalesce(series.deleted_at, instrument.deleted_at) IS NOT NULL "
    "FROM series JOIN instrument ON instrument.id = series.instrument_id ";

/// The timeframe's text is read last, since it can fail.
struct SeriesRow {
  SeriesInfo info;
  std::string timeframe;
};

SeriesRow series_of(const Row& row) {
  return {{.id = row.integer(0),
           .key = {std::string(row.text(1)), {}, std::string(row.text(3))},
           .row_count = row.integer(4),
           .corrections = row.integer(5),
           .first_time = optional_time(row, 6),
           .last_time = optional_time(row, 7),
           .appended_at = optional_time(row, 8),
           .is_deleted = row.integer(9) != 0},
          std::string(row.text(2))};
}

base::Result<SeriesInfo> finished(SeriesRow row) {
  if (row.timeframe == market::to_string(market::kTickTimeframe)) {
    row.info.key.timeframe = market::kTickTimeframe;
    return std::move(row.info);
  }
  TRY_ASSIGN(row.info.key.timeframe, market::parse_timeframe(row.timeframe));
  return std::move(row.info);
}

base::Error no_instrument(std::string_view symbol) {
  return {ErrorCode::kNotFound, "instrument '" + std::string(symbol) + "' does not exist or is deleted"};
}

base::Error no_series(std::int64_t series_id) {
  return {ErrorCode::kNotFound, "series " + std::to_string(series_id) + " does not exist"};
}

std::string text_of(const Instrument& instrument) { return base::json_text(base::to_json(instrument)); }

/// What of a series is worth remembering when it goes or comes back.
std::string text_of(const SeriesInfo& series) {
  return base::json_text(boost::json::object{{"timeframe", market::to_string(series.key.timeframe)},
                                             {"source", series.key.source},
                                             {"row_count", series.row_count},
                                             {"first_time", base::to_json(series.first_time)},
                                             {"last_time", base::to_json(series.last_time)}});
}

/// Whoever keeps what was read of the instrument's series is to read it again.
base::Result<void> count_up_versions(Connection& connection, std::string_view symbol) {
  TRY(
      connection.run("UPDATE series SET version = version + 1 WHERE instrument_id = (SELECT id FROM instrument WHERE "
                     "symbol = $1)",
                     {symbol}));
  return {};
}

constexpr const char* kInsertInstrument =
    "INSERT INTO instrument (symbol, name, asset_class, exchange, currency, time_zone, session, tick_size, "
    "point_value, quantity_step, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT (symbol) DO NOTHING";

constexpr const char* kUpdateInstrument =
    "UPDATE instrument SET name = $2, asset_class = $3, exchange = $4, currency = $5, time_zone = $6, session = $7, "
    "tick_size = $8, point_value = $9, quantity_step = $10, updated_at = $11, version = version + 1 WHERE symbol = $1";

base::Result<std::int64_t> run_with(Connection& connection, const char* sql, const Instrument& instrument) {
  return connection.run(sql, {instrument.symbol, instrument.name, instrument.asset_class, instrument.exchange,
                              instrument.currency, instrument.time_zone, instrument.session, instrument.tick_size,
                              instrument.point_value, instrument.quantity_step, now()});
}

}  // namespace

base::Result<void> put_instrument(Connection& connection, const Instrument& instrument, std::string_view by) {
  const auto checked = check(instrument);
  if (!checked) return base::in_context("instrument '" + instrument.symbol + "'", checked.error());
  TRY_ASSIGN(const std::int64_t inserted, run_with(connection, kInsertInstrument, instrument));
  if (inserted > 0) {
    return add_history(
        connection, {.action = Action::kCreated, .symbol = instrument.symbol, .after = text_of(instrument), .by = by});
  }
  TRY_ASSIGN(const auto before,
             connection.query_first(
                 std::string(kSelectInstrument) + "WHERE symbol = $1 AND deleted_at IS NULL" + row_lock(connection),
                 {instrument.symbol}, instrument_of));
  if (!before) {
    return base::failure(ErrorCode::kFailedPrecondition,
                         "instrument '" + instrument.symbol + "' is deleted: restore it before changing it");
  }
  if (*before == instrument) return {};
  TRY(run_with(connection, kUpdateInstrument, instrument));
  TRY(count_up_versions(connection, instrument.symbol));
  return add_history(connection, {.action = Action::kUpdated,
                                  .symbol = instrument.symbol,
                                  .before = text_of(*before),
                                  .after = text_of(instrument),
                                  .by = by});
}

base::Result<Instrument> get_instrument(Connection& connection, std::string_view symbol) {
  TRY_ASSIGN(auto instrument,
             connection.query_first(std::string(kSelectInstrument) + "WHERE symbol = $1 AND deleted_at IS NULL",
                                    {symbol}, instrument_of));
  if (!instrument) return std::unexpected(no_instrument(symbol));
  return std::move(*instrument);
}

base::Result<std::vector<Instrument>> list_instruments(Connection& connection, bool deleted) {
  return connection.query_all(std::string(kSelectInstrument) + "WHERE (deleted_at IS NULL) <> $1 ORDER BY symbol",
                              {deleted}, instrument_of);
}

base::Result<void> set_instrument_deleted(Connection& connection, std::string_view symbol, bool deleted,
                                          std::string_view by) {
  const std::optional<std::int64_t> deleted_at = deleted ? std::optional(now()) : std::nullopt;
  TRY_ASSIGN(const std::int64_t changed, connection.run("UPDATE instrument SET deleted_at = $2, version = version + 1 "
                                                        "WHERE symbol = $1 AND (deleted_at IS NULL) = $3",
                                                        {symbol, deleted_at, deleted}));
  if (changed == 0) {
    return base::failure(ErrorCode::kNotFound, "instrument '" + std::string(symbol) + "' does not exist or is " +
                                                   (deleted ? "deleted already" : "not deleted"));
  }
  TRY(count_up_versions(connection, symbol));
  TRY_ASSIGN(const auto instrument,
             connection.query_first(std::string(kSelectInstrument) + "WHERE symbol = $1", {symbol}, instrument_of));
  HistoryChange change{.symbol = symbol, .by = by};
  change.action = deleted ? Action::kDeleted : Action::kRestored;
  (deleted ? change.before : change.after) = text_of(*instrument);
  return add_history(connection, change);
}

base::Result<std::int64_t> ensure_series(Connection& connection, const SeriesKey& key, std::string_view by) {
  TRY(check_text("source", key.source, false));
  TRY_ASSIGN(const auto instrument_id,
             connection.query_first("SELECT id FROM instrument WHERE symbol = $1 AND deleted_at IS NULL", {key.symbol},
                                    [](const Row& row) { return row.integer(0); }));
  if (!instrument_id) return std::unexpected(no_instrument(key.symbol));
  const std::string timeframe = market::to_string(key.timeframe);
  const auto find = [&] {
    return connection.query_first(
        "SELECT id, deleted_at IS NOT NULL FROM series WHERE instrument_id = $1 AND timeframe = $2 AND source = $3",
        {*instrument_id, timeframe, key.source},
        [](const Row& row) { return std::pair(row.integer(0), row.integer(1) != 0); });
  };
  TRY_ASSIGN(auto existing, find());
  if (!existing) {
    // Another process may be making it: this waits for that one, and then finds it.
    TRY_ASSIGN(const auto made,
               connection.query_first("INSERT INTO series (instrument_id, timeframe, source, created_at) "
                                      "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id",
                                      {*instrument_id, timeframe, key.source, now()},
                                      [](const Row& row) { return row.integer(0); }));
    if (made) {
      TRY(add_history(connection, {.action = Action::kCreated,
                                   .symbol = key.symbol,
                                   .series_id = *made,
                                   .after = text_of(SeriesInfo{.key = key}),
                                   .by = by}));
      return *made;
    }
    TRY_ASSIGN(existing, find());
    if (!existing)
      return base::failure(ErrorCode::kUnavailable, "series of " + key.symbol + " is being made; try again");
  }
  if (existing->second) {
    return base::failure(ErrorCode::kFailedPrecondition, "series " + std::to_string(existing->first) + " (" +
                                                             key.symbol + " " + timeframe + " from " + key.source +
                                                             ") is deleted: restore it first");
  }
  return existing->first;
}

base::Result<SeriesInfo> get_series(Connection& connection, std::int64_t series_id) {
  TRY_ASSIGN(auto row,
             connection.query_first(std::string(kSelectSeries) + "WHERE series.id = $1", {series_id}, series_of));
  if (!row) return std::unexpected(no_series(series_id));
  return finished(std::move(*row));
}

base::Result<std::vector<SeriesInfo>> list_series(Connection& connection, const SeriesFilter& filter) {
  TRY_ASSIGN(auto rows, connection.query_all(std::string(kSelectSeries) +
                                                 "WHERE series.id > $1 AND ($2 = '' OR symbol = $2) AND ($3 OR "
                                                 "coalesce(series.deleted_at, instrument.deleted_at) IS NULL) "
                                                 "ORDER BY series.id LIMIT $4",
                                             {filter.after_id, filter.symbol, filter.with_deleted,
                                              std::clamp<std::int64_t>(filter.limit, 0, 1'000)},
                                             series_of));
  std::vector<SeriesInfo> all;
  all.reserve(rows.size());
  for (SeriesRow& row : rows) { TRY_ASSIGN(all.emplace_back(), finished(std::move(row))); }
  return all;
}

base::Result<void> set_series_deleted(Connection& connection, std::int64_t series_id, bool deleted,
                                      std::string_view by) {
  const std::optional<std::int64_t> deleted_at = deleted ? std::optional(now()) : std::nullopt;
  TRY_ASSIGN(const std::int64_t changed, connection.run("UPDATE series SET deleted_at = $2, version = version + 1 "
                                                        "WHERE id = $1 AND (deleted_at IS NULL) = $3",
                                                        {series_id, deleted_at, deleted}));
  if (changed == 0) {
    return base::failure(ErrorCode::kNotFound, "series " + std::to_string(series_id) + " does not exist or is " +
                                                   (deleted ? "deleted already" : "not deleted"));
  }
  TRY_ASSIGN(const SeriesInfo series, get_series(connection, series_id));
  HistoryChange change{.symbol = series.key.symbol, .series_id = series_id, .by = by};
  change.action = deleted ? Action::kDeleted : Action::kRestored;
  (deleted ? change.before : change.after) = text_of(series);
  return add_history(connection, change);
}

base::Result<std::int64_t> begin_import(Connection& connection, std::int64_t series_id, std::string_view source,
                                        std::string_view file) {
  TRY_ASSIGN(const SeriesInfo series, get_series(connection, series_id));
  if (series.is_deleted) return std::unexpected(no_series(series_id));
  return connection.query_integer(
      "INSERT INTO import (series_id, source, file, started_at) VALUES ($1, $2, $3, $4) RETURNING id",
      {series_id, source, file, now()});
}

base::Result<void> finish_import(Connection& connection, std::int64_t import_id) {
  TRY_ASSIGN(
      const std::int64_t changed,
      connection.run("UPDATE import SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL", {import_id, now()}));
  if (changed > 0) return {};
  return base::failure(ErrorCode::kNotFound,
                       "import " + std::to_string(import_id) + " does not exist or is finished already");
}

base::Result<std::vector<ImportInfo>> list_imports(Connection& connection, std::int64_t series_id, std::int64_t limit) {
  return connection.query_all(
      "SELECT id, series_id, source, file, started_at, finished_at, inserted, corrected, unchanged, first_time, "
      "last_time FROM import WHERE series_id = $1 ORDER BY id DESC LIMIT $2",
      {series_id, std::clamp<std::int64_t>(limit, 0, 1'000)}, [](const Row& row) {
        return ImportInfo{.id = row.integer(0),
                          .series_id = row.integer(1),
                          .source = std::string(row.text(2)),
                          .file = std::string(row.text(3)),
                          .started_at = base::time_from_nanoseconds(row.integer(4)),
                          .finished_at = optional_time(row, 5),
                          .inserted = row.integer(6),
                          .corrected = row.integer(7),
                          .unchanged = row.integer(8),
                          .first_time = optional_time(row, 9),
                          .last_time = optional_time(row, 10)};
      });
}

}  // namespace tradeassist::store
