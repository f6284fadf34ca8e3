#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "optimize/random.hpp"

namespace tradeassist::optimize {

/// A permutation of [0, count): a Feistel network on the next power of four, walked until it lands inside
/// (Black, Rogaway: Ciphers with Arbitrary Finite Domains, 2002). So nothing is drawn twice and nothing is remembered.
class Permutation {
 public:
  Permutation(std::uint64_t count, std::uint64_t seed) : count_(count) {
    const int bits = std::bit_width(count > 1 ? count - 1 : 1);
    half_bits_ = (bits + 1) / 2;
    mask_ = (1ull << half_bits_) - 1;
    for (std::size_t round = 0; round < keys_.size(); ++round) keys_[round] = mix(seed ^ mix(round + 1));
  }

  /// Where x < count goes.
  std::uint64_t operator()(std::uint64_t x) const {
    do { x = permute(x); } while (x >= count_);
    return x;
  }

 private:
  std::uint64_t permute(std::uint64_t x) const {
    std::uint64_t left = x >> half_bits_, right = x & mask_;
    for (const std::uint64_t key : keys_) {
      const std::uint64_t next = left ^ (mix(right ^ key) & mask_);
      left = right;
      right = next;
    }
    return left << half_bits_ | right;
  }

  std::uint64_t count_;
  int half_bits_ = 1;
  std::uint64_t mask_ = 1;
  std::array<std::uint64_t, 6> keys_{};
};

}  // namespace tradeassist::optimize
