#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace tradeassist::backtest {

/// The pairs of one map, found by key and listed in the order in which the keys first came. na is a key as any other.
class OrderedMap {
 public:
  std::size_t size() const { return index_.size(); }
  std::optional<double> get(double key) const;
  /// The value that the key had before. A key that is there keeps its place.
  std::optional<double> put(double key, double value);
  /// The value that the key had.
  std::optional<double> remove(double key);

  std::vector<double> keys() const;
  std::vector<double> values() const;

  template <class Visit>
  void for_each_pair(Visit visit) const {
    for (const Pair& pair : pairs_) {
      if (!pair.removed) visit(pair.key, pair.value);
    }
  }

  std::size_t bytes() const;
  /// What bytes() may become when one pair is added.
  std::size_t bytes_after_put() const { return 2 * bytes() + kBytesMin; }

 private:
  struct Pair {
    double key, value;
    bool removed;
  };
  static constexpr std::size_t kBytesMin = 1024;

  static std::uint64_t identity(double key);
  void drop_removed();

  std::vector<Pair> pairs_;
  std::unordered_map<std::uint64_t, std::uint32_t> index_;  // identity of a key -> its place in pairs_
};

}  // namespace tradeassist::backtest
