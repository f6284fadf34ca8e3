#include "indicators/weighted_sums.hpp"

#include <cstring>

namespace tradeassist::indicators {
namespace {

/// Sums from `first` on, as many at once as four vectors hold; how many were made.
template <class Vector>
[[gnu::always_inline]] inline std::size_t sums_in(const double* x, std::size_t first, std::size_t count,
                                                  std::size_t length, double* out) {
  constexpr std::size_t kWidth = sizeof(Vector) / sizeof(double), kVectors = 4;
  std::size_t at = first;
  for (; at + kVectors * kWidth <= count; at += kVectors * kWidth) {
    Vector sums[kVectors] = {};
    for (std::size_t k = 0; k < length; ++k) {
      const auto weight = static_cast<double>(k + 1);
      for (std::size_t v = 0; v < kVectors; ++v) {
        Vector values;
        std::memcpy(&values, x + at + k + v * kWidth, sizeof values);
        sums[v] += values * weight;
      }
    }
    std::memcpy(out + at, sums, sizeof sums);
  }
  return at;
}

[[gnu::always_inline]] inline void sums_one_by_one(const double* x, std::size_t first, std::size_t count,
                                                   std::size_t length, double* out) {
  for (std::size_t i = first; i < count; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < length; ++k) sum += x[i + k] * static_cast<double>(k + 1);
    out[i] = sum;
  }
}

using Two [[gnu::vector_size(16)]] = double;
using Four [[gnu::vector_size(32)]] = double;
using Eight [[gnu::vector_size(64)]] = double;

void sums_sse(const double* x, std::size_t count, std::size_t length, double* out) {
  sums_one_by_one(x, sums_in<Two>(x, 0, count, length, out), count, length, out);
}

[[gnu::target("avx2")]] void sums_avx2(const double* x, std::size_t count, std::size_t length, double* out) {
  sums_one_by_one(x, sums_in<Four>(x, 0, count, length, out), count, length, out);
}

[[gnu::target("avx512f")]] void sums_avx512(const double* x, std::size_t count, std::size_t length, double* out) {
  sums_one_by_one(x, sums_in<Eight>(x, 0, count, length, out), count, length, out);
}

}  // namespace

std::vector<WeightedSums> kinds_of_weighted_sums() {
  std::vector<WeightedSums> kinds = {sums_sse};
  if (__builtin_cpu_supports("avx2") != 0) kinds.push_back(sums_avx2);
  if (__builtin_cpu_supports("avx512f") != 0) kinds.push_back(sums_avx512);
  return kinds;
}

void weighted_sums(const double* x, std::size_t count, std::size_t length, double* out) {
  static const WeightedSums kWidest = kinds_of_weighted_sums().back();
  kWidest(x, count, length, out);
}

}  // namespace tradeassist::indicators
