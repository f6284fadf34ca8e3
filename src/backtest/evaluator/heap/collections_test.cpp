// Statistics, order and matrices, as scripts call them, against values computed by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

/// The value of an expression on one bar; `before` stands in the lines before it.
double value_of(const std::string& expression, const std::string& before = "") {
  const auto bars = testing::bars_of_closes({10}, testing::nanoseconds("2024-01-01T00:00:00Z"), testing::kHour);
  const auto run = testing::run_script(before + "\nplot(" + expression + ", \"out\")\n", bars);
  if (!run.result) throw std::runtime_error(run.result.error().message);
  return run.plot("out")[0];
}

std::string fault_of(const std::string& text) {
  const auto bars = testing::bars_of_closes({10}, testing::nanoseconds("2024-01-01T00:00:00Z"), testing::kHour);
  const auto run = testing::run_script(text, bars);
  return run.result ? "" : run.result.error().message;
}

const std::string kArray = "a = array.from(4, 1, 3, 1, 5.5, na)";

TEST(ArrayStatistics, na_elements_do_not_count) {
  EXPECT_EQ(value_of("a.sum()", kArray), 14.5);
  EXPECT_EQ(value_of("a.avg()", kArray), 2.9);
  EXPECT_EQ(value_of("a.min()", kArray), 1);
  EXPECT_EQ(value_of("a.min(2)", kArray), 3);
  EXPECT_EQ(value_of("a.max()", kArray), 5.5);
  EXPECT_EQ(value_of("a.max(1)", kArray), 4);
  EXPECT_EQ(value_of("a.median()", kArray), 3);
  EXPECT_EQ(value_of("a.mode()", kArray), 1);
  EXPECT_EQ(value_of("a.range()", kArray), 4.5);
  EXPECT_TRUE(std::isnan(value_of("array.new<float>().sum()")));
}

TEST(ArrayStatistics, deviation_is_over_n_or_over_n_less_one) {
  const std::string a = "a = array.from(2.0, 4, 4, 4, 5, 5, 7, 9)";
  EXPECT_EQ(value_of("a.stdev()", a), 2);
  EXPECT_NEAR(value_of("a.variance(false)", a), 32.0 / 7, 1e-12);
  EXPECT_EQ(value_of("a.covariance(b)", "a = array.from(1.0, 2, 3)\nb = array.from(2.0, 4, 6)"), 4.0 / 3);
}

TEST(ArrayStatistics, percentiles_use_the_rank_rules_of_the_reference) {
  const std::string a = "a = array.from(15.0, 20, 35, 40, 50)";
  EXPECT_EQ(value_of("a.percentile_nearest_rank(30)", a), 20);
  EXPECT_EQ(value_of("a.percentile_nearest_rank(100)", a), 50);
  // Rank 5 * 0.3 + 0.5 = 2.
  EXPECT_EQ(value_of("a.percentile_linear_interpolation(30)", a), 20);
  // Rank 5 * 0.4 + 0.5 = 2.5.
  EXPECT_EQ(value_of("a.percentile_linear_interpolation(40)", a), 27.5);
  EXPECT_EQ(value_of("a.percentrank(2)", a), 50);
}

TEST(ArrayStatistics, standardized_values_have_mean_zero_and_deviation_one) {
  EXPECT_EQ(value_of("a.standardize().get(0)", "a = array.from(1.0, 3)"), -1);
  EXPECT_EQ(value_of("a.standardize().get(0)", "a = array.from(2.0, 2)"), 1);
}

TEST(ArrayOrder, sorting_puts_na_last_and_sort_indices_leaves_the_array) {
  const std::string a = "a = array.from(3, na, 1, 2)\n";
  EXPECT_EQ(value_of("a.get(0) * 100 + a.get(2) * 10 + (na(a.get(3)) ? 1 : 0)", a + "a.sort()"), 131);
  EXPECT_EQ(value_of("a.get(0) * 10 + a.get(2)", a + "a.sort(order.descending)"), 31);
  EXPECT_EQ(value_of("i.get(0) * 100 + i.get(1) * 10 + i.get(2) + a.get(0) * 1000", a + "i = a.sort_indices()"), 3230);
  EXPECT_EQ(value_of("s.get(0) == \"ab\" ? 1 : 0", "s = array.from(\"b\", \"ab\")\ns.sort()"), 1);
}

TEST(ArrayOrder, binary_search_finds_the_value_or_its_neighbours) {
  const std::string a = "a = array.from(1, 3, 3, 7)";
  EXPECT_EQ(value_of("a.binary_search(7)", a), 3);
  EXPECT_EQ(value_of("a.binary_search(4)", a), -1);
  EXPECT_EQ(value_of("a.binary_search_leftmost(3)", a), 1);
  EXPECT_EQ(value_of("a.binary_search_leftmost(5)", a), 2);
  EXPECT_EQ(value_of("a.binary_search_leftmost(0)", a), 0);
  EXPECT_EQ(value_of("a.binary_search_rightmost(3)", a), 2);
  EXPECT_EQ(value_of("a.binary_search_rightmost(9)", a), 4);
}

