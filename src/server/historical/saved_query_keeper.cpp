#include "server/historical/saved_query_keeper.hpp"

#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "server/historical/historical_job.hpp"
#include "server/historical/saved_query.hpp"

namespace tradeassist::server {
namespace {

constexpr std::int64_t kRunsAtOnceMax = 100;
constexpr std::int64_t kWarmQueriesMax = 200;
constexpr std::size_t kWarmSymbolsMax = 1'000;
constexpr std::chrono::hours kPutOff{1};

void warn(const store::SavedQuery& query, const std::string& reason) {
  base::log(base::LogLevel::kWarning, "a saved query was not run",
            {{"query", query.name}, {"id", std::to_string(query.id)}, {"reason", reason}});
}

/// None were found; the next look is soon.
std::int64_t cannot_look(const base::Error& error) {
  base::log(base::LogLevel::kWarning, "saved queries cannot be looked for", {{"reason", error.message}});
  return 0;
}

/// False also for jobs of other servers, and those that are not kept any more.
bool is_at_work(jobs::JobQueue& queue, const std::string& job_id) {
  if (job_id.empty()) return false;
  const auto job = queue.get_state(job_id);
  return job && !jobs::has_ended(job->state);
}

/// False where it is left to another server, or to its next time.
base::Result<bool> run_one(const SavedQueryKeeperParts& parts, const store::SavedQuery& query, base::Time now) {
  store::MarketStore& store = parts.cache.store();
  const auto body = body_of(query);
  // One that cannot be read is put off, or it would be told of at every look.
  const base::Time next = body && body->schedule ? next_run(*body->schedule, now) : now + kPutOff;
  TRY_ASSIGN(const bool is_ours, store.claim_saved_query_run(query, next));
  if (!is_ours) return false;
  if (!body) return std::unexpected(body.error());
  if (!body->schedule) return base::failure(base::ErrorCode::kDataLoss, "it has no schedule");
  if (is_at_work(parts.queue, query.last_job_id)) {
    warn(query, "its last run has not ended");
    return false;
  }
  TRY_ASSIGN(HistoricalFetchBody fetch, fetch_of(query));
  fetch.stream.reset();  // nobody listens
  fetch.format.reset();
  TRY_ASSIGN(const std::string job, submit_fetch(parts.queue, parts.runner, fetch, query.id, "", query.owner));
  TRY(store.set_saved_query_job(query.id, job));
  base::log(base::LogLevel::kInfo, "a saved query runs", {{"query", query.name}, {"job", job}});
  return true;
}

}  // namespace

std::int64_t run_due_saved_queries(const SavedQueryKeeperParts& parts, base::Time now) {
  const auto due = parts.cache.store().due_saved_queries(now, kRunsAtOnceMax);
  if (!due) return cannot_look(due.error());
  std::int64_t started = 0;
  for (const store::SavedQuery& query : *due) {
    const auto ran = run_one(parts, query, now);
    if (!ran) warn(query, ran.error().message);
    started += ran.value_or(false) ? 1 : 0;
  }
  return started;
}

std::int64_t bring_back_saved_query_runs(store::MarketStore& store, base::Time now) {
  const auto scheduled = store.scheduled_saved_queries(store::kSavedQueriesMax);
  if (!scheduled) return cannot_look(scheduled.error());
  std::int64_t brought_back = 0;
  for (const store::SavedQuery& query : *scheduled) {
    const auto body = body_of(query);
    if (!body || !body->schedule) continue;  // said when it is run
    const base::Time next = next_run(*body->schedule, now);
    if (*query.next_run_at <= next) continue;
    brought_back += store.claim_saved_query_run(query, next).value_or(false) ? 1 : 0;
  }
  return brought_back;
}

store::WarmReport warm_saved_queries(store::SeriesCache& cache, base::Time now, const std::stop_token& stop) {
  const auto saved = cache.store().favoured_saved_queries(kWarmQueriesMax);
  if (!saved) {
    cannot_look(saved.error());
    return {};
  }
  std::vector<store::BarQuery> wanted;
  for (const store::SavedQuery& query : *saved) {
    const auto fetch = fetch_of(query);
    if (!fetch) continue;  // said where it is asked
    for (SymbolQuery& symbol : queries_of(*fetch, now, cache.store())) {
      if (symbol.query && wanted.size() < kWarmSymbolsMax) wanted.push_back(*std::move(symbol.query));
    }
  }
  return cache.warm(wanted, {}, stop);
}

base::PeriodicTask keep_saved_queries(const SavedQueryKeeperParts& parts, std::chrono::milliseconds every,
                                      std::chrono::milliseconds warm_every) {
  using Clock = std::chrono::steady_clock;
  return {every, [parts, warm_every, warm_at = Clock::time_point{}](const std::stop_token& stop) mutable {
            run_due_saved_queries(parts, base::now());
            if (Clock::now() < warm_at) return;
            bring_back_saved_query_runs(parts.cache.store(), base::now());
            warm_saved_queries(parts.cache, base::now(), stop);
            warm_at = Clock::now() + warm_every;
          }};
}

}  // namespace tradeassist::server
