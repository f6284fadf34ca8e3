#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/local_owner.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// What a user says of a question for bars that is kept under a name. Request and schedule are texts of the server's
/// own making (JSON); a store keeps them and knows nothing of them.
struct SavedQueryFields {
  std::string name;  // of one that is not deleted its owner has no second
  std::string description{};
  std::string request{};
  bool is_favourite = false;
  std::vector<std::string> tags{};  // without line breaks
  std::string schedule{};           // empty: asked only when somebody asks
  std::optional<base::Time> next_run_at{};

  bool operator==(const SavedQueryFields&) const = default;
};

/// The same with what is known of it.
struct SavedQuery : SavedQueryFields {
  std::int64_t id = 0;
  std::string owner{base::kLocalOwner};
  base::Time created_at, updated_at;
  std::optional<base::Time> deleted_at{};
  std::int64_t execute_count = 0;            // times that it was answered
  std::chrono::nanoseconds execute_time{0};  // of all of them
  std::optional<base::Time> last_executed_at{};
  std::string last_job_id{};  // of the newest run in the background; empty where there was none

  /// None before it was answered once.
  std::optional<double> average_time_ms() const;
};

/// A page of a listing, in the order of ids. The next page starts after the last id of this one.
struct SavedQueryFilter {
  std::optional<bool> is_favourite{};
  std::string tag{};     // has this tag; empty: any
  std::string search{};  // within name or description, whatever the case of ASCII letters; empty: any
  std::string owner{};   // of this owner; empty: of all
  bool deleted = false;  // those that are deleted, instead of those that are not
  std::int64_t after_id = 0;
  std::int64_t limit = 100;  // at most 1,000
};

/// Most saved queries, deleted ones with them.
constexpr std::int64_t kSavedQueriesMax = 10'000;

/// Saved queries over one connection, in the table `saved_query` of the market database, so that all servers that share
/// it have them. Each has an owner; where one is named, another's query is not found. Functions that write run inside
/// the caller's transaction.
///
/// kAlreadyExists: another has that name; kNotFound: there is none with that id, or it is deleted;
/// kResourceExhausted: there are kSavedQueriesMax.

base::Result<SavedQuery> create_saved_query(Connection& connection, const SavedQueryFields& fields,
                                            std::string_view owner = base::kLocalOwner);
/// Of this owner, of any where it is empty; also one that is deleted, where `with_deleted`.
base::Result<SavedQuery> get_saved_query(Connection& connection, std::int64_t id, bool with_deleted = false,
                                         std::string_view owner = "");
base::Result<std::vector<SavedQuery>> list_saved_queries(Connection& connection, const SavedQueryFilter& filter);
/// Puts `fields` in the place of `before`. kFailedPrecondition when it is not as in `before` any more.
base::Result<SavedQuery> replace_saved_query(Connection& connection, const SavedQuery& before,
                                             const SavedQueryFields& fields);
/// Hides it, or shows it again, as it was. Doing so twice changes nothing.
base::Result<SavedQuery> set_saved_query_deleted(Connection& connection, std::int64_t id, bool deleted,
                                                 std::string_view owner = "");

/// Counts that it was answered, in so long a time. It may be deleted meanwhile.
base::Result<void> count_saved_query_execution(Connection& connection, std::int64_t id, std::chrono::nanoseconds took);
/// Notes its newest run in the background.
base::Result<void> set_saved_query_job(Connection& connection, std::int64_t id, std::string_view job_id);

/// Those that are to be run by `now`, those that wait longest first, at most `limit`.
base::Result<std::vector<SavedQuery>> due_saved_queries(Connection& connection, base::Time now, std::int64_t limit);
/// Those with a schedule, the latest next run first, at most `limit`.
base::Result<std::vector<SavedQuery>> scheduled_saved_queries(Connection& connection, std::int64_t limit);
/// Moves its next run from the one that `due` says to `next`. False when somebody else did: of several servers of one
/// database, one runs it.
base::Result<bool> claim_saved_query_run(Connection& connection, const SavedQuery& due, base::Time next);
/// Those that are worth to be kept ready: favourites first, then those that are asked most.
base::Result<std::vector<SavedQuery>> favoured_saved_queries(Connection& connection, std::int64_t limit);

}  // namespace tradeassist::store
