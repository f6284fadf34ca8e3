#include "optimize/validation/cross_validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "optimize/significance/bootstrap.hpp"
#include "optimize/significance/sharpe_significance.hpp"

namespace tradeassist::optimize {
namespace {

base::Result<void> check(std::span<const std::vector<double>> returns, const CrossValidationOptions& options) {
  const auto invalid = [](std::string why) { return base::failure(base::ErrorCode::kInvalidArgument, std::move(why)); };
  if (returns.size() < 2) return invalid("one strategy leaves nothing to choose from");
  if (options.groups < 2 || options.groups > kCrossValidationGroupsMax || options.test_groups < 1 ||
      options.test_groups >= options.groups) {
    return invalid(fmt::format("the groups must be from 2 to {}, those tested fewer", kCrossValidationGroupsMax));
  }
  const std::size_t days = returns.front().size();
  if (days < 2 * static_cast<std::size_t>(options.groups))
    return invalid(fmt::format("{} days are too few for {} groups", days, options.groups));
  if (!std::ranges::all_of(returns, [&](const auto& each) { return each.size() == days; }))
    return invalid("the returns of the strategies are of different days");
  return {};
}

/// Which days may be trained on when the groups of `tested` (a bit each) are tested.
std::vector<char> training_days(std::size_t days, std::span<const std::size_t> bounds, unsigned tested,
                                const CrossValidationOptions& options) {
  std::vector<char> train(days, 1);
  const auto embargo = static_cast<std::size_t>(std::ceil(options.embargo_share * static_cast<double>(days)));
  for (std::size_t group = 0; group + 1 < bounds.size(); ++group) {
    if ((tested >> group & 1u) == 0) continue;
    const std::size_t first = bounds[group] - std::min(bounds[group], options.purged_days);
    const std::size_t end = std::min(days, bounds[group + 1] + options.purged_days + embargo);
    std::fill(train.begin() + static_cast<std::ptrdiff_t>(first), train.begin() + static_cast<std::ptrdiff_t>(end), 0);
  }
  return train;
}

/// The strategy with the highest Sharpe ratio on these days; of equals the first; those that do not vary have 0.
std::size_t best_on(std::span<const std::vector<double>> returns, const std::vector<char>& days) {
  std::size_t best = 0;
  double best_ratio = -INFINITY;
  std::vector<double> chosen;
  for (std::size_t s = 0; s < returns.size(); ++s) {
    chosen.clear();
    for (std::size_t day = 0; day < days.size(); ++day) {
      if (days[day] != 0) chosen.push_back(returns[s][day]);
    }
    const double ratio = moments_of(chosen).sharpe().value_or(0);
    if (ratio > best_ratio) {
      best_ratio = ratio;
      best = s;
    }
  }
  return best;
}

}  // namespace

base::Result<CrossValidation> cross_validate(std::span<const std::vector<double>> returns, double days_per_year,
                                             const CrossValidationOptions& options) {
  TRY(check(returns, options));
  const std::size_t days = returns.front().size();
  const auto groups = static_cast<std::size_t>(options.groups);
  std::vector<std::size_t> bounds(groups + 1);
  for (std::size_t group = 0; group <= groups; ++group) bounds[group] = days * group / groups;

  CrossValidation made;
  std::vector<std::vector<double>> paths;        // the returns of all days, once each
  std::vector<std::size_t> tests_of(groups, 0);  // how often each group was tested so far
  for (unsigned tested = 0; tested < 1u << groups; ++tested) {
    if (std::popcount(tested) != options.test_groups) continue;
    ++made.splits;
    const std::size_t best = best_on(returns, training_days(days, bounds, tested, options));
    for (std::size_t group = 0; group < groups; ++group) {
      if ((tested >> group & 1u) == 0) continue;
      const std::size_t path = tests_of[group]++;
      if (path == paths.size()) paths.emplace_back(days);
      std::copy(returns[best].begin() + static_cast<std::ptrdiff_t>(bounds[group]),
                returns[best].begin() + static_cast<std::ptrdiff_t>(bounds[group + 1]),
                paths[path].begin() + static_cast<std::ptrdiff_t>(bounds[group]));
    }
  }
  const double annual = std::sqrt(days_per_year);
  for (const std::vector<double>& path : paths)
    made.path_sharpe.push_back(moments_of(path).sharpe().value_or(0) * annual);
  std::ranges::sort(made.path_sharpe);
  made.worst_sharpe = made.path_sharpe.front();
  made.best_sharpe = made.path_sharpe.back();
  made.median_sharpe = sorted_quantile(made.path_sharpe, 0.5);
  const auto losses = std::ranges::count_if(made.path_sharpe, [](double ratio) { return ratio < 0; });
  made.share_of_loss = static_cast<double>(losses) / static_cast<double>(made.path_sharpe.size());
  made.statement = fmt::format(
      "Chosen anew on {} splits of the days, the best has a Sharpe ratio of {:.2f} a year on days that it was not "
      "chosen "
      "on (median of {} paths, from {:.2f} to {:.2f}).",
      made.splits, made.median_sharpe, made.path_sharpe.size(), made.worst_sharpe, made.best_sharpe);
  return made;
}

}  // namespace tradeassist::optimize
