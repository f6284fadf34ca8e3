// What the files elementwise_*.cpp compile, each for its instructions; included by them alone, after they have defined
// TRADEASSIST_ELEMENTWISE, the name of the table, and TRADEASSIST_INSTRUCTIONS. Nothing here may be shared between
// them: all of it is of internal linkage or always inlined.
#include <immintrin.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "backtest/elementwise/elementwise.hpp"
#include "backtest/evaluator/arithmetic.hpp"

namespace tradeassist::backtest {
namespace {

using namespace arithmetic;
using pine::Opcode;

#define TRADEASSIST_UNARY(expression)       \
  for (std::size_t i = 0; i < count; ++i) { \
    const double x = a[i];                  \
    out[i] = expression;                    \
  }                                         \
  return
#define TRADEASSIST_BINARY(expression)      \
  for (std::size_t i = 0; i < count; ++i) { \
    const double x = a[i], y = b[i];        \
    out[i] = expression;                    \
  }                                         \
  return

void compute(Opcode opcode, const double* a, const double* b, const double* c, double* out, std::size_t count) {
  switch (opcode) {
    case Opcode::kMove: TRADEASSIST_UNARY(x);
    case Opcode::kAdd: TRADEASSIST_BINARY(x + y);
    case Opcode::kSubtract: TRADEASSIST_BINARY(x - y);
    case Opcode::kMultiply: TRADEASSIST_BINARY(x * y);
    case Opcode::kDivide: TRADEASSIST_BINARY(divide(x, y));
    case Opcode::kModulo: TRADEASSIST_BINARY(modulo(x, y));
    case Opcode::kNegate: TRADEASSIST_UNARY(-x);
    case Opcode::kNot: TRADEASSIST_UNARY(truth(!is_true(x)));
    case Opcode::kLess: TRADEASSIST_BINARY(truth(less(x, y)));
    case Opcode::kLessEqual: TRADEASSIST_BINARY(truth(less_or_equal(x, y)));
    case Opcode::kGreater: TRADEASSIST_BINARY(truth(less(y, x)));
    case Opcode::kGreaterEqual: TRADEASSIST_BINARY(truth(less_or_equal(y, x)));
    case Opcode::kEqual: TRADEASSIST_BINARY(truth(equal(x, y)));
    case Opcode::kNotEqual: TRADEASSIST_BINARY(truth(not_equal(x, y)));
    case Opcode::kMax: TRADEASSIST_BINARY(arithmetic::max(x, y));
    case Opcode::kMin: TRADEASSIST_BINARY(arithmetic::min(x, y));
    case Opcode::kAnd: TRADEASSIST_BINARY(truth(both(is_true(x), is_true(y))));
    case Opcode::kOr: TRADEASSIST_BINARY(truth(either(is_true(x), is_true(y))));
    case Opcode::kTruth: TRADEASSIST_UNARY(to_bool(x));
    case Opcode::kTruncate: TRADEASSIST_UNARY(std::trunc(x));
    case Opcode::kIsNa: TRADEASSIST_UNARY(truth(is_na(x)));
    case Opcode::kNz: TRADEASSIST_BINARY(is_na(x) ? y : x);
    case Opcode::kSelect:
      for (std::size_t i = 0; i < count; ++i) {
        const double yes = b[i], no = c[i];
        out[i] = is_true(a[i]) ? yes : no;
      }
      return;
    default: __builtin_unreachable();
  }
}

#undef TRADEASSIST_UNARY
#undef TRADEASSIST_BINARY

// Comparisons to bits. A vector of truths, each all ones or zero, is moved to as many bits at once.
#if defined(__AVX512DQ__)
using Vector [[gnu::vector_size(64)]] = double;
using Truths [[gnu::vector_size(64)]] = long long;
std::uint64_t bits_of(Truths truths) { return _mm512_movepi64_mask(reinterpret_cast<__m512i>(truths)); }
#elif defined(__AVX2__)
using Vector [[gnu::vector_size(32)]] = double;
using Truths [[gnu::vector_size(32)]] = long long;
std::uint64_t bits_of(Truths truths) {
  return static_cast<std::uint64_t>(_mm256_movemask_pd(reinterpret_cast<__m256d>(truths)));
}
#else
using Vector [[gnu::vector_size(16)]] = double;
using Truths [[gnu::vector_size(16)]] = long long;
std::uint64_t bits_of(Truths truths) {
  return static_cast<std::uint64_t>(_mm_movemask_pd(reinterpret_cast<__m128d>(truths)));
}
#endif
constexpr std::size_t kWidth = sizeof(Vector) / sizeof(double);

Vector load(const double* values) {
  Vector vector;
  std::memcpy(&vector, values, sizeof vector);
  return vector;
}
Vector magnitude(Vector x) { return x < 0 ? -x : x; }

// What arithmetic.hpp has for one value.
Truths less(Vector a, Vector b) { return b - a > kTolerance; }
Truths less_or_equal(Vector a, Vector b) { return (a <= b) | (a - b <= kTolerance); }
Truths equal(Vector a, Vector b) { return (a == b) | (magnitude(a - b) <= kTolerance); }
Truths not_equal(Vector a, Vector b) { return (a == a) & (b == b) & ~equal(a, b); }
Truths is_true(Vector x) { return magnitude(x) > 0; }
Truths is_known(Vector x) { return magnitude(x) <= std::numeric_limits<double>::max(); }

/// `look(first, shift, used, x, y)` at pairs: of the word that begins with pair `first`, those from bit `shift` on, as
/// many as `used` has bits. The last ones come from a copy, because nothing may be read beyond them.
template <class Look>
void for_each_pair(const double* a, const double* b, std::size_t count, Look look) {
  constexpr std::uint64_t kAll = (std::uint64_t{1} << kWidth) - 1;
  std::size_t at = 0;
  for (; at + kWidth <= count; at += kWidth) look(at / 64, at % 64, kAll, load(a + at), load(b + at));
  if (at == count) return;
  double last_a[kWidth] = {}, last_b[kWidth] = {};
  for (std::size_t k = 0; at + k < count; ++k) {
    last_a[k] = a[at + k];
    last_b[k] = b[at + k];
  }
  look(at / 64, at % 64, (std::uint64_t{1} << (count - at)) - 1, load(last_a), load(last_b));
}

/// The truths of pairs as bits.
template <class TruthOf>
void to_words(const double* a, const double* b, std::uint64_t* words, std::size_t count, TruthOf truth_of) {
  std::uint64_t word = 0;
  for_each_pair(a, b, count, [&](std::size_t at, std::size_t shift, std::uint64_t used, Vector x, Vector y) {
    word = (shift == 0 ? 0 : word) | (bits_of(truth_of(x, y)) & used) << shift;
    words[at] = word;
  });
}

void compare(Opcode opcode, const double* a, const double* b, std::uint64_t* words, std::size_t count) {
  switch (opcode) {
    case Opcode::kLess: return to_words(a, b, words, count, [](Vector x, Vector y) { return less(x, y); });
    case Opcode::kLessEqual:
      return to_words(a, b, words, count, [](Vector x, Vector y) { return less_or_equal(x, y); });
    case Opcode::kGreater: return to_words(a, b, words, count, [](Vector x, Vector y) { return less(y, x); });
    case Opcode::kGreaterEqual:
      return to_words(a, b, words, count, [](Vector x, Vector y) { return less_or_equal(y, x); });
    case Opcode::kEqual: return to_words(a, b, words, count, [](Vector x, Vector y) { return equal(x, y); });
    case Opcode::kNotEqual: return to_words(a, b, words, count, [](Vector x, Vector y) { return not_equal(x, y); });
    default: __builtin_unreachable();
  }
}

void truths(const double* values, std::uint64_t* words, std::size_t count) {
  to_words(values, values, words, count, [](Vector x, Vector) { return is_true(x); });
}

void above(const double* a, const double* b, std::uint64_t* above, std::uint64_t* known, std::size_t count) {
  std::uint64_t above_word = 0, known_word = 0;
  for_each_pair(a, b, count, [&](std::size_t at, std::size_t shift, std::uint64_t used, Vector x, Vector y) {
    above_word = (shift == 0 ? 0 : above_word) | (bits_of(x > y) & used) << shift;
    known_word = (shift == 0 ? 0 : known_word) | (bits_of(is_known(x) & is_known(y)) & used) << shift;
    above[at] = above_word;
    known[at] = known_word;
  });
}

std::size_t inside(const double* low, const double* high, double floor, double ceiling, std::size_t count) {
  constexpr std::size_t kStride = 16;
  std::size_t at = 0;
  for (; at + kStride <= count; at += kStride) {
    std::uint64_t reached = 0;
    for (std::size_t k = 0; k < kStride; ++k) {
      reached |= static_cast<std::uint64_t>(low[at + k] <= floor) | static_cast<std::uint64_t>(high[at + k] >= ceiling);
    }
    if (reached != 0) break;
  }
  while (at < count && !(low[at] <= floor) && !(high[at] >= ceiling)) ++at;
  return at;
}

Elementwise::Range range(const double* low, const double* high, std::size_t count) {
  constexpr std::size_t kLanes = 8;
  double lowest[kLanes], highest[kLanes];
  for (std::size_t k = 0; k < kLanes; ++k) {
    lowest[k] = low[0];
    highest[k] = high[0];
  }
  std::size_t at = 0;
  for (; at + kLanes <= count; at += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) {
      lowest[k] = low[at + k] < lowest[k] ? low[at + k] : lowest[k];
      highest[k] = high[at + k] > highest[k] ? high[at + k] : highest[k];
    }
  }
  for (; at < count; ++at) {
    lowest[0] = low[at] < lowest[0] ? low[at] : lowest[0];
    highest[0] = high[at] > highest[0] ? high[at] : highest[0];
  }
  for (std::size_t k = 1; k < kLanes; ++k) {
    lowest[0] = lowest[k] < lowest[0] ? lowest[k] : lowest[0];
    highest[0] = highest[k] > highest[0] ? highest[k] : highest[0];
  }
  return {lowest[0], highest[0]};
}

}  // namespace

const Elementwise TRADEASSIST_ELEMENTWISE = {TRADEASSIST_INSTRUCTIONS, compute, compare, truths, above, inside, range};

}  // namespace tradeassist::backtest