TEST(ArrayAccess, slices_are_views_and_insert_shifts_what_follows) {
  const std::string a = "a = array.from(1, 2, 3, 4)\ns = a.slice(1, 3)\n";
  EXPECT_EQ(value_of("a.get(1) * 10 + s.size()", a + "s.set(0, 9)"), 92);
  EXPECT_EQ(value_of("a.size() * 100 + s.size() * 10 + a.get(3)", a + "s.push(8)"), 538);
  EXPECT_EQ(value_of("a.get(1) * 10 + a.size()", a + "a.insert(1, 7)"), 75);
  EXPECT_EQ(value_of("a.remove(0) * 10 + a.size()", "a = array.from(5, 6)"), 51);
  EXPECT_EQ(value_of("a.indexof(3) * 10 + a.lastindexof(3)", "a = array.from(3, 1, 3)"), 2);
  EXPECT_EQ(value_of("str.length(array.from(1, 2).join(\"-\")) + (str.tostring(array.from(1, 2)) == \"[1, 2]\" ? 10 : 0)"),
            13);
  EXPECT_EQ(value_of("p.size() * 10 + str.length(p.get(1))", "p = str.split(\"a,bcd,\", \",\")"), 33);
  EXPECT_NE(fault_of("a = array.new<int>()\nx = a.pop()\nplot(x)").find("the array is empty"), std::string::npos);
  EXPECT_NE(fault_of("a = array.new<float>(100001)\nplot(a.size())").find("100000"), std::string::npos);
}

const std::string kMatrix = "m = matrix.new<float>(2, 2, 0)\nm.set(0, 0, 1)\nm.set(0, 1, 2)\nm.set(1, 0, 3)\nm.set(1, 1, 4)\n";

TEST(Matrices, algebra_of_a_two_by_two_matrix) {
  EXPECT_NEAR(value_of("m.det()", kMatrix), -2, 1e-12);
  EXPECT_EQ(value_of("m.trace()", kMatrix), 5);
  EXPECT_EQ(value_of("m.rank()", kMatrix), 2);
  EXPECT_NEAR(value_of("m.inv().get(1, 0)", kMatrix), 1.5, 1e-12);
  EXPECT_NEAR(value_of("m.pinv().get(1, 1)", kMatrix), -0.5, 1e-12);
  EXPECT_EQ(value_of("m.mult(m).get(1, 0)", kMatrix), 15);
  EXPECT_EQ(value_of("m.mult(2).get(1, 1)", kMatrix), 8);
  EXPECT_EQ(value_of("m.mult(array.from(1.0, 1)).get(1)", kMatrix), 7);
  EXPECT_EQ(value_of("m.pow(3).get(0, 0)", kMatrix), 37);
  EXPECT_EQ(value_of("m.transpose().get(0, 1)", kMatrix), 3);
  EXPECT_EQ(value_of("matrix.sum(m, m).get(0, 1) + matrix.diff(m, 1).get(0, 0)", kMatrix), 4);
  EXPECT_EQ(value_of("m.kron(m).get(3, 3)", kMatrix), 16);
  EXPECT_NEAR(value_of("m.eigenvalues().max()", kMatrix), (5 + std::sqrt(33)) / 2, 1e-12);
  EXPECT_TRUE(std::isnan(value_of("matrix.new<float>(2, 2, 1).inv().get(0, 0)")));
}

TEST(Matrices, rows_and_columns_come_go_and_change_places) {
  EXPECT_EQ(value_of("m.rows() * 100 + m.columns() * 10 + m.get(1, 1)", kMatrix + "m.add_row(1, array.from(7.0, 8))"),
            328);
  EXPECT_EQ(value_of("m.columns() * 10 + m.get(1, 2)", kMatrix + "m.add_col(2, array.from(7.0, 8))"), 38);
  EXPECT_EQ(value_of("r.get(1) * 10 + m.rows()", kMatrix + "r = m.remove_row(0)"), 21);
  EXPECT_EQ(value_of("m.get(0, 0)", kMatrix + "m.swap_rows(0, 1)"), 3);
  EXPECT_EQ(value_of("m.row(1).get(0) * 10 + m.col(1).get(0)", kMatrix), 32);
  EXPECT_EQ(value_of("m.submatrix(1, 2, 0, 1).get(0, 0)", kMatrix), 3);
  EXPECT_EQ(value_of("m.get(3, 0)", kMatrix + "m.reshape(4, 1)"), 4);
  EXPECT_EQ(value_of("m.get(0, 0)", kMatrix + "m.sort(0, order.descending)"), 3);
  EXPECT_EQ(value_of("m.avg() * 10 + m.max()", kMatrix), 29);
  EXPECT_NE(fault_of(kMatrix + "plot(m.get(2, 0))").find("row 2 is outside a matrix of 2 rows and 2 columns"),
            std::string::npos);
  EXPECT_EQ(value_of("s", kMatrix + "s = 0.0\nfor row in m\n    s += row.get(1)"), 6);
}

TEST(Matrices, properties_hold_within_the_tolerance_of_comparison) {
  const std::string identity = "m = matrix.new<float>(2, 2, 0)\nm.set(0, 0, 1)\nm.set(1, 1, 1 + 1e-12)\n";
  EXPECT_EQ(value_of("m.is_identity() and m.is_diagonal() and m.is_symmetric() and m.is_triangular() and "
                     "m.is_stochastic() and m.is_binary() and not m.is_zero() and not m.is_antidiagonal() ? 1 : 0",
                     identity),
            1);
}

}  // namespace
}  // namespace tradeassist::backtest
