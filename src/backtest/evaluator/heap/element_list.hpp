#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tradeassist::backtest {

/// The elements of one array in one block, with room at both ends: taking from and adding to either end costs constant
/// time on average, so that a script may keep a window with push and shift on every bar.
class ElementList {
 public:
  ElementList() = default;
  ElementList(std::size_t size, double value) : block_(size, value) {}
  explicit ElementList(std::span<const double> values) : block_(values.begin(), values.end()) {}

  std::size_t size() const { return block_.size() - head_; }
  std::span<double> values() { return std::span(block_).subspan(head_); }
  std::span<const double> values() const { return std::span(block_).subspan(head_); }

  /// Before the element at `at`, which is at most size().
  void insert(std::size_t at, double value);
  void insert(std::size_t at, std::span<const double> values);
  /// The elements from `first` to before `last`, with first <= last <= size().
  void erase(std::size_t first, std::size_t last);

  std::size_t bytes() const { return block_.capacity() * sizeof(double); }
  /// What bytes() may become, at most, when so many elements are inserted.
  std::size_t bytes_after_insert(std::size_t count = 1) const {
    return 2 * (block_.size() + count + kRoomMin) * sizeof(double);
  }

 private:
  static constexpr std::size_t kRoomMin = 8;

  std::vector<double> block_;
  std::size_t head_ = 0;  // unused places before the first element
};

}  // namespace tradeassist::backtest
