#include "store/codec/decimal_column.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace tradeassist::store {
namespace {

constexpr std::array<double, kDecimalsMax + 1> kPowers{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};

// 1.5 * 2^52: adding it leaves the nearest whole number in the low bits of a double, for magnitudes up to 2^51. It
// converts both ways with additions alone, which vectorise where int64 conversions do not.
constexpr double kMagic = 6755399441055744.0;
constexpr std::uint64_t kMagicBits = std::bit_cast<std::uint64_t>(kMagic);
constexpr double kWholeMax = 2251799813685248.0;  // 2^51

double to_double(std::uint64_t number) { return std::bit_cast<double>(number + kMagicBits) - kMagic; }

#ifdef __x86_64__
/// The quotients to the bit, in less time than dividing: a product with the reciprocal is off by less than two units in
/// the last place, one correction leaves less than one, and the next is then rounded as the division is (P. Markstein,
/// "Computation of elementary functions on the IBM RISC System/6000 processor", 1990, theorem 2).
[[gnu::target("avx2,fma")]] void divide_fused(const std::uint64_t* numbers, std::size_t count, double power,
                                              double* quotients) {
  const double reciprocal = 1 / power;
  for (std::size_t i = 0; i < count; ++i) {
    const double number = std::bit_cast<double>(numbers[i] + kMagicBits) - kMagic;
    double guess = number * reciprocal;
    guess = __builtin_fma(__builtin_fma(-guess, power, number), reciprocal, guess);
    quotients[i] = __builtin_fma(__builtin_fma(-guess, power, number), reciprocal, guess);
  }
}
#endif

}  // namespace

bool to_decimal(std::span<const double> values, int decimals, std::span<std::uint64_t> out) {
  const double power = kPowers[static_cast<std::size_t>(decimals)];
  const std::size_t count = values.size();
  const double* in = values.data();
  std::uint64_t* numbers = out.data();
  // Collects failures instead of leaving at the first: no branch in the loop, and it rarely fails. Counted in 64 bits
  // so that every lane of a vector has the same width.
  std::uint64_t failures = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double scaled = in[i] * power;
    const std::uint64_t number = std::bit_cast<std::uint64_t>(scaled + kMagic) - kMagicBits;
    numbers[i] = number;
    const double back = to_double(number) / power;
    failures |= std::bit_cast<std::uint64_t>(back) ^ std::bit_cast<std::uint64_t>(in[i]);
    failures |= std::abs(scaled) <= kWholeMax ? std::uint64_t{0} : std::uint64_t{1};
  }
  return failures == 0;
}

void from_decimal(std::span<const std::uint64_t> numbers, int decimals, std::span<double> out) {
  const double power = kPowers[static_cast<std::size_t>(decimals)];
  const std::size_t count = numbers.size();
  const std::uint64_t* in = numbers.data();
  double* values = out.data();
  if (decimals == 0) {  // volumes: no division
    for (std::size_t i = 0; i < count; ++i) values[i] = to_double(in[i]);
    return;
  }
#ifdef __x86_64__
  if (static const bool is_fused = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); is_fused) {
    return divide_fused(in, count, power, values);
  }
#endif
  for (std::size_t i = 0; i < count; ++i) values[i] = to_double(in[i]) / power;
}

std::optional<int> find_decimals(std::span<const double> values, std::span<std::uint64_t> scratch) {
  // A few values tell almost always; what they allow is then tried on all, and one digit more where it fails.
  const std::size_t few = std::min<std::size_t>(values.size(), 16);
  for (int decimals = 0; decimals <= kDecimalsMax; ++decimals) {
    if (to_decimal(values.first(few), decimals, scratch) && to_decimal(values, decimals, scratch)) return decimals;
  }
  return std::nullopt;
}

}  // namespace tradeassist::store
