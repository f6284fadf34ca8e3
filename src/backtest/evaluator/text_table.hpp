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
class TextTable {
 public:
  TextTable(const std::vector<std::string>& constants, std::uint64_t bytes_max);

  double intern(std::string text);
  /// The string of a slot's value; empty for na.
  const std::string& text(double value) const;
  bool overflowed() const { return overflowed_; }
  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::vector<std::string> texts_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::uint64_t bytes_ = 0, bytes_max_;
  bool overflowed_ = false;
};

}  // namespace tradeassist::backtest
