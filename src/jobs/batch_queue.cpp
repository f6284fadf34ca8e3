#include "jobs/batch_queue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/schema/migrations.hpp"

namespace tradeassist::jobs {
namespace {

constexpr int kConnections = 4;
constexpr std::chrono::milliseconds kConnectionWait{10'000};
constexpr std::int64_t kHelpersMax = 256;  // workers that one job is shared with
constexpr std::size_t kLeftOutMax = 1'000;

/// A statement. {now}: nanoseconds by the clock of the database, which all its users share. {is_free}: nobody has the
/// batch, or who had it was not heard of for the time of its lease. {has_ended}, of which $3 is kTakingsMax: no worker
/// has it any more, nor will.
std::string sql(std::string_view text) {
  constexpr std::string_view kNow = "((extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000)";
  const std::string is_free = fmt::format("(state = 'open' OR (state = 'taken' AND lease_until <= {}))", kNow);
  const std::string has_ended = fmt::format("(state IN ('done', 'returned') OR (takings >= $3 AND {}))", is_free);
  return fmt::format(fmt::runtime(text), fmt::arg("now", kNow), fmt::arg("is_free", is_free),
                     fmt::arg("has_ended", has_ended));
}

std::int64_t nanoseconds(std::chrono::nanoseconds time) { return time.count(); }

base::Result<void> check_size(std::string_view text, const char* what) {
  if (text.size() <= BatchQueue::kTextBytesMax) return {};
  return base::failure(base::ErrorCode::kInvalidArgument, std::string("the ") + what + " of a batch has " +
                                                              std::to_string(text.size()) + " bytes, more than " +
                                                              std::to_string(BatchQueue::kTextBytesMax));
}

base::Error batch_lost(const Batch& batch) {
  return {base::ErrorCode::kFailedPrecondition, "batch " + std::to_string(batch.id) + " of job " + batch.job_id +
                                                    " is void or another's by now; nothing was changed"};
}

/// Both sides have the same tables, or do not meet.
base::Result<void> check_schema(store::Connection& connection) {
  TRY_ASSIGN(const int version, store::schema_version(connection));
  const int known = static_cast<int>(store::app_migrations().size());
  if (version == known) return {};
  const std::string what = version == 0 ? "has no jobs yet; start a server on it first: tradeassist serve --database …"
                           : version < known
                               ? "was made by an older TradeAssist; start the server of this version on it first"
                               : "was made by a newer TradeAssist; install that one here";
  return base::failure(base::ErrorCode::kFailedPrecondition, connection.name() + ": the database " + what);
}

}  // namespace

BatchQueue::BatchQueue(const store::DatabaseAddress& address, const store::ConnectionOptions& connection_options,
                       BatchQueueOptions options)
    : options_(std::move(options)), pool_(address, connection_options, kConnections, kConnectionWait) {}

base::Result<std::unique_ptr<BatchQueue>> BatchQueue::open(const store::DatabaseAddress& address,
                                                           BatchQueueOptions options) {
  if (!address.is_server()) {
    return base::failure(base::ErrorCode::kUnsupported,
                         "workers share searches through PostgreSQL: pass --database postgresql://USER@HOST/NAME. With "
                         "SQLite the server uses all cores of its machine itself");
  }
  store::ConnectionOptions connection_options;
  connection_options.outage_timeout = options.outage_timeout;
  std::unique_ptr<BatchQueue> queue(new BatchQueue(address, connection_options, std::move(options)));
  TRY(queue->pool_.use([](Session& session) { return check_schema(*session.connection); }));
  return queue;
}

base::Result<std::vector<Worker>> BatchQueue::workers() {
  return pool_.use([&](Session& session) {
    return session.connection->query_all(
        sql("SELECT name, host, version, threads, started_at, seen_at, batches, trials, CASE WHEN seen_at > {now} - $1 "
            "THEN 1 ELSE 0 END FROM job_worker WHERE seen_at > {now} - $2 ORDER BY started_at, name LIMIT $3"),
        {nanoseconds(options_.lease), nanoseconds(kWorkersKept), kWorkersMax}, [](const store::Row& row) {
          Worker worker;
          worker.name = row.text(0);
          worker.host = row.text(1);
          worker.version = row.text(2);
          worker.threads = static_cast<int>(row.integer(3));
          worker.started_at = base::time_from_nanoseconds(row.integer(4));
          worker.seen_at = base::time_from_nanoseconds(row.integer(5));
          worker.batches = row.integer(6);
          worker.trials = row.integer(7);
          worker.is_alive = row.integer(8) != 0;
          return worker;
        });
  });
}

// What the server of a job does.

base::Result<std::vector<int>> BatchQueue::helping_threads() {
  return pool_.use([&](Session& session) {
    return session.connection->query_all(
        sql("SELECT threads FROM job_worker WHERE version = $1 AND seen_at > {now} - $2 LIMIT $3"),
        {options_.version, nanoseconds(options_.lease), kHelpersMax},
        [](const store::Row& row) { return static_cast<int>(row.integer(0)); });
  });
}

base::Result<std::int64_t> BatchQueue::offer(const Job& taken, std::string_view task) {
  TRY(check_size(task, "task"));
  return write([&](store::Connection& connection) -> base::Result<std::int64_t> {
    TRY_ASSIGN(const auto id,
               connection.query_first("INSERT INTO job_batch (job_id, job_fence, version, state, task) "
                                      "SELECT job_id, fence, CAST($3 AS text), 'open', CAST($4 AS text) FROM job "
                                      "WHERE job_id = $1 AND fence = $2 AND state = 'running' RETURNING id",
                                      {taken.id, taken.fence, options_.version, task},
                                      [](const store::Row& row) { return row.integer(0); }));
    if (id) return *id;
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         "job " + taken.id + " was taken by another meanwhile, or does not run any more");
  });
}

base::Result<CollectedBatches> BatchQueue::collect(const Job& taken) {
  using State = std::pair<std::int64_t, bool>;  // id, whether it has ended
  TRY_ASSIGN(const std::vector<State> known, pool_.use([&](Session& session) {
    return session.connection->query_all(
        sql("SELECT id, CASE WHEN {has_ended} THEN 1 ELSE 0 END FROM job_batch WHERE job_id = $1 AND job_fence = $2"),
        {taken.id, taken.fence, kTakingsMax},
        [](const store::Row& row) { return State(row.integer(0), row.integer(1) != 0); });
  }));
  CollectedBatches collected;
  if (std::ranges::any_of(known, [](const State& state) { return state.second; })) {
    TRY_ASSIGN(
        collected.ended, write([&](store::Connection& connection) {
          return connection.query_all(
              sql("DELETE FROM job_batch WHERE job_id = $1 AND job_fence = $2 AND {has_ended} RETURNING id, result"),
              {taken.id, taken.fence, kTakingsMax},
              [](const store::Row& row) { return EndedBatch{row.integer(0), std::string(row.text(1))}; });
        }));
  }
  for (const State& state : known) {
    const auto is_it = [&](const EndedBatch& batch) { return batch.id == state.first; };
    if (std::ranges::none_of(collected.ended, is_it)) collected.unended.push_back(state.first);
  }
  return collected;
}

base::Result<std::optional<std::int64_t>> BatchQueue::withdraw(const Job& taken) {
  return write([&](store::Connection& connection) {
    return connection.query_first(
        sql("DELETE FROM job_batch WHERE id = (SELECT id FROM job_batch WHERE job_id = $1 AND job_fence = $2 AND "
            "{is_free} ORDER BY id DESC LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"),
        {taken.id, taken.fence}, [](const store::Row& row) { return row.integer(0); });
  });
}

base::Result<void> BatchQueue::withdraw_all(const Job& taken) {
  return write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run("DELETE FROM job_batch WHERE job_id = $1 AND job_fence = $2", {taken.id, taken.fence}));
    return {};
  });
}

