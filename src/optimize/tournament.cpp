#include "optimize/tournament.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "optimize/try_space.hpp"

namespace tradeassist::optimize {
namespace {

base::Error invalid(std::string why) { return {base::ErrorCode::kInvalidArgument, std::move(why)}; }

/// Trials of all entrants are numbered in one row: an entrant's begin behind those that the one before it can make.
class OneRow {
 public:
  OneRow(const TournamentRequest& request, const ProgressCallback& progress, const TrialCallback& on_trials)
      : each_(request.stages.back().trials), total_(trial_count(request)), progress_(progress), on_trials_(on_trials) {
    kept_.resize(request.entrants.size());
    last_.resize(request.entrants.size());
    for (const Trial& trial : request.completed) {
      if (trial.trial >= each_ * kept_.size()) continue;
      kept_[trial.trial / each_].push_back(trial);
      kept_[trial.trial / each_].back().trial %= each_;
    }
  }

  /// What is known of an entrant's trials, by its own numbers: those of its last stage first.
  std::vector<Trial> known(std::size_t entrant) const {
    std::vector<Trial> trials = last_[entrant];
    trials.insert(trials.end(), kept_[entrant].begin(), kept_[entrant].end());
    return trials;
  }

  ProgressCallback progress() const {
    return [this](const SearchProgress& own) {
      if (!progress_) return;
      SearchProgress all = own;
      all.trials_done = std::min(total_, done_ + own.trials_done);
      all.trials_total = total_;
      all.seconds_left = own.trials_per_second > 0
                             ? static_cast<double>(total_ - all.trials_done) / own.trials_per_second
                             : std::nan("");
      all.has_best = false;  // the best of one entrant says nothing of the others
      progress_(all);
    };
  }

  TrialCallback on_trials(std::size_t entrant) {
    return [this, entrant](const std::vector<Trial>& fresh) {
      std::vector<Trial> all = fresh;
      for (Trial& trial : all) trial.trial += entrant * each_;
      if (on_trials_) on_trials_(all);
    };
  }

  void stage_done(std::uint64_t trials) { done_ += trials; }

  /// Keeps the trials of a stage; how many of them the entrant had not made in the stage before. Samplers that spread
  /// over as many trials as there are to be try other points when there are more.
  std::uint64_t keep_stage(std::size_t entrant, std::vector<Trial> trials) {
    std::vector<Trial>& before = last_[entrant];
    const auto is_known = [&](const Trial& trial) {
      return trial.trial < before.size() && before[trial.trial].bar_share == trial.bar_share &&
             same_point(before[trial.trial].point, trial.point);
    };
    const auto known = static_cast<std::uint64_t>(std::ranges::count_if(trials, is_known));
    const std::uint64_t fresh = trials.size() - known;
    before = std::move(trials);
    return fresh;
  }

 private:
  std::uint64_t each_, total_, done_ = 0;
  const ProgressCallback& progress_;
  const TrialCallback& on_trials_;
  std::vector<std::vector<Trial>> kept_, last_;
};

SearchRequest of_stage(const Entrant& entrant, std::uint64_t trials, std::vector<Trial> known) {
  SearchRequest request = *entrant.request;
  request.trials = trials;
  request.completed = std::move(known);
  return request;
}

/// The trials of a stage of one entrant: in sample only. A failure of its script is its own, not the tournament's.
base::Result<void> run_stage(const Entrant& entrant, std::uint64_t trials, OneRow& row, Place& place,
                             const std::stop_token& stop) {
  const SearchRequest request = of_stage(entrant, trials, row.known(place.entrant));
  const auto tried = [&]() -> base::Result<TriedSpace> {
    TRY_ASSIGN(const TrialRunner runner, TrialRunner::make(request));
    TRY_ASSIGN(const Split split,
               split_bars(request.series->size(), request.validation_share, request.out_of_sample_share));
    return try_space(runner, {0, split.in_sample}, request.completed, row.progress(), stop,
                     row.on_trials(place.entrant));
  }();
  if (!tried && tried.error().code == base::ErrorCode::kCancelled) return std::unexpected(tried.error());
  place.best.reset();
  if (!tried) {
    place.failure = tried.error().message;
    return {};
  }
  ++place.stages;
  if (!tried->ranked.empty()) place.best = tried->trials[tried->ranked.front()];
  place.trials += row.keep_stage(place.entrant, std::move(tried->trials));
  if (!place.best)
    place.failure = fmt::format("none of its {} trials has a value of {}", place.trials, request.objective);
  return {};
}

/// What the trials of the last stage come to, as a whole search; `of_all`: trials of all entrants.
base::Result<void> run_final(const Entrant& entrant, std::uint64_t trials, std::uint64_t of_all, OneRow& row,
                             Place& place, const std::stop_token& stop) {
  SearchRequest request = of_stage(entrant, trials, row.known(place.entrant));
  request.validation.trials_of_all = of_all;
  auto result = search(request, row.progress(), stop, row.on_trials(place.entrant));
  if (!result && result.error().code == base::ErrorCode::kCancelled) return std::unexpected(result.error());
  if (!result) {
    place.failure = result.error().message;
    place.best.reset();
    return {};
  }
  place.best = result->trials[result->best];
  place.result = std::move(*result);
  return {};
}

/// Those that came further before the others; of those as far, the better.
void rank(std::vector<Place>& places, const std::vector<Entrant>& entrants) {
  const auto outcome = [&](const Place& place) {
    return place.best ? entrants[place.entrant].request->judge(*place.best) : Outcome{};
  };
  std::ranges::stable_sort(places, [&](const Place& a, const Place& b) {
    if (a.best.has_value() != b.best.has_value()) return a.best.has_value();
    if (a.stages != b.stages) return a.stages > b.stages;
    return better(outcome(a), outcome(b));
  });
}

std::string statement_of(const TournamentResult& made, std::size_t finalists) {
  std::string text = fmt::format("{} entrants made {} trials; ", made.places.size(), made.trials);
  if (finalists == 0) return text + "none of them has a value of the objective in the last stage.";
  return text + fmt::format(
                    "{} of them were searched to the end and looked at on bars that no search had seen. The first is "
                    "the best of all these trials in sample: the more there are, the better it looks by luck alone, "
                    "and its figures out of sample are the ones to judge by.",
                    finalists);
}

}  // namespace

base::Result<void> check_stages(const std::vector<Stage>& stages) {
  if (stages.empty() || stages.size() > kStagesMax)
    return std::unexpected(invalid(fmt::format("a tournament has from 1 to {} stages", kStagesMax)));
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const bool is_last = i + 1 == stages.size();
    if (stages[i].trials == 0 || stages[i].trials > SearchRequest::kTrialsMax ||
        (i > 0 && stages[i].trials <= stages[i - 1].trials))
      return std::unexpected(invalid("each stage of a tournament makes more trials than the one before it"));
    if (!is_last && (stages[i].keep == 0 || (i > 0 && stages[i].keep > stages[i - 1].keep)))
      return std::unexpected(
          invalid("of each stage of a tournament at least one entrant goes on, and no more than before"));
  }
  return {};
}

