#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/providers/provider.hpp"
#include "jobs/job_queue.hpp"
#include "jobs/job_runner.hpp"
#include "server/historical/historical_request.hpp"
#include "server/historical/provider_source.hpp"
#include "server/realtime/publisher.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// The kind of the jobs, and the channel that a query's messages go to: "historical_data:{query_id}".
constexpr const char* kHistoricalJob = "historical_data";
std::string historical_channel(std::string_view query_id);

/// The body of POST /api/v1/historical-data/fetch. A range that ends now ends when the job was made.
struct HistoricalFetchBody : HistoricalRequest {
  std::optional<std::string> provider;   // brings what is missing first
  std::optional<bool> background;        // true wherever there is a provider
  std::optional<bool> stream;            // bars go to the channel
  std::optional<bool> extended_hours;    // of a provider: bars before and after the regular session too
  std::optional<bool> again;             // of a provider: asks also for what is stored; corrections replace it
  std::optional<std::int64_t> priority;  // of its job, 0 (lowest) to 3

  bool in_background() const { return provider || background.value_or(false); }
};
BOOST_DESCRIBE_STRUCT(HistoricalFetchBody, (HistoricalRequest),
                      (provider, background, stream, extended_hours, again, priority))

/// The request of a job: a fetch, and the saved query that it is a run of, which is told that it was answered.
struct HistoricalJobRequest : HistoricalFetchBody {
  std::optional<std::int64_t> saved_query;
};
BOOST_DESCRIBE_STRUCT(HistoricalJobRequest, (HistoricalFetchBody), (saved_query))

/// What does not make sense in a fetch, beside check_historical_request().
void check_historical_fetch(const HistoricalFetchBody& body, std::vector<base::FieldError>& errors);

/// The provider's timeframe to ask for where bars of `frequency` are wanted: itself, or the longest that it is made of.
/// kUnsupported names what the provider has.
base::Result<market::Timeframe> provider_timeframe(const feed::Provider& provider, const std::string& frequency);

struct ReportedError {
  std::string code, message;
};
BOOST_DESCRIBE_STRUCT(ReportedError, (), (code, message))

/// How far a job is with one symbol.
struct SymbolReport {
  std::string symbol;
  std::string status = "waiting";  // then "fetching", "reading", "streaming", and at last "ok", "empty" or "error"
  std::optional<std::int64_t> bars{};
  std::optional<base::Time> first_time{}, last_time{};  // of the bars
  std::optional<std::string> reason{};                  // why there are none
  std::optional<std::string> source{}, base_timeframe{}, time_zone{};
  std::optional<base::Time> last_append_time{};
  std::optional<bool> cached{};                                      // whether they were not read for this
  std::optional<bool> last_is_partial{};                             // as of GET /api/v1/bars
  std::optional<std::int64_t> bars_missing{}, bars_without_trade{};  // where a calendar tells
  std::optional<double> quality_score{};                             // where the request asks for the quality
  std::optional<std::int64_t> inserted{}, corrected{}, unchanged{};  // bars that the provider gave; none without one
  std::optional<std::int64_t> calls{};                               // of the provider
  std::optional<std::string> note{};                                 // what the provider does not have of the range
  std::optional<std::int64_t> chunks{};                              // that were streamed
  std::optional<ReportedError> error{};
};
BOOST_DESCRIBE_STRUCT(SymbolReport, (),
                      (symbol, status, bars, first_time, last_time, reason, source, base_timeframe, time_zone,
                       last_append_time, cached, last_is_partial, bars_missing, bars_without_trade, quality_score,
                       inserted, corrected, unchanged, calls, note, chunks, error))

struct HistoricalJobReport {
  std::vector<SymbolReport> symbols;
};
BOOST_DESCRIBE_STRUCT(HistoricalJobReport, (), (symbols))

/// Most bars in one message.
constexpr std::size_t kStreamChunkBars = 5'000;
/// Most bars of one symbol that are streamed, unless the request says less.
constexpr std::int64_t kStreamBarsMax = kHistoricalBarsMax;

/// How long a stream waits for somebody who listens.
constexpr std::chrono::milliseconds kSubscriberWait{30'000};

struct HistoricalJobParts {
  store::SeriesCache& cache;
  ProviderSource providers;
  Publisher& publisher;
  std::chrono::milliseconds subscriber_wait = kSubscriberWait;  // at least a part of it before the job starts
};

/// A job that streams waits in the queue until somebody listens, or `subscriber_wait` is over since it was made or,
/// after a restart, since this was called. Thread-safe.
jobs::MayStart historical_may_start(Publisher& publisher, std::chrono::milliseconds subscriber_wait = kSubscriberWait);

/// Does the jobs: symbol by symbol brings what is missing from the provider, where there is one, reads the bars, and
/// publishes how it goes and, where the request says so, the bars themselves. The job's detail and result are a
/// HistoricalJobReport. A symbol that fails does not touch the others; the job fails when all of them do, or when
/// nobody listens to its stream. What was stored before a restart is not fetched again.
jobs::JobHandler historical_handler(const HistoricalJobParts& parts);

/// Counts that a saved query was answered. Where that cannot be stored it is logged: the bars are no worse for it.
void count_execution(store::MarketStore& store, std::int64_t saved_query, std::chrono::nanoseconds took);

/// Submits a fetch, and wakes a worker: the id of its job. `saved_query`: that it is a run of. `key`: an idempotency
/// key, as of jobs::SubmitOptions. kResourceExhausted when too many wait; kAlreadyExists when the key was used
/// otherwise.
base::Result<std::string> submit_fetch(jobs::JobQueue& queue, jobs::JobRunner& runner, const HistoricalFetchBody& body,
                                       std::optional<std::int64_t> saved_query, std::string_view key = {},
                                       std::string_view owner = base::kLocalOwner);

/// The owner's query of that id; whoever's it is where the owner is empty. kNotFound also for jobs of other kinds.
base::Result<jobs::Job> find_historical_query(jobs::JobQueue& queue, std::string_view query_id,
                                              std::string_view owner = "");

/// Cancels a query that waits at once, and asks one that runs to stop; its channel is told. kNotFound;
/// kFailedPrecondition when it has ended.
base::Result<jobs::Job> cancel_historical_query(jobs::JobQueue& queue, jobs::JobRunner& runner, Publisher& publisher,
                                                const std::string& query_id, std::string_view owner = "");

}  // namespace tradeassist::server