// What a worker does.

base::Result<void> BatchQueue::sign_on(const Worker& worker) {
  return write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(sql("DELETE FROM job_worker WHERE seen_at <= {now} - $1"), {nanoseconds(kWorkersKept)}));
    TRY(connection.run("UPDATE job_batch SET state = 'open' WHERE worker = $1 AND state = 'taken'", {worker.name}));
    TRY(connection.run(
        sql("INSERT INTO job_worker (name, host, version, threads, started_at, seen_at) VALUES ($1, $2, $3, $4, {now}, "
            "{now}) ON CONFLICT (name) DO UPDATE SET host = excluded.host, version = excluded.version, threads = "
            "excluded.threads, started_at = excluded.started_at, seen_at = excluded.seen_at, batches = 0, trials = 0"),
        {worker.name, worker.host, worker.version, worker.threads}));
    return {};
  });
}

base::Result<std::vector<std::pair<std::int64_t, std::int64_t>>> BatchQueue::renew(const Worker& worker) {
  using Held = std::pair<std::int64_t, std::int64_t>;
  return write([&](store::Connection& connection) -> base::Result<std::vector<Held>> {
    TRY_ASSIGN(std::vector<Held> held,
               connection.query_all(sql("UPDATE job_batch SET lease_until = {now} + $2 WHERE worker = $1 AND state = "
                                        "'taken' RETURNING id, fence"),
                                    {worker.name, nanoseconds(options_.lease)},
                                    [](const store::Row& row) { return Held(row.integer(0), row.integer(1)); }));
    TRY(connection.run(sql("INSERT INTO job_worker (name, host, version, threads, started_at, seen_at) VALUES ($1, $2, "
                           "$3, $4, {now}, {now}) ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at"),
                       {worker.name, worker.host, worker.version, worker.threads}));
    return held;
  });
}

