#include "server/sharing/shared_trials.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "base/log.hpp"

namespace tradeassist::server {
namespace {

using optimize::Trial;

constexpr std::chrono::seconds kLookEvery{1};

void log_failure(const jobs::Job& job, const base::Error& error) {
  base::log(base::LogLevel::kWarning, "trials are not shared with workers",
            {{"job", job.id}, {"reason", error.message}});
}

/// The trials of a batch as a worker evaluated them; nothing where they are not all of those that were asked for.
std::vector<Trial> evaluated(const std::string& result, const std::vector<Trial>& asked) {
  if (result.empty()) return {};
  auto trials = read_trials(result);
  if (!trials || !std::ranges::equal(*trials, asked, is_same_trial)) return {};
  return *std::move(trials);
}

}  // namespace

SharedTrials::SharedTrials(jobs::BatchQueue& queue, const jobs::Job& taken, std::function<SearchIdentity()> identify,
                           backtest::BarRange bars)
    : queue_(queue), taken_(taken), identify_(std::move(identify)), bars_(bars) {}

SharedTrials::~SharedTrials() {
  if (out_.empty()) return;
  if (const auto voided = queue_.withdraw_all(taken_); !voided) log_failure(taken_, voided.error());
}

void SharedTrials::look_for_workers() {
  const Clock::time_point now = Clock::now();
  if (now - looked_at_ < kLookEvery) return;
  looked_at_ = now;
  auto threads = queue_.helping_threads();
  threads_ = threads ? *std::move(threads) : std::vector<int>{};
}

std::size_t SharedTrials::room(double seconds) {
  look_for_workers();
  if (threads_.empty() || out_.size() >= threads_.size() * kBatchesAWorker) return 0;
  const double threads = std::accumulate(threads_.begin(), threads_.end(), 0.0) / static_cast<double>(threads_.size());
  const double trials = std::max(1.0, std::round(kBatchSeconds / std::max(seconds, 1e-9))) * threads;
  batch_trials_ = static_cast<std::size_t>(std::clamp(trials, 1.0, static_cast<double>(kBatchTrialsMax)));
  return (threads_.size() * kBatchesAWorker - out_.size()) * batch_trials_;
}

void SharedTrials::hand_out(std::vector<Trial> trials, const Trial& known) {
  if (trials.empty()) return;
  // Few trials go to as many workers as there are.
  const std::size_t workers = std::max<std::size_t>(threads_.size(), 1);
  const std::size_t cells = std::max<std::size_t>(trials.front().point.size(), 1);
  const std::size_t each =
      std::clamp<std::size_t>((trials.size() + workers - 1) / workers, 1,
                              std::max<std::size_t>(1, std::min(batch_trials_, kBatchCellsMax / cells)));
  TrialBatch batch{identify_(), bars_, known, {}};
  for (auto next = trials.begin(); next != trials.end();) {
    const auto count = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(each), trials.end() - next);
    batch.trials.assign(std::make_move_iterator(next), std::make_move_iterator(next + count));
    next += count;
    const auto id = queue_.offer(taken_, batch_text(batch));
    if (id) {
      out_.emplace(*id, std::move(batch.trials));
      heard_at_ = Clock::now();
      continue;
    }
    log_failure(taken_, id.error());
    looked_at_ = Clock::now();
    threads_.clear();  // nothing more is handed out until the queue is asked again
    std::ranges::move(batch.trials, std::back_inserter(refused_));
    refused_.insert(refused_.end(), std::make_move_iterator(next), std::make_move_iterator(trials.end()));
    return;
  }
}

void SharedTrials::move_back(std::int64_t id, std::vector<Trial>& to) {
  const auto found = out_.find(id);
  if (found == out_.end()) return;
  std::ranges::move(found->second, std::back_inserter(to));
  out_.erase(found);
}

optimize::TrialHelpers::Returned SharedTrials::collect() {
  Returned returned;
  returned.not_evaluated = std::exchange(refused_, {});
  if (out_.empty()) return returned;
  const auto collected = queue_.collect(taken_);
  if (!collected) {
    // As long as a worker that is not heard of keeps a batch, the queue may keep us waiting.
    if (Clock::now() - heard_at_ < queue_.lease()) return returned;
    log_failure(taken_, collected.error());
    for (auto& [id, trials] : out_) std::ranges::move(trials, std::back_inserter(returned.not_evaluated));
    out_.clear();
    return returned;
  }
  heard_at_ = Clock::now();
  for (const jobs::EndedBatch& batch : collected->ended) {
    const auto found = out_.find(batch.id);
    if (found == out_.end()) continue;
    std::vector<Trial> trials = evaluated(batch.result, found->second);
    if (trials.empty()) {
      move_back(batch.id, returned.not_evaluated);
      continue;
    }
    std::ranges::move(trials, std::back_inserter(returned.evaluated));
    out_.erase(found);
  }
  // What is neither is void: the job was taken by another, or somebody tidied up.
  std::vector<std::int64_t> lost;
  for (const auto& [id, trials] : out_) {
    if (std::ranges::find(collected->unended, id) == collected->unended.end()) lost.push_back(id);
  }
  for (const std::int64_t id : lost) move_back(id, returned.not_evaluated);
  return returned;
}

std::vector<Trial> SharedTrials::take_back() {
  std::vector<Trial> trials;
  if (out_.empty()) return trials;
  if (const auto id = queue_.withdraw(taken_); id && *id) move_back(**id, trials);
  return trials;
}

optimize::MakeHelpers share_with_workers(jobs::BatchQueue& queue, const jobs::Job& taken,
                                         const optimize::SearchRequest& request, std::size_t entrant) {
  // All bars are read for it: only when there is somebody to share with, and once.
  auto known = std::make_shared<std::optional<SearchIdentity>>();
  const auto identify = [program = request.program, series = request.series, entrant, known] {
    if (!*known) *known = server::identify(*program, *series, entrant);
    return **known;
  };
  jobs::Job named;  // without its texts
  named.id = taken.id;
  named.fence = taken.fence;
  return [&queue, named, identify](backtest::BarRange bars) {
    return std::make_unique<SharedTrials>(queue, named, identify, bars);
  };
}

}  // namespace tradeassist::server
