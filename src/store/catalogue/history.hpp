#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

enum class Action { kCreated, kUpdated, kDeleted, kRestored, kDataDiscarded };
std::string_view to_string(Action action);  // "data_discarded"

/// One change of an instrument or of one of its series, to be noted. Values are JSON; empty where there is none.
struct HistoryChange {
  Action action = Action::kUpdated;
  std::string_view symbol{};
  std::optional<std::int64_t> series_id{};  // none: of the instrument itself
  std::string before{}, after{};
  std::string_view by{};  // who wanted it: "api", "command line"
};

/// The same, as it was noted.
struct HistoryEntry {
  std::int64_t id = 0;
  base::Time at;
  std::string action, symbol;
  std::optional<std::int64_t> series_id;
  std::string timeframe, source;  // of the series
  std::string before, after;      // JSON; empty where there is none
  std::string by;
};

/// A page of a history. The next one ends before the last id of this one.
struct HistoryFilter {
  std::string symbol{};                     // empty = all
  std::optional<std::int64_t> before_id{};  // exclusive
  std::int64_t limit = 100;                 // at most 1,000
};

/// Notes a change, in the transaction that makes it. There is no way to change or remove what was noted.
base::Result<void> add_history(Connection& connection, const HistoryChange& change);

/// The newest first.
base::Result<std::vector<HistoryEntry>> list_history(Connection& connection, const HistoryFilter& filter);

}  // namespace tradeassist::store
