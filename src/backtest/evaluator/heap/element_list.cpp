#include "backtest/evaluator/heap/element_list.hpp"

#include <algorithm>

namespace tradeassist::backtest {

void ElementList::insert(std::size_t at, double value) {
  if (at > 0 || block_.empty()) {
    block_.insert(block_.begin() + static_cast<std::ptrdiff_t>(head_ + at), value);
    return;
  }
  if (head_ == 0) {
    head_ = std::max(size(), kRoomMin);
    block_.insert(block_.begin(), head_, 0.0);
  }
  block_[--head_] = value;
}

void ElementList::insert(std::size_t at, std::span<const double> values) {
  block_.insert(block_.begin() + static_cast<std::ptrdiff_t>(head_ + at), values.begin(), values.end());
}

void ElementList::erase(std::size_t first, std::size_t last) {
  if (first > 0) {
    const auto begin = block_.begin() + static_cast<std::ptrdiff_t>(head_);
    block_.erase(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last));
    return;
  }
  head_ += last;
  // Moving what is left costs no more than the steps that made the room.
  if (head_ > kRoomMin && head_ > size()) {
    block_.erase(block_.begin(), block_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

}  // namespace tradeassist::backtest
