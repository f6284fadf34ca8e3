#include "store/catalogue/history.hpp"

#include <algorithm>
#include <limits>

namespace tradeassist::store {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::kCreated: return "created";
    case Action::kUpdated: return "updated";
    case Action::kDeleted: return "deleted";
    case Action::kRestored: return "restored";
    case Action::kDataDiscarded: return "data_discarded";
  }
  return "";
}

base::Result<void> add_history(Connection& connection, const HistoryChange& change) {
  const auto optional_text = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  };
  TRY(
      connection.run("INSERT INTO history (at, action, symbol, series_id, before_value, after_value, by_whom) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                     {base::to_nanoseconds(base::now()), to_string(change.action), change.symbol, change.series_id,
                      optional_text(change.before), optional_text(change.after), change.by}));
  return {};
}

base::Result<std::vector<HistoryEntry>> list_history(Connection& connection, const HistoryFilter& filter) {
  return connection.query_all(
      "SELECT history.id, at, action, symbol, series_id, timeframe, source, before_value, after_value, by_whom "
      "FROM history LEFT JOIN series ON series.id = series_id "
      "WHERE ($1 = '' OR symbol = $1) AND history.id < $2 ORDER BY history.id DESC LIMIT $3",
      {filter.symbol, filter.before_id.value_or(std::numeric_limits<std::int64_t>::max()),
       std::clamp<std::int64_t>(filter.limit, 0, 1'000)},
      [](const Row& row) {
        const auto text = [&](int column) { return std::string(row.text(column)); };
        return HistoryEntry{.id = row.integer(0),
                            .at = base::time_from_nanoseconds(row.integer(1)),
                            .action = text(2),
                            .symbol = text(3),
                            .series_id = row.optional_integer(4),
                            .timeframe = text(5),
                            .source = text(6),
                            .before = text(7),
                            .after = text(8),
                            .by = text(9)};
      });
}

}  // namespace tradeassist::store
