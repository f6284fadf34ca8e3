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

TEST(ArrayStatistics, of_one_element_every_deviation_is_nothing) {
  const std::string one = "a = array.from(5.0)";
  EXPECT_EQ(value_of("a.stdev() + a.variance(false) + a.covariance(a, false)", one), 0);
  EXPECT_TRUE(std::isnan(value_of("array.new<float>(2).stdev()")));
  EXPECT_NE(fault_of("plot(array.from(1.0).covariance(array.from(1.0, 2)))").find("arrays of 1 and 2 elements"),
            std::string::npos);
}

TEST(ArrayStatistics, an_na_rank_is_the_extreme_and_one_beyond_the_elements_is_na) {
  EXPECT_EQ(value_of("a.max(int(na)) * 10 + a.min(int(na))", kArray), 56);
  EXPECT_TRUE(std::isnan(value_of("a.max(5)", kArray)));
  EXPECT_TRUE(std::isnan(value_of("a.min(-1)", kArray)));
}

TEST(ArrayStatistics, na_stands_above_all_ranks_of_a_percentile) {
  const std::string a = "a = array.from(10.0, na, 20, na)";
  EXPECT_EQ(value_of("a.percentile_nearest_rank(50)", a), 20);
  EXPECT_TRUE(std::isnan(value_of("a.percentile_nearest_rank(75)", a)));
  EXPECT_EQ(value_of("a.percentile_nearest_rank(float(na))", a), 10);
  EXPECT_EQ(value_of("a.percentile_linear_interpolation(37.5)", a), 20);          // rank 2 exactly
  EXPECT_TRUE(std::isnan(value_of("a.percentile_linear_interpolation(30)", a)));  // between ranks
  EXPECT_NE(fault_of("plot(array.from(1.0).percentile_nearest_rank(101))").find("from 0 to 100"), std::string::npos);
  EXPECT_EQ(value_of("a.percentrank(2)", a), 100.0 / 3);  // one other of three is not above 20
  EXPECT_TRUE(std::isnan(value_of("a.percentrank(1)", a)));
  EXPECT_EQ(value_of("array.from(1, 2).percentrank(int(na))"), 0);
  EXPECT_NE(fault_of("plot(array.from(1, 2).percentrank(-1))").find("index -1"), std::string::npos);
}

TEST(ArrayStatistics, the_mode_is_exact_and_knows_infinity) {
  EXPECT_EQ(value_of("array.from(2.0, 1, 1 + 0.00000000005, 2).mode()"), 2);
  EXPECT_EQ(value_of("array.from(math.exp(1000), math.exp(1000), 1).mode() > 1e300 ? 1 : 0"), 1);
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
  EXPECT_TRUE(std::isnan(value_of("a.standardize().get(1)", "a = array.from(2.0, na)")));
}

TEST(ArrayOrder, sorting_takes_na_for_the_largest_number_and_sort_indices_leaves_the_array) {
  const std::string a = "a = array.from(3, na, 1, 2)\n";
  EXPECT_EQ(value_of("a.get(0) * 100 + a.get(2) * 10 + (na(a.get(3)) ? 1 : 0)", a + "a.sort()"), 131);
  EXPECT_EQ(value_of("(na(a.get(0)) ? 1 : 0) * 100 + a.get(1) * 10 + a.get(3)", a + "a.sort(order.descending)"), 131);
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
  EXPECT_EQ(
      value_of("str.length(array.from(1, 2).join(\"-\")) + (str.tostring(array.from(1, 2)) == \"[1, 2]\" ? 10 : 0)"),
      13);
  EXPECT_EQ(value_of("p.size() * 10 + str.length(p.get(1))", "p = str.split(\"a,bcd,\", \",\")"), 33);
  EXPECT_NE(fault_of("a = array.new<int>()\nx = a.pop()\nplot(x)").find("the array is empty"), std::string::npos);
  EXPECT_NE(fault_of("a = array.new<float>(100001)\nplot(a.size())").find("100000"), std::string::npos);
}

TEST(ArrayAccess, bounds_of_fill_and_slice_are_not_counted_from_the_end) {
  EXPECT_EQ(value_of("a.get(0) * 10 + a.get(2)", "a = array.from(1, 2, 3)\na.fill(7, int(na), 1)"), 73);
  EXPECT_EQ(value_of("a.slice(int(na), int(na)).size()", "a = array.from(1, 2, 3)"), 3);
  EXPECT_NE(fault_of("a = array.from(1, 2, 3)\na.fill(7, -1)\nplot(a.get(0))").find("index -1"), std::string::npos);
  EXPECT_NE(fault_of("a = array.from(1, 2, 3)\nplot(a.slice(0, 4).size())").find("index 4"), std::string::npos);
}

TEST(ArrayAccess, an_na_index_takes_the_first_string_and_no_number) {
  EXPECT_EQ(value_of("a.size()", "a = array.from(\"x\", \"y\")\nb = a.remove(int(na))"), 1);
  EXPECT_EQ(value_of("a.size()", "a = array.from(1, 2)\nb = a.remove(int(na))"), 2);
}

TEST(ArrayAccess, arrays_of_hundreds_of_given_elements_keep_them_all) {
  std::string list = "0";
  for (int i = 1; i < 700; ++i) list += ", " + std::to_string(i);
  EXPECT_EQ(value_of("a.size() * 1000 + a.get(699)", "a = array.from(" + list + ")"), 700'699);
}

const std::string kMatrix =
    "m = matrix.new<float>(2, 2, 0)\nm.set(0, 0, 1)\nm.set(0, 1, 2)\nm.set(1, 0, 3)\nm.set(1, 1, 4)\n";

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

TEST(Matrices, rows_in_a_loop_are_the_matrix_s_own_and_keep_their_size) {
  EXPECT_EQ(value_of("m.get(1, 0)", kMatrix + "for row in m\n    row.set(0, row.get(0) * 10)"), 30);
  EXPECT_EQ(value_of("m.get(0, 0)", kMatrix + "r = m.row(0)\nr.set(0, 9)"), 1);
  EXPECT_NE(fault_of(kMatrix + "for row in m\n    row.push(1)").find("a row of a matrix cannot change its size"),
            std::string::npos);
  EXPECT_NE(fault_of(kMatrix + "for row in m\n    row.clear()").find("cannot change its size"), std::string::npos);
}

TEST(Matrices, sorting_takes_na_for_the_largest_and_an_na_row_number_gives_na) {
  const std::string m = "m = matrix.new<float>(3, 1)\nm.set(0, 0, 5)\nm.set(2, 0, 2)\n";
  EXPECT_EQ(value_of("m.get(0, 0) * 10 + m.get(1, 0)", m + "m.sort()"), 25);
  EXPECT_EQ(value_of("(na(m.get(0, 0)) ? 100 : 0) + m.get(1, 0)", m + "m.sort(0, order.descending)"), 105);
  EXPECT_EQ(value_of("na(m.row(int(na))) and na(m.col(int(na))) ? 1 : 0", m), 1);
}

TEST(Matrices, what_cannot_be_solved_is_na) {
  const std::string bad = "m = matrix.new<float>(2, 2, na)\n";
  EXPECT_TRUE(std::isnan(value_of("m.eigenvalues().get(0)", bad)));
  EXPECT_TRUE(std::isnan(value_of("m.eigenvectors().get(1, 1)", bad)));
  EXPECT_TRUE(std::isnan(value_of("m.pinv().get(0, 1)", bad)));
  EXPECT_TRUE(std::isnan(value_of("m.inv().get(0, 1)", bad)));
  EXPECT_EQ(value_of("m.rank()", bad), 0);
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
