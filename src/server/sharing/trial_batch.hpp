#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "backtest/metrics/metrics.hpp"
#include "base/result.hpp"
#include "optimize/search_request.hpp"

namespace tradeassist::server {

/// Tells one search of a job from all others: who is to help with it has to have the same bars and the same script.
struct SearchIdentity {
  std::size_t entrant = 0;  // of a tournament
  std::size_t bars = 0;     // of its series; one that has grown since begins with them
  std::string data;         // optimize::data_fingerprint of these
  std::string script;       // of its text and of what that was compiled to

  friend bool operator==(const SearchIdentity&, const SearchIdentity&) = default;
};

SearchIdentity identify(const pine::Program& program, const market::Series& series, std::size_t entrant);

/// Trials of a search that a worker evaluates.
struct TrialBatch {
  SearchIdentity search;
  backtest::BarRange bars;  // of the series, that they run on
  /// One that the server evaluated itself on these bars. A worker that finds another result leaves the job to others.
  optimize::Trial known;
  std::vector<optimize::Trial> trials;  // number, point and bar_share are set
};

/// As the task of a jobs::Batch, and back. kDataLoss when it cannot be read.
std::string batch_text(const TrialBatch& batch);
base::Result<TrialBatch> read_batch(std::string_view text);

/// Evaluated trials as the result of a jobs::Batch, and back. kDataLoss when it cannot be read.
std::string trials_text(const std::vector<optimize::Trial>& trials);
base::Result<std::vector<optimize::Trial>> read_trials(std::string_view text);

/// Same number, point and share of the bars.
bool is_same_trial(const optimize::Trial& a, const optimize::Trial& b);
/// The same figures to the bit, too.
bool has_same_figures(const optimize::Trial& a, const optimize::Trial& b);

}  // namespace tradeassist::server