base::Result<std::vector<Stage>> parse_stages(std::string_view text) {
  std::vector<Stage> stages;
  const auto whole = [](std::string_view part) -> std::optional<std::uint64_t> {
    const auto number = base::parse_number(base::trim(part));
    if (!number || *number < 0 || *number > 1e9 || *number != std::floor(*number)) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
  };
  const auto unreadable = [&] {
    return std::unexpected(invalid(
        fmt::format("stages '{}': expected trials and how many go on, as in 50/20,200/5,500", text.substr(0, 64))));
  };
  for (std::string_view rest = text; stages.size() <= kStagesMax;) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    const std::size_t slash = part.find('/');
    const bool is_last = comma == std::string_view::npos;
    if (is_last != (slash == std::string_view::npos)) return unreadable();
    const auto trials = whole(part.substr(0, slash));
    const auto keep = is_last ? std::optional<std::uint64_t>(0) : whole(part.substr(slash + 1));
    if (!trials || !keep) return unreadable();
    stages.push_back({*trials, static_cast<std::size_t>(*keep)});
    if (is_last) break;
    rest.remove_prefix(comma + 1);
  }
  TRY(check_stages(stages));
  return stages;
}

std::uint64_t trial_count(const TournamentRequest& request) {
  std::size_t in_it = static_cast<std::size_t>(
      std::ranges::count_if(request.entrants, [](const Entrant& entrant) { return entrant.request.has_value(); }));
  std::uint64_t count = 0, before = 0;
  for (const Stage& stage : request.stages) {
    count += in_it * (stage.trials - before);
    before = stage.trials;
    in_it = std::min(in_it, stage.keep);
  }
  return count;
}

base::Result<TournamentResult> tournament(const TournamentRequest& request, const ProgressCallback& progress,
                                          const std::stop_token& stop, const TrialCallback& on_trials) {
  TRY(check_stages(request.stages));
  if (request.entrants.empty() || request.entrants.size() > kEntrantsMax) {
    return std::unexpected(invalid(
        fmt::format("a tournament has from 1 to {} entrants, this one {}", kEntrantsMax, request.entrants.size())));
  }
  TournamentResult made;
  for (std::size_t i = 0; i < request.entrants.size(); ++i) {
    Place place;
    place.entrant = i;
    place.failure = request.entrants[i].failure;
    made.places.push_back(std::move(place));
  }
  OneRow row(request, progress, on_trials);
  std::size_t in_it = made.places.size();  // the first of the places
  std::uint64_t before = 0;
  for (std::size_t s = 0; s < request.stages.size(); ++s) {
    const Stage& stage = request.stages[s];
    for (std::size_t i = 0; i < in_it; ++i) {
      Place& place = made.places[i];
      const Entrant& entrant = request.entrants[place.entrant];
      if (!entrant.request || (s > 0 && !place.best)) continue;
      place.failure.clear();
      TRY(run_stage(entrant, stage.trials, row, place, stop));
      row.stage_done(stage.trials - before);
    }
    before = stage.trials;
    if (s + 1 < request.stages.size()) {
      rank(made.places, request.entrants);
      in_it = std::min(in_it, stage.keep);
    }
  }
  // Only now it is known among how many trials the results are chosen.
  for (const Place& place : made.places) made.trials += place.trials;
  for (std::size_t i = 0; i < in_it; ++i) {
    Place& place = made.places[i];
    if (!place.best) continue;
    TRY(run_final(request.entrants[place.entrant], before, made.trials, row, place, stop));
  }
  rank(made.places, request.entrants);
  std::size_t finalists = 0;
  for (const Place& place : made.places) {
    if (place.result) ++finalists;
  }
  made.statement = statement_of(made, finalists);
  return made;
}

}  // namespace tradeassist::optimize
