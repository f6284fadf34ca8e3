#include "server/batch_request.hpp"

namespace tradeassist::server {
namespace {

std::variant<std::vector<std::string>, Problem> names_of(const BatchBody& body, const pine::Catalogue& catalogue) {
  if (body.strategies && body.category) return field_problem("/category", "give either strategies or category");
  std::vector<std::string> names = body.strategies.value_or(std::vector<std::string>{});
  for (const std::string& name : names) {
    if (catalogue.find(name) == nullptr) {
      return Problem{
          404, "STRATEGY_NOT_FOUND", "There is no strategy " + name.substr(0, 64) + " in the catalogue.", {}};
    }
  }
  if (!body.strategies) {
    for (const pine::CatalogueEntry* entry : catalogue.select({body.category, {}, {}, {}}))
      names.push_back(entry->header.name);
  }
  if (names.empty())
    return field_problem(body.category ? "/category" : "/strategies", "names no strategy of the catalogue");
  return names;
}

std::optional<Problem> read_stages(const BatchBody& body, optimize::TournamentRequest& request) {
  if (!body.stages) return std::nullopt;
  request.stages.clear();
  for (const StageBody& stage : *body.stages) {
    if (stage.trials < 0 || stage.keep.value_or(0) < 0) return field_problem("/stages", "must not be negative");
    request.stages.push_back(
        {static_cast<std::uint64_t>(stage.trials), static_cast<std::size_t>(stage.keep.value_or(0))});
  }
  if (const auto checked = optimize::check_stages(request.stages); !checked)
    return field_problem("/stages", checked.error().message);
  return std::nullopt;
}

OptimizeBody search_of(const BatchBody& body, const std::string& strategy, const std::string& symbol,
                       const std::string& timeframe) {
  OptimizeBody search;
  search.strategy = strategy;
  search.symbol = symbol;
  search.timeframe = timeframe;
  search.from = body.from;
  search.to = body.to;
  search.price_adjustment = body.price_adjustment;
  search.sampler = body.sampler.value_or("random");
  search.objective = body.objective.value_or(std::string(optimize::kComposite));
  search.weights = body.weights;
  search.require = body.require;
  search.seed = body.seed;
  search.out_of_sample_share = body.out_of_sample_share;
  search.validation_share = body.validation_share;
  search.properties = body.properties;
  search.threads = body.threads;
  return search;
}

/// A strategy without anything to vary cannot be searched; all else that is wrong is wrong with the request.
bool is_of_strategy(const Problem& problem) {
  return problem.errors.size() == 1 && problem.errors.front().pointer == "/parameters";
}

}  // namespace

std::variant<optimize::TournamentRequest, Problem> prepare_batch(const BatchBody& body, store::SeriesCache& cache,
                                                                 const pine::Catalogue& catalogue) {
  auto names = names_of(body, catalogue);
  if (auto* problem = std::get_if<Problem>(&names)) return std::move(*problem);
  optimize::TournamentRequest request;
  if (auto problem = read_stages(body, request)) return std::move(*problem);
  if (body.symbols.empty()) return field_problem("/symbols", "name at least one");
  if (body.timeframes.empty()) return field_problem("/timeframes", "name at least one");
  const auto& strategies = std::get<std::vector<std::string>>(names);
  if (strategies.size() > optimize::kEntrantsMax || body.symbols.size() > optimize::kEntrantsMax ||
      body.timeframes.size() > optimize::kEntrantsMax ||
      strategies.size() * body.symbols.size() * body.timeframes.size() > optimize::kEntrantsMax) {
    return field_problem("/symbols", "strategies, symbols and timeframes make more than " +
                                         std::to_string(optimize::kEntrantsMax) + " combinations");
  }
  for (const std::string& symbol : body.symbols) {
    for (const std::string& timeframe : body.timeframes) {
      for (const std::string& strategy : strategies) {
        optimize::Entrant entrant{strategy, {}, {}};
        auto search = prepare_search(search_of(body, strategy, symbol, timeframe), cache, catalogue);
        if (auto* problem = std::get_if<Problem>(&search)) {
          if (!is_of_strategy(*problem)) return std::move(*problem);
          entrant.failure = problem->errors.front().message;
        } else {
          entrant.request = std::move(std::get<optimize::SearchRequest>(search));
        }
        request.entrants.push_back(std::move(entrant));
      }
    }
  }
  return request;
}

}  // namespace tradeassist::server
