#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pine/program/program.hpp"

namespace tradeassist::backtest {

/// Pine's arithmetic and comparisons on columns, in vectors as wide as the processor has them. Each gives what
/// arithmetic.hpp gives for one value, to the bit.
/// Thread-safe.
struct Elementwise {
  std::string_view name;  // of the instructions: "sse4.2", "avx2", "avx512"

  /// out[i] = a[i] (opcode) b[i], with c[i] for kSelect. Operands that the opcode does not have may be null; `out` may
  /// be one of them. Of an opcode that is_arithmetic().
  void (*compute)(pine::Opcode opcode, const double* a, const double* b, const double* c, double* out,
                  std::size_t count);
  /// Bit i of the words is the truth of a[i] (opcode) b[i], a comparison: kLess … kNotEqual. Bits beyond count are 0.
  void (*compare)(pine::Opcode opcode, const double* a, const double* b, std::uint64_t* words, std::size_t count);
  /// Bit i of the words tells whether values[i] is true. Bits beyond count are 0.
  void (*truths)(const double* values, std::uint64_t* words, std::size_t count);
  /// Bit i of `above` tells whether a[i] > b[i], of `known` whether both are finite. Bits beyond count are 0.
  void (*above)(const double* a, const double* b, std::uint64_t* above, std::uint64_t* known, std::size_t count);
  /// Number of pairs before the first with low[i] <= floor or high[i] >= ceiling; na in a bound is never reached.
  std::size_t (*inside)(const double* low, const double* high, double floor, double ceiling, std::size_t count);
  /// The least of `low` and the greatest of `high`, neither na; count > 0.
  struct Range {
    double low = 0, high = 0;
  };
  Range (*range)(const double* low, const double* high, std::size_t count);
};

/// What this processor runs fastest.
const Elementwise& elementwise();

/// By name; null where this processor has no such instructions.
const Elementwise* elementwise(std::string_view name);

extern const Elementwise kElementwiseSse, kElementwiseAvx2, kElementwiseAvx512;

}  // namespace tradeassist::backtest
