#include "server/historical/historical_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "feed/providers/fetch.hpp"
#include "market/tick_bars.hpp"
#include "report/bars_report.hpp"
#include "report/json_rows.hpp"
#include "server/historical/symbol_answer.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kProgressEvery{200}, kLookForSubscriber{20};

std::int64_t milliseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

/// `symbol`: none of the whole query. The error's code is the message's type.
void publish_error(Publisher& publisher, std::string_view query_id, const std::optional<std::string>& symbol,
                   const ReportedError& error, std::string_view status) {
  publisher.publish(historical_channel(query_id), "historical_data_error",
                    {{"query_id", query_id},
                     {"symbol", report::text_or_null(symbol.value_or(""))},
                     {"error_message", error.message},
                     {"error_type", error.code},
                     {"status", status}});
}

/// One run of a job.
class Run {
 public:
  Run(jobs::JobContext& context, const HistoricalJobParts& parts, HistoricalJobRequest body)
      : context_(context), parts_(parts), body_(std::move(body)), channel_(historical_channel(context.id())) {
    for (const std::string& symbol : body_.symbols) report_.symbols.push_back({.symbol = symbol});
  }

  base::Result<std::string> all() {
    auto done = every_symbol();
    if (done) return done;
    // Where the server ends, the job goes on after it, and nothing has ended.
    const bool is_stopped = done.error().code == base::ErrorCode::kCancelled;
    if (!is_stopped || context_.is_cancelled()) {
      publish_error(parts_.publisher, context_.id(), std::nullopt,
                    {std::string(base::to_string(done.error().code)), done.error().message},
                    is_stopped ? "cancelled" : "failed");
    }
    return done;
  }

 private:
  base::Result<std::string> every_symbol() {
    if (body_.provider) { TRY_ASSIGN(access_, parts_.providers(*body_.provider)); }
    std::vector<SymbolQuery> queries;
    if (!body_.provider) queries = queries_of(body_, context_.created_at(), parts_.cache.store());
    std::int64_t bars = 0;
    bool is_cached = true;
    for (std::size_t i = 0; i < body_.symbols.size(); ++i) {
      if (context_.stop().stop_requested()) return stopped();
      const auto start = Clock::now();
      symbol_ = i;
      auto query = body_.provider ? fetched(body_.symbols[i]) : std::move(queries[i].query);
      if (!query && query.error().code == base::ErrorCode::kCancelled) return stopped();
      TRY(read({body_.symbols[i], std::move(query)}, start));
      bars += report_.symbols[i].bars.value_or(0);
      is_cached = is_cached && report_.symbols[i].cached.value_or(false);
    }
    tell("finalizing", 1);
    const auto failed = [](const SymbolReport& report) { return report.error.has_value(); };
    if (std::ranges::all_of(report_.symbols, failed)) {
      const SymbolReport& first = report_.symbols.front();
      return base::failure(base::ErrorCode::kFailedPrecondition,
                           fmt::format("none of the {} symbols could be answered; {}: {}", report_.symbols.size(),
                                       first.symbol, first.error->message));
    }
    if (body_.saved_query) count_execution(parts_.cache.store(), *body_.saved_query, Clock::now() - started_);
    publish_complete(std::nullopt, bars, started_, is_cached);
    return base::json_text(base::to_json(report_));
  }

  /// Brings what is missing; the query for what is wanted of it.
  base::Result<store::BarQuery> fetched(const std::string& symbol) {
    store::MarketStore& store = parts_.cache.store();
    auto instrument = store.instrument(symbol);
    if (!instrument && instrument.error().code == base::ErrorCode::kNotFound)
      instrument = access_.provider->describe(symbol);
    if (!instrument) return std::unexpected(std::move(instrument).error());
    const base::Time now = context_.created_at();
    TRY_ASSIGN(store::BarQuery query, query_of(body_, symbol, *instrument, now));
    if (query.source.empty()) query.source = access_.provider->name();  // the fetched bars, not others
    feed::FetchRequest request;
    request.symbols = {symbol};
    TRY_ASSIGN(request.timeframe, provider_timeframe(*access_.provider, body_.frequency));
    const auto depth = access_.provider->capabilities().find(request.timeframe)->depth;
    request.from = query.from.value_or(depth ? now - *depth : base::Time{});
    request.to = std::min(query.to.value_or(now), now);
    request.extended_hours = body_.extended_hours.value_or(false);
    request.again = body_.again.value_or(false);
    SymbolReport& report = report_.symbols[symbol_];
    report.status = "fetching";
    tell("fetching", 0);
    const auto hook = [&](const feed::FetchProgress& progress) {
      tell(
          "fetching", progress.percent / 100 * kFetchShare,
          progress.detail.empty() ? std::string(progress.step) : fmt::format("{}: {}", progress.step, progress.detail));
    };
    TRY_ASSIGN(const auto fetches, feed::fetch_bars(store, *access_.provider, *access_.guard, *access_.clock, request,
                                                    context_.stop(), hook));
    const feed::SymbolFetch& fetch = fetches.at(0);
    report.inserted = fetch.stored.inserted;
    report.corrected = fetch.stored.corrected;
    report.unchanged = fetch.stored.unchanged;
    report.calls = fetch.calls;
    if (!fetch.note.empty()) report.note = fetch.note;
    if (fetch.error) return std::unexpected(*fetch.error);
    return query;
  }

