#include "diagnostics/error_store.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/json.hpp"
#include "store/database/retry.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::diagnostics {
namespace {

constexpr std::int64_t kPageMax = 1'000;
constexpr std::chrono::milliseconds kOutageTimeout{1'000};  // nothing waits for it: it is tried again later
constexpr const char* kColumns =
    "SELECT id, message, place, state, count, first_seen, last_seen, sample, version FROM error_group ";

ErrorGroup read_group(const store::Row& row) {
  ErrorGroup group;
  group.id = row.text(0);
  group.message = row.text(1);
  group.place = row.text(2);
  group.state = parse_error_state(row.text(3)).value_or(ErrorState::kOpen);
  group.count = row.integer(4);
  group.first_seen = base::time_from_nanoseconds(row.integer(5));
  group.last_seen = base::time_from_nanoseconds(row.integer(6));
  group.sample = row.text(7);
  group.version = row.text(8);
  return group;
}

std::string sample_of(const ErrorEvent& event) {
  boost::json::object sample;
  for (const auto& [name, value] : event.fields) sample[name] = value;
  if (!event.trace_id.empty()) sample["trace_id"] = event.trace_id;
  return base::json_text(sample);
}

}  // namespace

std::string_view to_string(ErrorState state) {
  switch (state) {
    case ErrorState::kOpen: return "open";
    case ErrorState::kResolved: return "resolved";
    case ErrorState::kIgnored: return "ignored";
  }
  return "open";
}

base::Result<ErrorState> parse_error_state(std::string_view text) {
  for (const ErrorState state : {ErrorState::kOpen, ErrorState::kResolved, ErrorState::kIgnored}) {
    if (text == to_string(state)) return state;
  }
  return base::failure(base::ErrorCode::kInvalidArgument, "must be open, resolved or ignored");
}

base::Result<std::unique_ptr<ErrorStore>> ErrorStore::open(const store::DatabaseAddress& address) {
  TRY_ASSIGN(auto connection, store::open_connection(address));
  TRY(store::migrate(*connection, store::app_migrations()));
  return std::unique_ptr<ErrorStore>(new ErrorStore(std::move(connection)));
}

base::Result<void> ErrorStore::add(const std::vector<CountedErrors>& counted, std::string_view version) {
  const std::lock_guard lock(mutex_);
  return store::in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<void> {
    for (const CountedErrors& each : counted) TRY(add_one(each, version));
    TRY(
        connection_->run("DELETE FROM error_group WHERE id NOT IN (SELECT id FROM error_group ORDER BY last_seen DESC, "
                         "id DESC LIMIT $1)",
                         {kGroupsMax}));
    return {};
  });
}

base::Result<void> ErrorStore::add_one(const CountedErrors& counted, std::string_view version) {
  TRY(connection_->run(
      "INSERT INTO error_group (id, message, place, state, count, first_seen, last_seen, sample, version) VALUES ($1, "
      "$2, $3, 'open', $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET count = error_group.count + excluded.count, "
      "last_seen = excluded.last_seen, sample = excluded.sample, version = excluded.version, state = CASE "
      "error_group.state WHEN 'ignored' THEN 'ignored' ELSE 'open' END",
      {counted.group_id, counted.last.message, counted.last.place, counted.count,
       base::to_nanoseconds(counted.first_at), base::to_nanoseconds(counted.last.at), sample_of(counted.last),
       version}));
  return {};
}

base::Result<ErrorPage> ErrorStore::list(std::optional<ErrorState> state, std::int64_t limit, std::string_view cursor) {
  const std::int64_t size = std::clamp<std::int64_t>(limit, 1, kPageMax);
  std::int64_t before = INT64_MAX;
  std::string before_id = "~";  // after all ids
  if (!cursor.empty()) {
    const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), before);
    if (error != std::errc() || end == cursor.data() + cursor.size() || *end != '-')
      return base::failure(base::ErrorCode::kInvalidArgument, "the cursor is none of an answer");
    before_id = std::string(end + 1, cursor.data() + cursor.size());
  }
  const std::lock_guard lock(mutex_);
  ErrorPage page;
  TRY_ASSIGN(page.groups,
             connection_->query_all(std::string(kColumns) +
                                        "WHERE (last_seen < $1 OR (last_seen = $1 AND id < $2)) AND ($3 = '' OR state "
                                        "= $3) ORDER BY last_seen DESC, id DESC LIMIT $4",
                                    {before, before_id, state ? to_string(*state) : "", size + 1}, read_group));
  if (static_cast<std::int64_t>(page.groups.size()) > size) {
    page.groups.pop_back();
    page.next_cursor = std::to_string(base::to_nanoseconds(page.groups.back().last_seen)) + "-" + page.groups.back().id;
  }
  return page;
}

base::Result<ErrorGroup> ErrorStore::find(std::string_view id) {
  TRY_ASSIGN(const auto found, connection_->query_first(std::string(kColumns) + "WHERE id = $1", {id}, read_group));
  if (!found) return base::failure(base::ErrorCode::kNotFound, "there is no group of errors of that id");
  return *found;
}

base::Result<ErrorGroup> ErrorStore::get(std::string_view id) {
  const std::lock_guard lock(mutex_);
  return find(id);
}

base::Result<ErrorGroup> ErrorStore::set_state(std::string_view id, ErrorState state) {
  const std::lock_guard lock(mutex_);
  return store::in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<ErrorGroup> {
    TRY(connection_->run("UPDATE error_group SET state = $2 WHERE id = $1", {id, to_string(state)}));
    return find(id);
  });
}

}  // namespace tradeassist::diagnostics
