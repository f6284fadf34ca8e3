#include "backtest/evaluator/text_table.hpp"

#include <utility>

namespace tradeassist::backtest {

TextTable::TextTable(const std::vector<std::string>& constants, std::uint64_t bytes_max)
    : texts_(constants), bytes_max_(bytes_max) {
  for (std::uint32_t i = 0; i < texts_.size(); ++i) {
    numbers_.try_emplace(texts_[i], i);
    bytes_ += texts_[i].size();
  }
}

double TextTable::intern(std::string text) {
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  constexpr std::uint64_t kOverhead = 96;  // of the two containers, about
  if (bytes_ + text.size() + kOverhead > bytes_max_) {
    overflowed_ = true;
    return numbers_.try_emplace("", static_cast<std::uint32_t>(texts_.size())).second
               ? (texts_.emplace_back(), static_cast<double>(texts_.size() - 1))
               : numbers_.at("");
  }
  bytes_ += text.size() + kOverhead;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(text);
  numbers_.emplace(std::move(text), number);
  return number;
}

const std::string& TextTable::text(double value) const {
  static const std::string kEmpty;
  if (!(value >= 0) || value >= static_cast<double>(texts_.size())) return kEmpty;
  return texts_[static_cast<std::size_t>(value)];
}

}  // namespace tradeassist::backtest
