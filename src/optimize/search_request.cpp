#include "optimize/search_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "optimize/goal.hpp"

namespace tradeassist::optimize {

void SearchRequest::choose_trials(const std::optional<std::string>& given_sampler,
                                  const std::optional<std::uint64_t>& given_trials) {
  const auto combinations = space.combinations();
  const bool small = combinations && *combinations <= kWholeSpaceMax;
  sampler = given_sampler.value_or(small ? "grid" : "random");
  trials = given_trials.value_or(small ? *combinations : kWholeSpaceMax);
}

base::Result<void> SearchRequest::choose_objectives(const std::vector<std::string>& names) {
  if (names.empty()) {
    if (!weights.empty()) objective = kComposite;
    return {};
  }
  if (!weights.empty() && std::ranges::find(names, kComposite) == names.end()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "weights are of the objective composite; name it, or leave the objective out");
  }
  if (names.size() > kObjectivesMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("{} objectives are more than {}", names.size(), kObjectivesMax));
  }
  for (auto name = names.begin(); name != names.end(); ++name) {
    TRY(find_objective(*name));
    if (std::find(names.begin(), name, *name) != name) {
      return base::failure(base::ErrorCode::kInvalidArgument, "the objective " + *name + " is named twice");
    }
  }
  objective = names.front();
  objectives = names.size() > 1 ? names : std::vector<std::string>{};
  return {};
}

Outcome SearchRequest::judge(const Trial& trial) const {
  const auto goal = Goal::of(*this);
  return goal ? goal->judge(trial) : Outcome{};
}

}  // namespace tradeassist::optimize