base::Result<void> BatchQueue::sign_off(const Worker& worker) {
  return write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run("UPDATE job_batch SET state = 'open' WHERE worker = $1 AND state = 'taken'", {worker.name}));
    TRY(connection.run("DELETE FROM job_worker WHERE name = $1", {worker.name}));
    return {};
  });
}

base::Result<std::optional<Batch>> BatchQueue::take(const Worker& worker, const std::vector<std::string>& left_out) {
  std::string ids;  // hexadecimal, with blanks between them
  for (std::size_t i = 0; i < std::min(left_out.size(), kLeftOutMax); ++i) ids += (i > 0 ? " " : "") + left_out[i];
  return write([&](store::Connection& connection) {
    return connection.query_first(
        sql("UPDATE job_batch SET state = 'taken', worker = $1, lease_until = {now} + $2, fence = fence + 1, takings = "
            "takings + 1 WHERE id = (SELECT id FROM job_batch WHERE version = $3 AND "
            "takings < $4 AND {is_free} AND EXISTS (SELECT 1 FROM job WHERE job.job_id = job_batch.job_id AND "
            "job.fence = job_fence AND job.state = "
            "'running' AND cancel_requested = 0 AND pause_requested = 0) AND job_id <> ALL (string_to_array($5, ' ')) "
            "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, fence, job_id, task"),
        {worker.name, nanoseconds(options_.lease), options_.version, kTakingsMax, ids}, [](const store::Row& row) {
          return Batch{row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3))};
        });
  });
}

base::Result<BatchJob> BatchQueue::job(std::string_view id) {
  TRY_ASSIGN(auto job, pool_.use([&](Session& session) {
    return session.connection->query_first(
        "SELECT kind, request FROM job WHERE job_id = $1", {id},
        [](const store::Row& row) { return BatchJob{std::string(row.text(0)), std::string(row.text(1))}; });
  }));
  if (job) return *std::move(job);
  return base::failure(base::ErrorCode::kNotFound, "there is no job " + std::string(id.substr(0, 64)));
}

base::Result<std::vector<std::string>> BatchQueue::other_versions() {
  return pool_.use([&](Session& session) {
    return session.connection->query_all(
        "SELECT DISTINCT version FROM job_batch WHERE version <> $1 AND state = 'open' ORDER BY version LIMIT 10",
        {options_.version}, [](const store::Row& row) { return std::string(row.text(0)); });
  });
}

base::Result<void> BatchQueue::finish(const Worker& worker, const Batch& batch, std::string_view result,
                                      std::int64_t trials) {
  TRY(check_size(result, "result"));
  return write([&](store::Connection& connection) -> base::Result<void> {
    TRY_ASSIGN(const std::int64_t changed,
               connection.run("UPDATE job_batch SET state = 'done', result = $3 WHERE id = $1 AND fence = $2 AND state "
                              "= 'taken'",
                              {batch.id, batch.fence, result}));
    if (changed == 0) return std::unexpected(batch_lost(batch));
    TRY(connection.run("UPDATE job_worker SET batches = batches + 1, trials = trials + $2 WHERE name = $1",
                       {worker.name, trials}));
    return {};
  });
}

base::Result<void> BatchQueue::end(const Batch& batch, const char* change) {
  return write([&](store::Connection& connection) -> base::Result<void> {
    TRY_ASSIGN(const std::int64_t changed, connection.run(std::string("UPDATE job_batch SET ") + change +
                                                              " WHERE id = $1 AND fence = $2 AND state = 'taken'",
                                                          {batch.id, batch.fence}));
    if (changed == 0) return std::unexpected(batch_lost(batch));
    return {};
  });
}

base::Result<void> BatchQueue::give_back(const Batch& batch) {
  return end(batch, "state = 'open', takings = takings - 1");
}

base::Result<void> BatchQueue::give_up(const Batch& batch) { return end(batch, "state = 'returned'"); }

}  // namespace tradeassist::jobs
