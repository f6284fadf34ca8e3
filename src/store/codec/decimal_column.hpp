#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace tradeassist::store {

/// Doubles that were written as decimals (101.25, 1.08345) as whole numbers of 10^-decimals, when and only when that
/// is exact: every value must come back with the same bits. NaN, infinity, -0.0 and magnitudes above 2^51 units never
/// pass. The arithmetic is one rounding each way, so that it is the same on every IEEE 754 machine.

constexpr int kDecimalsMax = 10;

/// Writes the whole numbers (two's complement in uint64) and returns true, or returns false with `out` unspecified.
bool to_decimal(std::span<const double> values, int decimals, std::span<std::uint64_t> out);

/// The inverse.
void from_decimal(std::span<const std::uint64_t> numbers, int decimals, std::span<double> out);

/// The fewest decimals with which to_decimal would take every value; nothing when there are none.
std::optional<int> find_decimals(std::span<const double> values, std::span<std::uint64_t> scratch);

}  // namespace tradeassist::store
