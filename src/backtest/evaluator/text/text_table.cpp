#include "backtest/evaluator/text/text_table.hpp"

#include <algorithm>
#include <utility>

namespace tradeassist::backtest {
namespace {

constexpr std::uint64_t kOverhead = 96;            // bytes of one string in the two containers, about
constexpr std::uint64_t kCollectMin = 1ull << 20;  // bytes: less is not worth a collection

/// When to collect next, after `live` bytes were left: at twice as much, but well before the bound.
std::uint64_t next_collection(std::uint64_t live, std::uint64_t bytes_max) {
  const std::uint64_t room = bytes_max > live ? bytes_max - live : 0;
  return live + std::min(std::max(live, kCollectMin), room / 2);
}

}  // namespace

TextTable::TextTable(const std::vector<std::string>& constants, std::uint64_t bytes_max)
    : texts_(constants), marks_(constants.size(), kPinned), bytes_max_(bytes_max) {
  for (std::uint32_t i = 0; i < texts_.size(); ++i) {
    numbers_.try_emplace(texts_[i], i);
    bytes_ += texts_[i].size();
  }
  collect_at_ = next_collection(bytes_, bytes_max_);
}

std::uint32_t TextTable::add(const std::string& text) {
  if (!free_.empty()) {
    const std::uint32_t number = free_.back();
    free_.pop_back();
    texts_[number] = text;
    marks_[number] = 0;
    return number;
  }
  texts_.push_back(text);
  marks_.push_back(0);
  return static_cast<std::uint32_t>(texts_.size() - 1);
}

double TextTable::intern(std::string text) {
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  if (bytes_ + text.size() + kOverhead > bytes_max_) {
    overflowed_ = true;
    text.clear();
    if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  }
  bytes_ += text.size() + kOverhead;
  const std::uint32_t number = add(text);
  numbers_.emplace(std::move(text), number);
  return number;
}

void TextTable::begin_collection() {
  for (std::uint8_t& mark : marks_) mark &= static_cast<std::uint8_t>(~kMarked);
}

void TextTable::sweep() {
  for (std::uint32_t number = 0; number < texts_.size(); ++number) {
    if (marks_[number] != 0) continue;
    std::string& text = texts_[number];
    numbers_.erase(text);
    bytes_ -= text.size() + kOverhead;
    text = std::string();
    marks_[number] = kFree;
    free_.push_back(number);
  }
  collect_at_ = next_collection(bytes_, bytes_max_);
}

}  // namespace tradeassist::backtest