  /// An error of its own only where the whole job ends.
  base::Result<void> read(const SymbolQuery& query, Clock::time_point start) {
    SymbolReport& report = report_.symbols[symbol_];
    report.status = "reading";
    tell("reading", kFetchShare);
    const bool streams = body_.stream.value_or(false);
    const std::int64_t bars_max = body_.max_bars.value_or(streams ? kStreamBarsMax : INT64_MAX);
    const auto kind = body_.saved_query ? std::optional(store::CacheClass::kSavedQuery) : std::nullopt;
    const SymbolAnswer answer = read_symbol(parts_.cache, query, bars_max, kind);
    if (answer.problem) {
      report.error = {answer.problem->code, answer.problem->detail};
      publish_error(parts_.publisher, context_.id(), answer.symbol, *report.error, "failed");
    } else {
      tell_of(*answer.kept->answer, report);
      report.cached = answer.kept->is_cached;
      if (streams) TRY(stream(*answer.kept->answer));
      publish_complete(answer.symbol, answer.bar_count(), start, answer.kept->is_cached);
    }
    report.status = answer.status();
    tell("reading", 1);
    return {};
  }

  static void tell_of(const store::BarAnswer& answer, SymbolReport& report) {
    const market::Series& bars = answer.bars;
    report.bars = static_cast<std::int64_t>(bars.size());
    if (bars.empty()) {
      report.reason = answer.empty_reason;
    } else {
      report.first_time = base::time_from_nanoseconds(bars.time.front());
      report.last_time = base::time_from_nanoseconds(bars.time.back());
    }
    report.source = answer.series.key.source;
    report.base_timeframe = market::to_string(answer.series.key.timeframe);
    report.time_zone = answer.instrument.time_zone;
    report.last_append_time = answer.series.appended_at;
    report.last_is_partial = answer.last_is_partial;
    if (answer.gaps && answer.gaps->unknown_reason.empty()) {
      report.bars_missing = answer.gaps->report.bars_missing;
      report.bars_without_trade = answer.gaps->report.bars_without_trade;
    }
    if (answer.quality) report.quality_score = answer.quality->score;
  }

  base::Result<void> stream(const store::BarAnswer& answer) {
    TRY(wait_for_subscriber());
    SymbolReport& report = report_.symbols[symbol_];
    report.status = "streaming";
    const std::size_t total = (answer.bars.size() + kStreamChunkBars - 1) / kStreamChunkBars;
    for (std::size_t chunk = 0; chunk < total; ++chunk) {
      json::object data{{"query_id", context_.id()},
                        {"symbol", report.symbol},
                        {"chunk_number", chunk + 1},
                        {"total_chunks", total},
                        {"bars", report::bars_rows(answer, chunk * kStreamChunkBars, kStreamChunkBars)},
                        {"is_final_chunk", chunk + 1 == total}};
      if (!parts_.publisher.publish_when_ready(channel_, "historical_data_chunk", std::move(data), context_.stop())) {
        if (context_.stop().stop_requested()) return std::unexpected(stopped().error());
        return base::failure(
            base::ErrorCode::kFailedPrecondition,
            fmt::format("whoever listened to {} left before all bars of {} were sent", channel_, report.symbol));
      }
      report.chunks = static_cast<std::int64_t>(chunk + 1);
      tell("streaming", kFetchShare + (1 - kFetchShare) * static_cast<double>(chunk + 1) / static_cast<double>(total));
    }
    return {};
  }

