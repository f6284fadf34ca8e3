#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace tradeassist::pine::testing {

/// Where generators of scripts take their choices from: a seed, or the bytes of a fuzzer, after which every choice is
/// the first.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  explicit Chance(std::span<const std::uint8_t> bytes) : has_bytes_(true), bytes_(bytes) {}

  /// From 0 to before the bound.
  int below(int bound) {
    const auto range = static_cast<std::uint64_t>(bound);
    if (!has_bytes_) return static_cast<int>(random_() % range);
    std::uint64_t drawn = 0;
    for (std::uint64_t reach = 1; reach < range && at_ < bytes_.size(); reach <<= 8) drawn = drawn << 8 | bytes_[at_++];
    return static_cast<int>(drawn % range);
  }
  bool percent(int share) { return below(100) >= 100 - share; }
  std::string pick(std::initializer_list<std::string_view> list) {
    return std::string(list.begin()[below(static_cast<int>(list.size()))]);
  }

 private:
  std::mt19937_64 random_;
  bool has_bytes_ = false;
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

}  // namespace tradeassist::pine::testing
