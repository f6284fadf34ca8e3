#include "store/catalogue/corporate_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/json.hpp"
#include "market/zone_clock.hpp"
#include "store/catalogue/history.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::CorporateAction;

constexpr std::size_t kSourceBytesMax = 256;

/// With the row kept for this transaction: two that put the same action at once go one after the other.
base::Result<std::int64_t> find_instrument(Connection& connection, std::string_view symbol, bool for_write) {
  TRY_ASSIGN(const auto id,
             connection.query_first("SELECT id FROM instrument WHERE symbol = $1 AND deleted_at IS NULL" +
                                        std::string(for_write ? row_lock(connection) : ""),
                                    {symbol}, [](const Row& row) { return row.integer(0); }));
  if (id) return *id;
  return base::failure(ErrorCode::kNotFound, fmt::format("instrument '{}' does not exist or is deleted", symbol));
}

base::Result<void> count_up_version(Connection& connection, std::int64_t instrument_id) {
  TRY(connection.run("UPDATE instrument SET version = version + 1 WHERE id = $1", {instrument_id}));
  return {};
}

std::string text_of(const CorporateAction& action) {
  return base::json_text(boost::json::object{
      {"corporate_action", boost::json::object{{"ex_date", market::to_string(market::civil_from_days(action.ex_date))},
                                               {"kind", market::to_string(action.kind)},
                                               {"value", action.value}}}});
}

base::Result<void> check(std::span<const ActionOf> actions, std::string_view source) {
  if (source.empty() || source.size() > kSourceBytesMax) {
    return base::failure(ErrorCode::kInvalidArgument,
                         fmt::format("source: give 1 to {} bytes, such as the name of a file", kSourceBytesMax));
  }
  if (actions.size() > kActionsPutMax) {
    return base::failure(
        ErrorCode::kResourceExhausted,
        fmt::format("{} splits and dividends at once; at most {} are stored together", actions.size(), kActionsPutMax));
  }
  std::map<std::tuple<std::string_view, std::int64_t, CorporateAction::Kind>, const ActionOf*> seen;
  for (const ActionOf& each : actions) {
    const auto good = market::check_action(each.action);
    if (!good) return base::in_context(each.symbol, good.error());
    const auto [first, is_new] = seen.try_emplace({each.symbol, each.action.ex_date, each.action.kind}, &each);
    if (is_new) continue;
    return base::failure(
        ErrorCode::kInvalidArgument,
        fmt::format("{}: {} comes twice, first with {}; give one {} for a date", each.symbol,
                    market::describe(each.action), first->second->action.value, market::to_string(each.action.kind)));
  }
  return {};
}

enum class Outcome { kAdded, kChanged, kUnchanged };

base::Result<Outcome> put_one(Connection& connection, std::int64_t instrument_id, const ActionOf& put,
                              std::string_view source, std::string_view by) {
  const CorporateAction& action = put.action;
  const std::string_view kind = market::to_string(action.kind);
  TRY_ASSIGN(const auto before,
             connection.query_first(
                 "SELECT value FROM corporate_action WHERE instrument_id = $1 AND ex_date = $2 AND kind = $3",
                 {instrument_id, action.ex_date, kind}, [](const Row& row) { return row.real(0); }));
  if (before && *before == action.value) return Outcome::kUnchanged;
  TRY(connection.run(
      "INSERT INTO corporate_action (instrument_id, ex_date, kind, value, source, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (instrument_id, ex_date, kind) DO UPDATE SET "
      "value = excluded.value, source = excluded.source, updated_at = excluded.updated_at",
      {instrument_id, action.ex_date, kind, action.value, source, base::to_nanoseconds(base::now())}));
  HistoryChange change{.symbol = put.symbol, .after = text_of(action), .by = by};
  if (before) change.before = text_of({action.ex_date, action.kind, *before});
  TRY(add_history(connection, change));
  return before ? Outcome::kChanged : Outcome::kAdded;
}

