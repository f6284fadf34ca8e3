#include "optimize/sampler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "optimize/samplers/cmaes.hpp"
#include "optimize/samplers/differential_evolution.hpp"
#include "optimize/samplers/genetic.hpp"
#include "optimize/samplers/grid.hpp"
#include "optimize/samplers/hyperband.hpp"
#include "optimize/samplers/latin_hypercube.hpp"
#include "optimize/samplers/nsga2.hpp"
#include "optimize/samplers/particle_swarm.hpp"
#include "optimize/samplers/random_sampler.hpp"
#include "optimize/samplers/sobol.hpp"
#include "optimize/samplers/successive_halving.hpp"
#include "optimize/samplers/tpe.hpp"

namespace tradeassist::optimize {

std::vector<std::size_t> best_first(std::span<const Outcome> outcomes) {
  std::vector<std::size_t> order(outcomes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return better(outcomes[a], outcomes[b]); });
  return order;
}

std::span<const SamplerKind> samplers() {
  static constexpr SamplerKind kAll[] = {
      {"grid", "every combination in order, or as many as there are trials, spread evenly", make_grid_sampler, true,
       false},
      {"random", "drawn by the seed, each point as likely as any other", make_random_sampler},
      {"sobol", "evenly spread from the first trial on, shuffled by the seed", make_sobol_sampler, false, false,
       SobolSequence::kDimensionsMax},
      {"latin_hypercube", "each trial another n-th of every parameter's range", make_latin_hypercube_sampler, false,
       false},
      {"tpe", "what the best trials have in common and the others do not", make_tpe_sampler},
      {"cmaes", "a normal distribution that learns which way is down; for numbers", make_cmaes_sampler},
      {"differential_evolution", "moves by the differences of trials; for rugged objectives",
       make_differential_evolution_sampler},
      {"particle_swarm", "particles drawn to the best places found", make_particle_swarm_sampler},
      {"genetic", "crosses and mutates the better trials; for lists of values", make_genetic_sampler},
      {"nsga2", "a genetic algorithm for several objectives", make_nsga2_sampler},
      {"successive_halving", "many on few of the bars, the best of them on more", make_successive_halving_sampler},
      {"hyperband", "the same from several shares of the bars on", make_hyperband_sampler},
  };
  return kAll;
}

base::Result<const SamplerKind*> find_sampler(std::string_view name) {
  std::string names;
  for (const SamplerKind& kind : samplers()) {
    if (kind.name == name) return &kind;
    names += (names.empty() ? "" : ", ") + std::string(kind.name);
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + std::string(name.substr(0, 40)) + "' is not a sampler; use one of " + names);
}

base::Result<std::unique_ptr<Sampler>> make_sampler(std::string_view name, const SearchSpace& space,
                                                    const SamplerSettings& settings) {
  TRY_ASSIGN(const SamplerKind* kind, find_sampler(name));
  if (kind->counted && !space.combinations()) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        "the sampler " + std::string(name) + " needs parameters with steps; give each a step, or use another sampler");
  }
  if (space.parameters.size() > kind->parameters_max) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("the sampler {} takes at most {} parameters; vary fewer, or use another sampler",
                                     name, kind->parameters_max));
  }
  if (!settings.first.empty() && !kind->begins_anywhere) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("the sampler {} spreads its trials evenly and cannot begin with given points; use "
                                     "tpe, random or another that can",
                                     name));
  }
  return kind->make(space, settings);
}

}  // namespace tradeassist::optimize
