#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/corporate_actions.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// A split or a dividend of an instrument, to be stored.
struct ActionOf {
  std::string symbol;
  market::CorporateAction action{};
};

/// One that is stored.
struct StoredAction {
  market::CorporateAction action{};
  std::string source;  // where its value came from: "api", the name of a file
  base::Time created_at, updated_at;
};

/// How many were new, had another value, or were there already. Their sum is the number of actions put.
struct ActionCounts {
  std::int64_t added = 0, changed = 0, unchanged = 0;
};

constexpr std::size_t kActionsOfInstrumentMax = 10'000;
constexpr std::size_t kActionsPutMax = 100'000;  // in one transaction

/// Splits and dividends over one connection. Functions that write run inside the caller's transaction, count up the
/// versions of the instruments whose actions they changed (content_version.hpp), and note each change in the history.

/// By ex-date, splits before dividends. kNotFound: no such instrument, or it is deleted.
base::Result<std::vector<StoredAction>> list_corporate_actions(Connection& connection, std::string_view symbol);

/// Stores the actions; one that is there with another value is changed. `source` is kept with those that are new or
/// changed. kNotFound: no such instrument; kInvalidArgument, with the action: what market::check_action() refuses, or
/// two actions of one kind, instrument and ex-date; kResourceExhausted: more than the bounds above.
base::Result<ActionCounts> put_corporate_actions(Connection& connection, std::span<const ActionOf> actions,
                                                 std::string_view source, std::string_view by);

/// kNotFound: no such instrument, or none of that kind with that ex-date.
base::Result<void> remove_corporate_action(Connection& connection, std::string_view symbol, std::int64_t ex_date,
                                           market::CorporateAction::Kind kind, std::string_view by);

}  // namespace tradeassist::store
