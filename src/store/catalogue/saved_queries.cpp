#include "store/catalogue/saved_queries.hpp"

#include <algorithm>

namespace tradeassist::store {
namespace {

constexpr std::string_view kColumns =
    "id, name, description, request, is_favourite, tags, schedule, next_run_at, created_at, updated_at, deleted_at, "
    "execute_count, execute_nanoseconds, last_executed_at, last_job_id, owner";
constexpr std::int64_t kPageMax = 1'000;

// Each tag between two line breaks, so that one is found as a whole: "\nenergy\nfutures\n".
std::string tags_text(const std::vector<std::string>& tags) {
  std::string text;
  for (const std::string& tag : tags) (text += text.empty() ? "\n" : "") += tag + "\n";
  return text;
}

std::vector<std::string> tags_of(std::string_view text) {
  std::vector<std::string> tags;
  while (text.size() > 1) {
    text.remove_prefix(1);
    const std::size_t end = text.find('\n');
    tags.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return tags;
}

SavedQuery read_query(const Row& row) {
  const auto text = [&](int column) { return std::string(row.text(column)); };
  const auto time = [&](int column) { return base::time_from_nanoseconds(row.integer(column)); };
  const auto optional_time = [&](int column) {
    return row.is_null(column) ? std::nullopt : std::optional(time(column));
  };
  SavedQuery query;
  query.id = row.integer(0);
  query.name = text(1);
  query.description = text(2);
  query.request = text(3);
  query.is_favourite = row.integer(4) != 0;
  query.tags = tags_of(row.text(5));
  query.schedule = text(6);
  query.next_run_at = optional_time(7);
  query.created_at = time(8);
  query.updated_at = time(9);
  query.deleted_at = optional_time(10);
  query.execute_count = row.integer(11);
  query.execute_time = std::chrono::nanoseconds(row.integer(12));
  query.last_executed_at = optional_time(13);
  query.last_job_id = text(14);
  query.owner = text(15);
  return query;
}

base::Result<std::vector<SavedQuery>> read_queries(Connection& connection, const std::string& rest,
                                                   Parameters parameters) {
  return connection.query_all("SELECT " + std::string(kColumns) + " FROM saved_query " + rest, parameters, read_query);
}

std::optional<std::int64_t> nanoseconds(const std::optional<base::Time>& time) {
  return time ? std::optional(base::to_nanoseconds(*time)) : std::nullopt;
}

base::Error none(std::int64_t id) {
  return {base::ErrorCode::kNotFound, "there is no saved query " + std::to_string(id)};
}

/// The index would refuse it too, in the database's words.
base::Result<void> check_name_is_free(Connection& connection, std::string_view owner, std::string_view name,
                                      std::int64_t own_id) {
  TRY_ASSIGN(
      const std::int64_t others,
      connection.query_integer("SELECT count(*) FROM saved_query WHERE name = $1 AND id <> $2 AND owner = $3 AND "
                               "deleted_at IS NULL",
                               {name, own_id, owner}));
  if (others == 0) return {};
  return base::failure(base::ErrorCode::kAlreadyExists,
                       "another saved query is named '" + std::string(name) + "'; choose another name");
}

}  // namespace

std::optional<double> SavedQuery::average_time_ms() const {
  if (execute_count == 0) return std::nullopt;
  return std::chrono::duration<double, std::milli>(execute_time).count() / static_cast<double>(execute_count);
}

base::Result<SavedQuery> create_saved_query(Connection& connection, const SavedQueryFields& fields,
                                            std::string_view owner) {
  TRY_ASSIGN(const std::int64_t count, connection.query_integer("SELECT count(*) FROM saved_query"));
  if (count >= kSavedQueriesMax) {
    return base::failure(base::ErrorCode::kResourceExhausted,
                         "there are " + std::to_string(count) +
                             " saved queries, deleted ones with them, which is all "
                             "there may be; change one that is not needed any more");
  }
  TRY(check_name_is_free(connection, owner, fields.name, 0));
  const std::int64_t now = base::to_nanoseconds(base::now());
  TRY_ASSIGN(const std::int64_t id,
             connection.query_integer(
                 "INSERT INTO saved_query (name, description, request, is_favourite, tags, schedule, next_run_at, "
                 "created_at, updated_at, owner) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) RETURNING id",
                 {fields.name, fields.description, fields.request, fields.is_favourite ? 1 : 0, tags_text(fields.tags),
                  fields.schedule, nanoseconds(fields.next_run_at), now, owner}));
  return get_saved_query(connection, id);
}

base::Result<SavedQuery> get_saved_query(Connection& connection, std::int64_t id, bool with_deleted,
                                         std::string_view owner) {
  TRY_ASSIGN(auto found,
             read_queries(connection, "WHERE id = $1 AND (deleted_at IS NULL OR $2 <> 0) AND ($3 = '' OR owner = $3)",
                          {id, with_deleted ? 1 : 0, owner}));
  if (found.empty()) return std::unexpected(none(id));
  return std::move(found.front());
}

base::Result<std::vector<SavedQuery>> list_saved_queries(Connection& connection, const SavedQueryFilter& filter) {
  const std::int64_t favourite = filter.is_favourite ? (*filter.is_favourite ? 1 : 0) : -1;
  const std::string tag = filter.tag.empty() ? "" : "\n" + filter.tag + "\n";
  // A text holds another when it changes by taking that out: LIKE differs between the databases, and has wildcards.
  return read_queries(
      connection,
      "WHERE id > $1 AND ($2 < 0 OR is_favourite = $2) AND ($3 = '' OR replace(tags, $3, '') <> tags) "
      "AND ($4 = '' OR replace(lower(name || ' ' || description), lower($4), '') <> lower(name || ' ' || description)) "
      "AND (deleted_at IS NULL) = ($5 = 0) AND ($7 = '' OR owner = $7) ORDER BY id LIMIT $6",
      {filter.after_id, favourite, tag, filter.search, filter.deleted ? 1 : 0,
       std::clamp<std::int64_t>(filter.limit, 0, kPageMax), filter.owner});
}

base::Result<SavedQuery> replace_saved_query(Connection& connection, const SavedQuery& before,
                                             const SavedQueryFields& fields) {
  TRY(check_name_is_free(connection, before.owner, fields.name, before.id));
  // Two changes within one tick of the clock are two changes.
  const std::int64_t updated_at =
      std::max(base::to_nanoseconds(base::now()), base::to_nanoseconds(before.updated_at) + 1);
  TRY_ASSIGN(const std::int64_t changed,
             connection.run("UPDATE saved_query SET name = $3, description = $4, request = $5, is_favourite = $6, "
                            "tags = $7, schedule = $8, next_run_at = $9, updated_at = $10 "
                            "WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
                            {before.id, base::to_nanoseconds(before.updated_at), fields.name, fields.description,
                             fields.request, fields.is_favourite ? 1 : 0, tags_text(fields.tags), fields.schedule,
                             nanoseconds(fields.next_run_at), updated_at}));
  if (changed > 0) return get_saved_query(connection, before.id);
  TRY(get_saved_query(connection, before.id));
  return base::failure(base::ErrorCode::kFailedPrecondition,
                       "the saved query was changed by somebody else meanwhile; read it again");
}

base::Result<SavedQuery> set_saved_query_deleted(Connection& connection, std::int64_t id, bool deleted,
                                                 std::string_view owner) {
  TRY_ASSIGN(SavedQuery before, get_saved_query(connection, id, true, owner));
  if (before.deleted_at.has_value() == deleted) return before;
  if (!deleted) TRY(check_name_is_free(connection, before.owner, before.name, id));
  const std::int64_t now = base::to_nanoseconds(base::now());
  TRY(connection.run("UPDATE saved_query SET deleted_at = $2, updated_at = $3 WHERE id = $1",
                     {id, deleted ? std::optional(now) : std::nullopt, now}));
  return get_saved_query(connection, id, true);
}

base::Result<void> count_saved_query_execution(Connection& connection, std::int64_t id, std::chrono::nanoseconds took) {
  TRY(
      connection.run("UPDATE saved_query SET execute_count = execute_count + 1, "
                     "execute_nanoseconds = execute_nanoseconds + $2, last_executed_at = $3 WHERE id = $1",
                     {id, took.count(), base::to_nanoseconds(base::now())}));
  return {};
}

base::Result<void> set_saved_query_job(Connection& connection, std::int64_t id, std::string_view job_id) {
  TRY(connection.run("UPDATE saved_query SET last_job_id = $2 WHERE id = $1", {id, job_id}));
  return {};
}

base::Result<std::vector<SavedQuery>> due_saved_queries(Connection& connection, base::Time now, std::int64_t limit) {
  return read_queries(connection, "WHERE next_run_at <= $1 AND deleted_at IS NULL ORDER BY next_run_at, id LIMIT $2",
                      {base::to_nanoseconds(now), limit});
}

base::Result<std::vector<SavedQuery>> scheduled_saved_queries(Connection& connection, std::int64_t limit) {
  return read_queries(connection,
                      "WHERE next_run_at IS NOT NULL AND deleted_at IS NULL ORDER BY next_run_at DESC, id LIMIT $1",
                      {limit});
}

base::Result<bool> claim_saved_query_run(Connection& connection, const SavedQuery& due, base::Time next) {
  TRY_ASSIGN(const std::int64_t changed,
             connection.run("UPDATE saved_query SET next_run_at = $3 "
                            "WHERE id = $1 AND next_run_at = $2 AND deleted_at IS NULL",
                            {due.id, nanoseconds(due.next_run_at), base::to_nanoseconds(next)}));
  return changed > 0;
}

base::Result<std::vector<SavedQuery>> favoured_saved_queries(Connection& connection, std::int64_t limit) {
  return read_queries(connection,
                      "WHERE deleted_at IS NULL ORDER BY is_favourite DESC, execute_count DESC, id LIMIT $1", {limit});
}

}  // namespace tradeassist::store
