#include "store/live_appender.hpp"

#include <algorithm>
#include <utility>

#include "store/bars/chunk_rows.hpp"

namespace tradeassist::store {
namespace {

using market::Series;

/// The bars of one series of a batch, as they came.
struct Group {
  std::int64_t series_id, import_id;
  Series bars;
  std::vector<std::size_t> members;  // of the batch
  bool ascends = true;
};

}  // namespace

LiveAppender::LiveAppender(MarketStore& store, const LiveAppenderOptions& options)
    : store_(store), options_(options), thread_([this] { run(); }) {}

LiveAppender::~LiveAppender() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void LiveAppender::append(std::int64_t series_id, std::int64_t import_id, const market::Bar& bar,
                          Acknowledge acknowledge) {
  bool was_empty = false;
  {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [&] { return queue_.size() < options_.queued_max; });
    was_empty = queue_.empty();
    queue_.push_back({series_id, import_id, bar, std::move(acknowledge)});
    metrics_.queued_peak = std::max(metrics_.queued_peak, queue_.size());
  }
  if (was_empty) came_.notify_one();
}

LiveAppenderMetrics LiveAppender::metrics() const {
  const std::lock_guard lock(mutex_);
  LiveAppenderMetrics copy = metrics_;
  copy.queued = queue_.size();
  return copy;
}

void LiveAppender::run() {
  std::vector<Waiting> batch;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [&] { return !queue_.empty() || is_stopping_; });
      if (queue_.empty()) return;
      batch.swap(queue_);
    }
    has_room_.notify_all();
    store(batch);
    batch.clear();
  }
}

void LiveAppender::store(std::vector<Waiting>& batch) {
  std::vector<Group> groups;
  std::unordered_map<std::int64_t, std::size_t> place;  // by import, which belongs to one series
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Waiting& each = batch[i];
    const auto [found, is_new] = place.try_emplace(each.import_id, groups.size());
    if (is_new) groups.push_back({each.series_id, each.import_id, {}, {}});
    Group& group = groups[found->second];
    group.ascends &= group.bars.empty() || group.bars.time.back() < base::to_nanoseconds(each.bar.time);
    group.bars.push_back(each.bar);
    group.members.push_back(i);
  }
  std::vector<SeriesAppend> appends;
  for (Group& group : groups) {
    if (!group.ascends) group.bars = newest_in_order(group.bars);
    appends.push_back({group.series_id, group.import_id, &group.bars});
  }
  const std::vector<base::Result<AppendResult>> results = store_.append_all(appends);

  std::int64_t failures = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    base::Result<void> outcome;
    if (!results[g]) {
      outcome = std::unexpected(results[g].error());
      failures += static_cast<std::int64_t>(groups[g].members.size());
    }
    for (const std::size_t i : groups[g].members) batch[i].acknowledge(outcome);
  }
  const std::lock_guard lock(mutex_);
  ++metrics_.commits;
  metrics_.bars += static_cast<std::int64_t>(batch.size());
  metrics_.failures += failures;
}

}  // namespace tradeassist::store
