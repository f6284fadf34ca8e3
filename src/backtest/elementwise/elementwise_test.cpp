// Each set of instructions gives what arithmetic.hpp gives for one value, to the bit.
#include "backtest/elementwise/elementwise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "backtest/evaluator/arithmetic.hpp"

namespace tradeassist::backtest {
namespace {

using namespace arithmetic;
using pine::Opcode;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Values near each other, equal within the tolerance and beyond it, and those that are no numbers.
std::vector<double> values(std::mt19937_64& random, std::size_t count) {
  static const double kSpecial[] = {kNotANumber, kInfinity, -kInfinity, 0.0,    -0.0,  1,     1 + 1e-10,
                                    1 + 2e-10,   1e-10,     -1e-11,     5e-324, 1e308, -1e308};
  std::vector<double> made(count);
  for (double& value : made) {
    value = random() % 3 == 0 ? kSpecial[random() % std::size(kSpecial)]
                              : static_cast<double>(static_cast<std::int64_t>(random() % 2001) - 1000) / 8;
  }
  return made;
}

double one(Opcode opcode, double a, double b, double c) {
  switch (opcode) {
    case Opcode::kMove: return a;
    case Opcode::kAdd: return a + b;
    case Opcode::kSubtract: return a - b;
    case Opcode::kMultiply: return a * b;
    case Opcode::kDivide: return divide(a, b);
    case Opcode::kModulo: return modulo(a, b);
    case Opcode::kNegate: return -a;
    case Opcode::kNot: return truth(!is_true(a));
    case Opcode::kLess: return truth(less(a, b));
    case Opcode::kLessEqual: return truth(less_or_equal(a, b));
    case Opcode::kGreater: return truth(less(b, a));
    case Opcode::kGreaterEqual: return truth(less_or_equal(b, a));
    case Opcode::kEqual: return truth(equal(a, b));
    case Opcode::kNotEqual: return truth(not_equal(a, b));
    case Opcode::kMax: return arithmetic::max(a, b);
    case Opcode::kMin: return arithmetic::min(a, b);
    case Opcode::kAnd: return truth(both(is_true(a), is_true(b)));
    case Opcode::kOr: return truth(either(is_true(a), is_true(b)));
    case Opcode::kTruth: return to_bool(a);
    case Opcode::kTruncate: return std::trunc(a);
    case Opcode::kIsNa: return truth(is_na(a));
    case Opcode::kNz: return is_na(a) ? b : a;
    case Opcode::kSelect: return is_true(a) ? b : c;
    default: return kNotANumber;
  }
}

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (a != a && b != b);
}

class ElementwiseTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    table_ = elementwise(std::string_view(GetParam()));
    if (table_ == nullptr) GTEST_SKIP() << "this processor has no " << GetParam();
    EXPECT_EQ(table_->name, GetParam());
  }

  const Elementwise* table_ = nullptr;
  std::mt19937_64 random_{3};
};

TEST_P(ElementwiseTest, computes_what_arithmetic_computes) {
  for (std::size_t count = 0; count < 150; count += count < 70 ? 1 : 13) {
    const std::vector<double> a = values(random_, count), b = values(random_, count), c = values(random_, count);
    for (int i = 0; i <= static_cast<int>(Opcode::kSelect); ++i) {
      const auto opcode = static_cast<Opcode>(i);
      std::vector<double> out(count + 1, 77);
      table_->compute(opcode, a.data(), b.data(), c.data(), out.data(), count);
      for (std::size_t k = 0; k < count; ++k) {
        ASSERT_TRUE(same(out[k], one(opcode, a[k], b[k], c[k])))
            << "operation " << i << " of " << a[k] << ", " << b[k] << " gives " << out[k];
      }
      ASSERT_EQ(out[count], 77);
    }
  }
}

TEST_P(ElementwiseTest, gives_truths_as_bits) {
  for (const std::size_t count : {0, 1, 7, 8, 63, 64, 65, 200, 256}) {
    const std::vector<double> a = values(random_, count), b = values(random_, count);
    const std::size_t words = (count + 63) / 64;
    const auto expect_bits = [&](const std::vector<std::uint64_t>& got, auto expected) {
      for (std::size_t i = 0; i < 64 * words; ++i) {
        ASSERT_EQ((got[i / 64] >> (i % 64) & 1) != 0, i < count && expected(i)) << i << " of " << count;
      }
      ASSERT_EQ(got[words], 5);
    };
    const auto fresh = [&] {
      std::vector<std::uint64_t> made(words + 1, ~std::uint64_t{0});
      made[words] = 5;
      return made;
    };
    for (int i = static_cast<int>(Opcode::kLess); i <= static_cast<int>(Opcode::kNotEqual); ++i) {
      std::vector<std::uint64_t> got = fresh();
      table_->compare(static_cast<Opcode>(i), a.data(), b.data(), got.data(), count);
      expect_bits(got, [&](std::size_t k) { return one(static_cast<Opcode>(i), a[k], b[k], 0) != 0; });
    }
    std::vector<std::uint64_t> truths = fresh(), above = fresh(), known = fresh();
    table_->truths(a.data(), truths.data(), count);
    expect_bits(truths, [&](std::size_t k) { return is_true(a[k]); });
    table_->above(a.data(), b.data(), above.data(), known.data(), count);
    expect_bits(above, [&](std::size_t k) { return a[k] > b[k]; });
    expect_bits(known, [&](std::size_t k) { return !is_na(a[k]) && !is_na(b[k]); });
  }
}

TEST_P(ElementwiseTest, finds_where_bars_leave_two_levels_and_how_far_they_reach) {
  for (int i = 0; i < 2000; ++i) {
    const std::size_t count = 1 + random_() % 90;
    std::vector<double> low(count), high(count);
    for (std::size_t k = 0; k < count; ++k) {
      low[k] = static_cast<double>(random_() % 1000);
      high[k] = low[k] + static_cast<double>(random_() % 50);
    }
    double floor = static_cast<double>(random_() % 60) - 30, ceiling = static_cast<double>(random_() % 60) + 1000;
    if (random_() % 8 == 0) floor = kNotANumber;
    if (random_() % 8 == 0) ceiling = kNotANumber;
    std::size_t expected = 0;
    while (expected < count && !(low[expected] <= floor) && !(high[expected] >= ceiling)) ++expected;
    ASSERT_EQ(table_->inside(low.data(), high.data(), floor, ceiling, count), expected);
    const Elementwise::Range range = table_->range(low.data(), high.data(), count);
    ASSERT_EQ(range.low, *std::ranges::min_element(low));
    ASSERT_EQ(range.high, *std::ranges::max_element(high));
  }
}

INSTANTIATE_TEST_SUITE_P(Instructions, ElementwiseTest, ::testing::Values("sse4.2", "avx2", "avx512"),
                         [](const auto& test) { return std::string(test.param) == "sse4.2" ? "sse" : test.param; });

TEST(ElementwiseChoice, an_unknown_name_is_nothing) {
  EXPECT_EQ(elementwise("mmx"), nullptr);
  EXPECT_NE(elementwise("sse4.2"), nullptr);
  EXPECT_FALSE(elementwise().name.empty());
}

}  // namespace
}  // namespace tradeassist::backtest
