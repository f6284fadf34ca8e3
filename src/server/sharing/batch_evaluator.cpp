#include "server/sharing/batch_evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "optimize/parallel.hpp"
#include "optimize/search.hpp"
#include "optimize/searched_bars.hpp"
#include "server/batch_request.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {
namespace {

using optimize::SearchRequest;
using optimize::Trial;

base::Error not_here(std::string why) { return {base::ErrorCode::kFailedPrecondition, std::move(why)}; }

/// What the job's own handler would make of its request.
base::Result<SearchRequest> read_search(const jobs::BatchJob& job, std::size_t entrant, store::SeriesCache& cache,
                                        const pine::Catalogue& catalogue) {
  const auto cannot = [](const Problem& problem) {
    return std::unexpected(not_here("its request cannot be prepared: " + problem.detail +
                                    (problem.errors.empty() ? "" : " " + problem.errors.front().message)));
  };
  TRY_ASSIGN(const auto value, base::parse_json(job.request, job.request.size()));
  if (job.kind == "optimize") {
    TRY_ASSIGN(const OptimizeBody body, base::from_json<OptimizeBody>(value));
    auto search = prepare_search(body, cache, catalogue);
    if (const auto* problem = std::get_if<Problem>(&search)) return cannot(*problem);
    return std::get<SearchRequest>(std::move(search));
  }
  if (job.kind != "optimize_batch") return std::unexpected(not_here("jobs of kind " + job.kind + " are not shared"));
  TRY_ASSIGN(const BatchBody body, base::from_json<BatchBody>(value));
  auto tournament = prepare_batch(body, cache, catalogue);
  if (const auto* problem = std::get_if<Problem>(&tournament)) return cannot(*problem);
  auto& entrants = std::get<optimize::TournamentRequest>(tournament).entrants;
  if (entrant >= entrants.size() || !entrants[entrant].request)
    return std::unexpected(not_here(fmt::format("entrant {} of the tournament is none here", entrant)));
  return *std::move(entrants[entrant].request);
}

/// Figures of a trial for people.
std::string figures(const Trial& trial) {
  return fmt::format("objective {}, net profit {}, {} trades", trial.objective, trial.net_profit,
                     trial.total_closed_trades);
}

}  // namespace

/// A search of which batches come, prepared.
struct BatchEvaluator::Search {
  Search(std::string asked, SearchIdentity is, SearchRequest made)
      : job_request(std::move(asked)), identity(std::move(is)), request(std::move(made)) {}

  struct Stretch {
    Stretch(const market::Series& series, backtest::BarRange range) : bars(range), searched(series, range) {}
    backtest::BarRange bars;
    optimize::SearchedBars searched;
    std::mutex mutex;        // guards the next
    bool is_proven = false;  // a known trial was found to be the same here
  };

  std::shared_ptr<Stretch> stretch(backtest::BarRange bars) {
    const std::lock_guard lock(mutex);
    for (const auto& each : stretches) {
      if (each->bars.first == bars.first && each->bars.end == bars.end) return each;
    }
    if (stretches.size() >= kStretchesKept) stretches.pop_front();
    return stretches.emplace_back(std::make_shared<Stretch>(*request.series, bars));
  }

  const std::string job_request;
  const SearchIdentity identity;
  const SearchRequest request;
  std::optional<optimize::TrialRunner> runner;  // of `request`
  std::mutex mutex;                             // guards the rest
  std::deque<std::shared_ptr<Stretch>> stretches;
};

BatchEvaluator::BatchEvaluator(store::SeriesCache& cache, const pine::Catalogue& catalogue, int threads)
    : cache_(cache), catalogue_(catalogue), threads_(threads) {}

BatchEvaluator::~BatchEvaluator() = default;

base::Result<std::shared_ptr<BatchEvaluator::Search>> BatchEvaluator::prepare(const jobs::BatchJob& job,
                                                                              const SearchIdentity& identity) const {
  TRY_ASSIGN(SearchRequest request, read_search(job, identity.entrant, cache_, catalogue_));
  // Bars may have come since the search began.
  if (request.series->size() > identity.bars)
    request.series = std::make_shared<const market::Series>(request.series->slice(0, identity.bars));
  const SearchIdentity here = identify(*request.program, *request.series, identity.entrant);
  if (here.script != identity.script) return std::unexpected(not_here("its script is another one here"));
  if (here != identity)
    return std::unexpected(not_here(fmt::format("its bars are others here: {}, not {}", here.data, identity.data)));
  auto search = std::make_shared<Search>(job.request, identity, std::move(request));
  TRY_ASSIGN(optimize::TrialRunner runner, optimize::TrialRunner::make(search->request));
  search->runner.emplace(std::move(runner));
  return search;
}

base::Result<std::shared_ptr<BatchEvaluator::Search>> BatchEvaluator::find_search(const jobs::BatchJob& job,
                                                                                  const SearchIdentity& identity) {
  // Who asks for the same search meanwhile would read the same bars: one after the other.
  const std::lock_guard lock(mutex_);
  const auto is_it = [&](const std::shared_ptr<Search>& each) {
    return each->identity == identity && each->job_request == job.request;
  };
  if (const auto found = std::ranges::find_if(searches_, is_it); found != searches_.end()) {
    std::rotate(searches_.begin(), found, found + 1);
    return searches_.front();
  }
  TRY_ASSIGN(auto made, prepare(job, identity));
  searches_.push_front(made);
  if (searches_.size() > kSearchesKept) searches_.pop_back();
  return made;
}

base::Result<std::vector<Trial>> BatchEvaluator::evaluate(const jobs::BatchJob& job, const TrialBatch& batch,
                                                          const std::stop_token& stop) {
  TRY_ASSIGN(const std::shared_ptr<Search> search, find_search(job, batch.search));
  const std::shared_ptr<Search::Stretch> stretch = search->stretch(batch.bars);
  const auto run = [&](Trial trial) {
    return search->runner->evaluate(stretch->searched.share(trial.bar_share), std::move(trial), stop);
  };
  {
    const std::lock_guard lock(stretch->mutex);
    if (!stretch->is_proven) {
      Trial asked;
      asked.trial = batch.known.trial;
      asked.point = batch.known.point;
      asked.bar_share = batch.known.bar_share;
      TRY_ASSIGN(const Trial found, run(std::move(asked)));
      if (!has_same_figures(found, batch.known)) {
        return std::unexpected(not_here(fmt::format("trial {} comes out differently here: {}; the server has {}",
                                                    batch.known.trial, figures(found), figures(batch.known))));
      }
      stretch->is_proven = true;
    }
  }
  std::vector<Trial> trials = batch.trials;
  TRY(optimize::parallel_for(trials.size(), threads_, stop, [&](std::size_t i) -> base::Result<void> {
    TRY_ASSIGN(trials[i], run(std::move(trials[i])));
    return {};
  }));
  return trials;
}

}  // namespace tradeassist::server