base::Result<void> check_count(Connection& connection, std::int64_t instrument_id, std::string_view symbol) {
  TRY_ASSIGN(
      const std::int64_t count,
      connection.query_integer("SELECT count(*) FROM corporate_action WHERE instrument_id = $1", {instrument_id}));
  if (count <= static_cast<std::int64_t>(kActionsOfInstrumentMax)) return {};
  return base::failure(ErrorCode::kResourceExhausted,
                       fmt::format("{} would have {} splits and dividends; an instrument has at most {}", symbol, count,
                                   kActionsOfInstrumentMax));
}

}  // namespace

base::Result<std::vector<StoredAction>> list_corporate_actions(Connection& connection, std::string_view symbol) {
  TRY_ASSIGN(const std::int64_t id, find_instrument(connection, symbol, false));
  TRY_ASSIGN(auto all,
             connection.query_all("SELECT ex_date, kind, value, source, created_at, updated_at FROM corporate_action "
                                  "WHERE instrument_id = $1 ORDER BY ex_date",
                                  {id}, [](const Row& row) {
                                    const auto kind = row.text(1) == market::to_string(CorporateAction::Kind::kSplit)
                                                          ? CorporateAction::Kind::kSplit
                                                          : CorporateAction::Kind::kCashDividend;
                                    return StoredAction{.action = {row.integer(0), kind, row.real(2)},
                                                        .source = std::string(row.text(3)),
                                                        .created_at = base::time_from_nanoseconds(row.integer(4)),
                                                        .updated_at = base::time_from_nanoseconds(row.integer(5))};
                                  }));
  std::ranges::sort(all, {}, [](const StoredAction& a) { return std::pair(a.action.ex_date, a.action.kind); });
  return all;
}

base::Result<ActionCounts> put_corporate_actions(Connection& connection, std::span<const ActionOf> actions,
                                                 std::string_view source, std::string_view by) {
  TRY(check(actions, source));
  struct Instrument {
    std::int64_t id = 0;
    bool is_changed = false;
  };
  // Rows are locked in the order of symbols, so that two transactions cannot wait for each other.
  std::map<std::string_view, Instrument> instruments;
  for (const ActionOf& each : actions) instruments.try_emplace(each.symbol);
  for (auto& [symbol, instrument] : instruments) {
    TRY_ASSIGN(instrument.id, find_instrument(connection, symbol, true));
  }
  ActionCounts counts;
  for (const ActionOf& each : actions) {
    Instrument& instrument = instruments.at(each.symbol);
    TRY_ASSIGN(const Outcome outcome, put_one(connection, instrument.id, each, source, by));
    ++(outcome == Outcome::kAdded ? counts.added : outcome == Outcome::kChanged ? counts.changed : counts.unchanged);
    instrument.is_changed = instrument.is_changed || outcome != Outcome::kUnchanged;
  }
  for (const auto& [symbol, instrument] : instruments) {
    if (!instrument.is_changed) continue;
    TRY(check_count(connection, instrument.id, symbol));
    TRY(count_up_version(connection, instrument.id));
  }
  return counts;
}

base::Result<void> remove_corporate_action(Connection& connection, std::string_view symbol, std::int64_t ex_date,
                                           CorporateAction::Kind kind, std::string_view by) {
  TRY_ASSIGN(const std::int64_t id, find_instrument(connection, symbol, true));
  TRY_ASSIGN(
      const auto removed,
      connection.query_first("DELETE FROM corporate_action WHERE instrument_id = $1 AND ex_date = $2 AND "
                             "kind = $3 RETURNING value",
                             {id, ex_date, market::to_string(kind)}, [](const Row& row) { return row.real(0); }));
  if (!removed) {
    return base::failure(ErrorCode::kNotFound, fmt::format("{} has no {} on {}", symbol, market::to_string(kind),
                                                           market::to_string(market::civil_from_days(ex_date))));
  }
  TRY(count_up_version(connection, id));
  return add_history(connection, {.symbol = symbol, .before = text_of({ex_date, kind, *removed}), .by = by});
}

}  // namespace tradeassist::store
