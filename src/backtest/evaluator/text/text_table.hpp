#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tradeassist::backtest {

/// The strings of a run: equal strings have equal numbers, so that comparing strings is comparing numbers. The
/// constants of the program come first, with their own numbers. Bounded: past the bound every new string is the empty
/// one, and overflowed() says so.
///
/// What nothing holds any more is freed when asked: begin_collection(), mark() for all that may hold strings, sweep().
/// A freed string's number is given again. Any number that is a string's counts as holding it: a string may live too
/// long by chance, never too short.
class TextTable {
 public:
  TextTable(const std::vector<std::string>& constants, std::uint64_t bytes_max);

  double intern(std::string text);
  /// The string of a slot's value; empty for na.
  const std::string& text(double value) const {
    const std::size_t number = number_of(value);
    return number < texts_.size() ? texts_[number] : kEmpty;
  }
  bool overflowed() const { return overflowed_; }
  std::vector<std::string> take() { return std::move(texts_); }

  /// Keeps a string for good: one that something holds which is not marked.
  void pin(std::size_t number) {
    if (number < marks_.size()) marks_[number] |= kPinned;
  }

  /// So much was added since the last collection that another is worth its time.
  bool wants_collection() const { return bytes_ >= collect_at_; }
  void begin_collection();
  void mark(double value) {
    if (const auto number = number_of(value); number < marks_.size()) marks_[number] |= kMarked;
  }
  void sweep();

 private:
  static inline const std::string kEmpty;
  static constexpr std::uint8_t kMarked = 1, kPinned = 2, kFree = 4;

  /// texts_.size() for what is no string's number.
  std::size_t number_of(double value) const {
    if (!(value >= 0) || value >= static_cast<double>(texts_.size())) return texts_.size();
    const auto number = static_cast<std::size_t>(value);
    return static_cast<double>(number) == value ? number : texts_.size();
  }
  std::uint32_t add(const std::string& text);

  std::vector<std::string> texts_;
  std::vector<std::uint8_t> marks_;  // of each
  std::vector<std::uint32_t> free_;  // numbers without a string
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::uint64_t bytes_ = 0, bytes_max_, collect_at_ = 0;
  bool overflowed_ = false;
};

}  // namespace tradeassist::backtest
