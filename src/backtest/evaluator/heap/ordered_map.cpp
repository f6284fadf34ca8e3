#include "backtest/evaluator/heap/ordered_map.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace tradeassist::backtest {

/// Equal for keys that are equal: one for every na, one for both zeros.
std::uint64_t OrderedMap::identity(double key) {
  if (std::isnan(key)) key = std::numeric_limits<double>::quiet_NaN();
  if (key == 0) key = 0;
  return std::bit_cast<std::uint64_t>(key);
}

std::optional<double> OrderedMap::get(double key) const {
  const auto found = index_.find(identity(key));
  if (found == index_.end()) return std::nullopt;
  return pairs_[found->second].value;
}

std::optional<double> OrderedMap::put(double key, double value) {
  const auto [found, added] = index_.try_emplace(identity(key), static_cast<std::uint32_t>(pairs_.size()));
  if (added) {
    pairs_.push_back({key, value, false});
    return std::nullopt;
  }
  return std::exchange(pairs_[found->second].value, value);
}

std::optional<double> OrderedMap::remove(double key) {
  const auto found = index_.find(identity(key));
  if (found == index_.end()) return std::nullopt;
  Pair& pair = pairs_[found->second];
  pair.removed = true;
  const double value = pair.value;
  index_.erase(found);
  // The removed pairs leave when they are the most, so that each costs constant time on average.
  if (pairs_.size() > 2 * index_.size()) drop_removed();
  return value;
}

void OrderedMap::drop_removed() {
  std::erase_if(pairs_, [](const Pair& pair) { return pair.removed; });
  for (std::uint32_t i = 0; i < pairs_.size(); ++i) index_[identity(pairs_[i].key)] = i;
}

std::vector<double> OrderedMap::keys() const {
  std::vector<double> listed;
  listed.reserve(size());
  for (const Pair& pair : pairs_) {
    if (!pair.removed) listed.push_back(pair.key);
  }
  return listed;
}

std::vector<double> OrderedMap::values() const {
  std::vector<double> listed;
  listed.reserve(size());
  for (const Pair& pair : pairs_) {
    if (!pair.removed) listed.push_back(pair.value);
  }
  return listed;
}

std::size_t OrderedMap::bytes() const {
  constexpr std::size_t kNode = 32;  // of the index: the pair, a link, the allocator's own
  return pairs_.capacity() * sizeof(Pair) + index_.size() * kNode + index_.bucket_count() * sizeof(void*);
}

}  // namespace tradeassist::backtest
