#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "optimize/search_request.hpp"
#include "optimize/trial_runner.hpp"
#include "optimize/validation/validation.hpp"
#include "optimize/validation/walk_forward.hpp"

namespace tradeassist::optimize {

/// One of the trials that are best in sample, on the bars that the best is chosen on.
struct Finalist {
  std::size_t place = 0;  // in SearchResult::trials
  Trial measured;         // what it did on those bars
};
constexpr std::size_t kFinalistsMax = 10;

/// What the best inputs do on another instrument, whose bars no trial has seen.
struct Elsewhere {
  std::string symbol;
  std::optional<PeriodResult> result;
  std::string failure;  // where there is no result
};

struct SearchResult {
  std::vector<Trial> trials;                  // by trial number
  std::optional<std::uint64_t> combinations;  // nothing where they cannot be counted
  Ending ending = Ending::kAllTried;
  std::size_t best = 0;            // place in trials
  std::vector<std::size_t> front;  // of several objectives: the trials that no other beats in all of them
  backtest::InputVector best_inputs;
  Split split;
  std::vector<Finalist> finalists;  // of whom the best was chosen, the best there first; none without such bars
  PeriodResult in_sample;
  std::optional<PeriodResult> validation_sample, out_of_sample;
  std::vector<double> equity;  // of the best inputs, one a bar; each part of the split begins with the capital
  std::optional<Validation> validation;  // nothing where the request wants none
  std::optional<WalkForward> walk_forward;
  std::vector<Elsewhere> elsewhere;  // of the other instruments, in their order
  std::string elsewhere_statement;
  std::string statement;              // how many trials were tried, and what that does to the result
  std::vector<std::string> warnings;  // what the runs of the best inputs asked for and could not have, each once
  std::string data_fingerprint;       // of the bars that were used
};

/// Runs the trials in sample, chooses among the best of them on the bars kept for that, evaluates the chosen one in and
/// out of sample and asks what the result is worth. Same request,
/// same result to the bit with any number of threads. kCancelled when stopped; kInvalidArgument for impossible
/// requests, or when no trial has a value of the objective (says why).
base::Result<SearchResult> search(const SearchRequest& request, const ProgressCallback& progress,
                                  const std::stop_token& stop, const TrialCallback& on_trials = {});

/// Tells whether two searches ran on the same bars.
std::string data_fingerprint(const market::Series& series);

/// kInvalidArgument: shares that leave less than a tenth in sample, or a part of fewer than two bars.
base::Result<Split> split_bars(std::size_t bars, double validation_share, double out_of_sample_share);

}  // namespace tradeassist::optimize
