#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "diagnostics/error_groups.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::diagnostics {

enum class ErrorState { kOpen, kResolved, kIgnored };
std::string_view to_string(ErrorState state);
base::Result<ErrorState> parse_error_state(std::string_view text);

/// Errors that are the same, as they are kept.
struct ErrorGroup {
  std::string id, message, place;
  ErrorState state = ErrorState::kOpen;
  std::int64_t count = 0;
  base::Time first_seen, last_seen;
  std::string sample;   // the fields of the last one: a JSON object
  std::string version;  // of the program that had the last one
};

struct ErrorPage {
  std::vector<ErrorGroup> groups;
  std::string next_cursor;  // empty: that was all
};

/// Groups of errors in the app database. Any number of processes may have it open; every method may be called from any
/// thread.
class ErrorStore {
 public:
  static constexpr std::int64_t kGroupsMax = 1'000;  // those that were seen last stay

  /// Opens it, the app schema brought to the newest version.
  static base::Result<std::unique_ptr<ErrorStore>> open(const store::DatabaseAddress& address);

  /// Adds to what is there. A group that was resolved and comes again is open again; an ignored one stays so.
  base::Result<void> add(const std::vector<CountedErrors>& counted, std::string_view version);
  /// Those seen last first. kInvalidArgument: the cursor is none.
  base::Result<ErrorPage> list(std::optional<ErrorState> state = std::nullopt, std::int64_t limit = 100,
                               std::string_view cursor = "");
  /// kNotFound.
  base::Result<ErrorGroup> get(std::string_view id);
  base::Result<ErrorGroup> set_state(std::string_view id, ErrorState state);

 private:
  explicit ErrorStore(std::unique_ptr<store::Connection> connection) : connection_(std::move(connection)) {}

  base::Result<void> add_one(const CountedErrors& counted, std::string_view version);
  base::Result<ErrorGroup> find(std::string_view id);  // while mutex_ is held

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
};

}  // namespace tradeassist::diagnostics
