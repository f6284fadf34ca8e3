#pragma once

#include <boost/describe.hpp>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "optimize/tournament.hpp"
#include "pine/catalogue.hpp"
#include "server/problem.hpp"
#include "server/script_request.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

struct StageBody {
  std::int64_t trials = 0;
  std::optional<std::int64_t> keep;  // of the last stage: none
};
BOOST_DESCRIBE_STRUCT(StageBody, (), (trials, keep))

/// The body of POST /api/v1/optimize/batch: a tournament of strategies x symbols x timeframes.
struct BatchBody {
  std::optional<std::vector<std::string>> strategies;  // of the catalogue; absent: all, or all of `category`
  std::optional<std::string> category;
  std::vector<std::string> symbols, timeframes;
  std::optional<base::Time> from, to;
  std::optional<std::string> price_adjustment;
  std::optional<std::vector<StageBody>> stages;
  std::optional<std::string> sampler, objective;
  std::optional<std::map<std::string, double>> weights;
  std::optional<std::vector<std::string>> require;
  std::optional<std::uint32_t> seed;
  std::optional<double> out_of_sample_share, validation_share;
  std::optional<Values> properties;
  std::optional<int> threads;
  std::optional<std::int64_t> priority;
};
BOOST_DESCRIBE_STRUCT(BatchBody, (),
                      (strategies, category, symbols, timeframes, from, to, price_adjustment, stages, sampler,
                       objective, weights, require, seed, out_of_sample_share, validation_share, properties, threads,
                       priority))

/// Every combination with its bars. Problems name the field; what is wrong with one strategy alone is said of it in the
/// leaderboard.
std::variant<optimize::TournamentRequest, Problem> prepare_batch(const BatchBody& body, store::SeriesCache& cache,
                                                                 const pine::Catalogue& catalogue);

}  // namespace tradeassist::server
