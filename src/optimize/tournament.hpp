#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "optimize/search.hpp"

namespace tradeassist::optimize {

/// Every entrant makes so many trials in all, those of earlier stages counted; the best `keep` go on.
struct Stage {
  std::uint64_t trials = 0;
  std::size_t keep = 0;  // of the last stage: nothing
};

/// Reads `50/20,200/5,500`: trials and how many go on, the last without. kInvalidArgument: not such a text, more than
/// kStagesMax, trials that do not grow, or more that go on than before.
base::Result<std::vector<Stage>> parse_stages(std::string_view text);
base::Result<void> check_stages(const std::vector<Stage>& stages);
constexpr std::size_t kStagesMax = 8, kEntrantsMax = 1'000;

/// One strategy on one series. What is sought, the seed and the share of bars out of sample are alike for all.
struct Entrant {
  std::string strategy;
  std::optional<SearchRequest> request;  // its `trials` are not read; nothing: it cannot be searched
  std::string failure;                   // why
};

struct TournamentRequest {
  std::vector<Entrant> entrants;
  std::vector<Stage> stages = {{50, 20}, {200, 5}, {500, 0}};
  std::vector<Trial> completed;  // of an earlier, interrupted tournament with the same request
};

/// How far an entrant came.
struct Place {
  std::size_t entrant = 0;
  std::size_t stages = 0;  // that it took part in; 0: none, `failure` says why
  std::uint64_t trials = 0;
  std::optional<Trial> best;           // in sample; nothing where no trial has a value of the objective
  std::optional<SearchResult> result;  // of those in the last stage: also on the bars that no search has seen
  std::string failure;
};

struct TournamentResult {
  std::vector<Place> places;  // the best first
  std::uint64_t trials = 0;   // of all entrants
  std::string statement;
};

/// Searches all entrants, those that do best in sample longer. Bars out of sample are looked at for those in the last
/// stage alone, and what they are worth is judged by the trials of all entrants. An entrant whose script fails is last,
/// with the reason. The same request gives the same result with any number of threads. kInvalidArgument: stages, too
/// many entrants or none; kCancelled when stopped.
base::Result<TournamentResult> tournament(const TournamentRequest& request, const ProgressCallback& progress,
                                          const std::stop_token& stop, const TrialCallback& on_trials = {});

/// How many trials a tournament makes at most.
std::uint64_t trial_count(const TournamentRequest& request);

}  // namespace tradeassist::optimize