  /// What a job waited for its first listener in the queue counts.
  base::Result<void> wait_for_subscriber() {
    const auto start = Clock::now();
    while (!parts_.publisher.has_subscribers(channel_)) {
      if (context_.stop().stop_requested()) return std::unexpected(stopped().error());
      const base::Nanoseconds waited = was_heard_ ? Clock::now() - start : base::now() - context_.created_at();
      if (waited > parts_.subscriber_wait) {
        return base::failure(base::ErrorCode::kFailedPrecondition,
                             fmt::format("nobody subscribed to {} within {} s; subscribe to it right after the answer "
                                         "that names it",
                                         channel_, parts_.subscriber_wait.count() / 1'000));
      }
      std::this_thread::sleep_for(kLookForSubscriber);
    }
    return {};
  }

  static base::Result<std::string> stopped() {
    return base::failure(base::ErrorCode::kCancelled, "the query was cancelled");
  }

  /// `share` of the present symbol's work.
  void tell(std::string_view phase, double share, const std::string& step = {}) {
    const auto now = Clock::now();
    if (phase == last_phase_ && now - last_progress_ < kProgressEvery) return;
    last_phase_ = phase;
    last_progress_ = now;
    const double done = (static_cast<double>(symbol_) + share) / static_cast<double>(report_.symbols.size());
    context_.report(std::min(done, 0.99), phase, base::json_text(base::to_json(report_)));
    constexpr double kTooEarlyToSay = 0.01;
    json::value completion = nullptr;
    if (done > kTooEarlyToSay) {
      const std::chrono::duration<double> left = (now - started_) * ((1 - done) / done);
      completion = base::format_time(std::chrono::floor<std::chrono::milliseconds>(base::now() + left));
    }
    parts_.publisher.publish(channel_, "historical_data_progress",
                             {{"query_id", context_.id()},
                              {"symbol", report_.symbols[symbol_].symbol},
                              {"progress_percent", done * 100},
                              {"current_step", step.empty() ? std::string(phase) : step},
                              {"estimated_completion", std::move(completion)},
                              {"status", "running"}});
  }

  /// No symbol: of the whole query.
  void publish_complete(const std::optional<std::string>& symbol, std::int64_t bars, Clock::time_point start,
                        bool is_cached) {
    parts_.publisher.publish(channel_, "historical_data_complete",
                             {{"query_id", context_.id()},
                              {"symbol", report::text_or_null(symbol.value_or(""))},
                              {"bars_retrieved", bars},
                              {"execution_time_ms", milliseconds_since(start)},
                              {"cache_hit", is_cached},
                              {"status", "completed"}});
  }

  static constexpr double kFetchShare = 0.9;  // of a symbol's work

  jobs::JobContext& context_;
  const HistoricalJobParts& parts_;
  const HistoricalJobRequest body_;
  const std::string channel_;
  const bool was_heard_ = parts_.publisher.has_subscribers(channel_);  // when the run began
  ProviderAccess access_;
  HistoricalJobReport report_;
  std::size_t symbol_ = 0;  // that is in work
  const Clock::time_point started_ = Clock::now();
  Clock::time_point last_progress_{};
  std::string last_phase_;
};

}  // namespace

std::string historical_channel(std::string_view query_id) {
  return std::string(kHistoricalJob) + ":" + std::string(query_id);
}

void check_historical_fetch(const HistoricalFetchBody& body, std::vector<base::FieldError>& errors) {
  if (body.stream.value_or(false) && !body.in_background())
    errors.push_back({"/stream", "needs background to be true, or a provider"});
  if (body.format && body.in_background())
    errors.push_back({"/format", "has no place in the background: streamed bars are objects"});
  if (body.priority && !body.in_background())
    errors.push_back({"/priority", "needs background to be true, or a provider"});
  if (body.priority && (*body.priority < jobs::kPriorityMin || *body.priority > jobs::kPriorityMax))
    errors.push_back({"/priority", "must be from 0 (lowest) to 3"});
  if (!body.provider) {
    if (body.extended_hours) errors.push_back({"/extended_hours", "needs a provider"});
    if (body.again) errors.push_back({"/again", "needs a provider"});
    return;
  }
  if (body.background && !*body.background)
    errors.push_back({"/background", "must be true with a provider: its bars come in the background"});
  if (body.last) {
    errors.push_back({"/last",
                      "does not go with provider, which is asked for a range of time; give start and end, "
                      "relative or preset"});
  }
  if (body.continuous_series.value_or(false)) {
    errors.push_back({"/continuous_series",
                      "does not go with provider: fetch the contracts by their names, then ask "
                      "for the series without provider"});
  }
}

base::Result<market::Timeframe> provider_timeframe(const feed::Provider& provider, const std::string& frequency) {
  TRY_ASSIGN(const market::TickBarRule rule, market::parse_tick_bar_rule(frequency));
  std::optional<market::Timeframe> best;
  std::string names;
  for (const feed::TimeframeCapability& entry : provider.capabilities().timeframes) {  // finest first
    names += (names.empty() ? "" : ", ") + market::to_string(entry.timeframe);
    if (rule.kind == market::TickBarRule::Kind::kTime && store::is_made_of(rule.timeframe, entry.timeframe))
      best = entry.timeframe;
  }
  if (best) return *best;
  return base::failure(base::ErrorCode::kUnsupported, fmt::format("{} has bars of {}, and {} cannot be made of them",
                                                                  provider.name(), names, frequency));
}

jobs::MayStart historical_may_start(Publisher& publisher, std::chrono::milliseconds subscriber_wait) {
  return [&publisher, subscriber_wait, began = base::now()](const jobs::Job& job) {
    if (job.kind != kHistoricalJob || publisher.has_subscribers(historical_channel(job.id))) return true;
    if (base::now() - std::max(job.created_at, began) > subscriber_wait) return true;
    const auto request = base::parse_json(job.request, job.request.size());
    const json::value* const stream =
        request && request->is_object() ? request->get_object().if_contains("stream") : nullptr;
    return stream == nullptr || !stream->is_bool() || !stream->get_bool();
  };
}

jobs::JobHandler historical_handler(const HistoricalJobParts& parts) {
  return [parts](jobs::JobContext& context) -> base::Result<std::string> {
    TRY_ASSIGN(const json::value value, base::parse_json(context.request(), context.request().size()));
    TRY_ASSIGN(HistoricalJobRequest body, base::from_json<HistoricalJobRequest>(value));
    return Run(context, parts, std::move(body)).all();
  };
}

void count_execution(store::MarketStore& store, std::int64_t saved_query, std::chrono::nanoseconds took) {
  if (const auto counted = store.count_saved_query_execution(saved_query, took); !counted)
    base::log(base::LogLevel::kWarning, "a saved query could not be counted", {{"reason", counted.error().message}});
}

base::Result<std::string> submit_fetch(jobs::JobQueue& queue, jobs::JobRunner& runner, const HistoricalFetchBody& body,
                                       std::optional<std::int64_t> saved_query, std::string_view key,
                                       std::string_view owner) {
  HistoricalJobReport waiting;
  for (const std::string& symbol : body.symbols) waiting.symbols.push_back({.symbol = symbol});
  TRY_ASSIGN(
      std::string id,
      queue.submit(
          kHistoricalJob, base::json_text(base::to_json(HistoricalJobRequest{body, saved_query})),
          base::json_text(base::to_json(waiting)),
          {.priority = static_cast<int>(body.priority.value_or(jobs::kPriorityDefault)), .key = key, .owner = owner}));
  runner.wake();
  return id;
}

base::Result<jobs::Job> find_historical_query(jobs::JobQueue& queue, std::string_view query_id,
                                              std::string_view owner) {
  auto job = queue.get(query_id, owner);
  if (job && job->kind != kHistoricalJob) {
    return base::failure(base::ErrorCode::kNotFound, "there is no query " + std::string(query_id.substr(0, 64)));
  }
  return job;
}

base::Result<jobs::Job> cancel_historical_query(jobs::JobQueue& queue, jobs::JobRunner& runner, Publisher& publisher,
                                                const std::string& query_id, std::string_view owner) {
  TRY(find_historical_query(queue, query_id, owner));
  TRY_ASSIGN(jobs::Job job, queue.request_cancel(query_id, owner));
  runner.interrupt(query_id);
  // One that runs tells it by itself, when it has stopped.
  if (job.state == jobs::JobState::kCancelled)
    publish_error(publisher, query_id, std::nullopt, {"CANCELLED", "the query was cancelled"}, "cancelled");
  return job;
}

}  // namespace tradeassist::server
