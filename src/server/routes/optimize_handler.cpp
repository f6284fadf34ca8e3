// The jobs behind POST /api/v1/optimize/single and /batch.
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "report/json_rows.hpp"
#include "report/search_report.hpp"
#include "report/tournament_report.hpp"
#include "server/batch_request.hpp"
#include "server/routes/services.hpp"
#include "server/routes/trial_checkpoint.hpp"
#include "server/script_request.hpp"
#include "server/search_again.hpp"
#include "server/sharing/shared_trials.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

template <class Body>
base::Result<Body> read_request(jobs::JobContext& context) {
  context.report(0, "data_preparation", "");
  TRY_ASSIGN(const json::value value, base::parse_json(context.request(), context.request().size()));
  return base::from_json<Body>(value);
}

base::Error failure_of(const Problem& problem) { return {base::ErrorCode::kInvalidArgument, problem.detail}; }

/// A script that exceeds its bounds does so again, however often the job is tried.
base::Error for_good(base::Error error) {
  if (error.code == base::ErrorCode::kResourceExhausted) error.code = base::ErrorCode::kInvalidArgument;
  return error;
}

/// Tells how far a search is. Of what is told in quick succession the job keeps some only: the last is told again.
class ProgressOf {
 public:
  explicit ProgressOf(jobs::JobContext& context) : context_(context) {}

  void tell(const optimize::SearchProgress& progress, const json::object& detail) {
    const double share = static_cast<double>(progress.trials_done) /
                         static_cast<double>(std::max<std::uint64_t>(1, progress.trials_total));
    const bool walks = progress.phase == optimize::SearchPhase::kWalkForward;
    last_ = base::json_text(detail);
    context_.report(share * 0.99, walks ? "performance_analysis" : "hyperparameter_optimization", last_);
  }
  void finish() { context_.report(0.99, "finalizing", last_); }

 private:
  jobs::JobContext& context_;
  std::string last_;
};

base::Result<std::string> optimise(jobs::JobContext& context, const SearchParts& parts) {
  TRY_ASSIGN(const OptimizeBody body, read_request<OptimizeBody>(context));
  std::string name;
  auto prepared = prepare_search(body, parts.cache, parts.catalogue, &name);
  if (const auto* problem = std::get_if<Problem>(&prepared)) return std::unexpected(failure_of(*problem));
  auto& request = std::get<optimize::SearchRequest>(prepared);
  if (request.threads == 0) request.threads = parts.threads;
  if (parts.batches != nullptr) request.helpers = share_with_workers(*parts.batches, context.taken(), request);
  TrialCheckpoint checkpoint(context, optimize::data_fingerprint(*request.series));
  request.completed = checkpoint.take_kept();
  ProgressOf progress_of(context);
  const auto result = optimize::search(
      request,
      [&](const optimize::SearchProgress& progress) {
        progress_of.tell(progress, report::progress_json(request, progress));
      },
      context.stop(),
      [&](const std::vector<optimize::Trial>& fresh) {
        if (parts.trials != nullptr) parts.trials->add(fresh.size());
        checkpoint.add(fresh);
      });
  if (!result) return std::unexpected(for_good(result.error()));
  progress_of.finish();
  TRY_ASSIGN(json::value asked, base::parse_json(context.request(), context.request().size()));
  TRY_ASSIGN(const json::object kept, kept_result(name, request, *result, std::move(asked), parts.version));
  return base::json_text(kept);
}

/// Of all bars that take part.
std::string fingerprint_of(const optimize::TournamentRequest& request) {
  std::set<const market::Series*> seen;
  std::string all;
  for (const optimize::Entrant& entrant : request.entrants) {
    if (entrant.request && seen.insert(entrant.request->series.get()).second)
      all += optimize::data_fingerprint(*entrant.request->series) + " ";
  }
  return all;
}

base::Result<std::string> hold_tournament(jobs::JobContext& context, const SearchParts& parts) {
  TRY_ASSIGN(const BatchBody body, read_request<BatchBody>(context));
  auto prepared = prepare_batch(body, parts.cache, parts.catalogue);
  if (const auto* problem = std::get_if<Problem>(&prepared)) return std::unexpected(failure_of(*problem));
  auto& request = std::get<optimize::TournamentRequest>(prepared);
  for (std::size_t i = 0; i < request.entrants.size(); ++i) {
    if (!request.entrants[i].request) continue;
    optimize::SearchRequest& search = *request.entrants[i].request;
    if (search.threads == 0) search.threads = parts.threads;
    if (parts.batches != nullptr) search.helpers = share_with_workers(*parts.batches, context.taken(), search, i);
  }
  TrialCheckpoint checkpoint(context, fingerprint_of(request));
  request.completed = checkpoint.take_kept();
  ProgressOf progress_of(context);
  const auto result = optimize::tournament(
      request,
      [&](const optimize::SearchProgress& progress) { progress_of.tell(progress, report::progress_json(progress)); },
      context.stop(),
      [&](const std::vector<optimize::Trial>& fresh) {
        if (parts.trials != nullptr) parts.trials->add(fresh.size());
        checkpoint.add(fresh);
      });
  if (!result) return std::unexpected(for_good(result.error()));
  progress_of.finish();
  return base::json_text(report::tournament_json(request, *result));
}

}  // namespace

jobs::JobHandler optimize_handler(const SearchParts& parts) {
  return [parts](jobs::JobContext& context) { return optimise(context, parts); };
}

jobs::JobHandler batch_handler(const SearchParts& parts) {
  return [parts](jobs::JobContext& context) { return hold_tournament(context, parts); };
}

}  // namespace tradeassist::server
