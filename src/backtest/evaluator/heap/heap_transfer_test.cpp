#include "backtest/evaluator/heap/heap_transfer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace tradeassist::backtest {
namespace {

using pine::Layout;
using pine::ValueType;

constexpr auto kUser = static_cast<std::uint32_t>(Layout::kUser);

class HeapTransferTest : public ::testing::Test {
 protected:
  double record(std::uint32_t layout, std::initializer_list<double> fields) {
    return from_.make_record(layout, std::vector<double>(fields), fault_);
  }
  std::span<double> elements(double handle) { return to_.elements(*to_.find(handle), fault_); }

  RunFault fault_;
  Heap from_{pine::Limits{}}, to_{pine::Limits{}};
};

TEST_F(HeapTransferTest, a_circle_of_objects_stays_a_circle) {
  const double first = record(kUser, {1, 0}), second = record(kUser, {2, first});
  from_.find(first)->elements.values()[1] = second;
  to_.make_array(ValueType::kFloat, 3, 0, fault_);  // so that handles differ on both sides
  HeapTransfer transfer(from_, to_, fault_);
  const double copy = transfer(first);
  const double next = elements(copy)[1];
  EXPECT_EQ(elements(copy)[0], 1);
  EXPECT_EQ(elements(next)[0], 2);
  EXPECT_EQ(elements(next)[1], copy);
  EXPECT_EQ(to_.size(), 3u);
  EXPECT_EQ(transfer(second), next) << "one object there is one object here";
}

TEST_F(HeapTransferTest, a_long_list_needs_no_stack) {
  double last = std::nan("");
  for (int i = 0; i < 200'000; ++i) last = record(kUser, {static_cast<double>(i), last});
  HeapTransfer transfer(from_, to_, fault_);
  double at = transfer(last);
  int length = 0;
  for (; to_.find(at) != nullptr; at = elements(at)[1]) ++length;
  EXPECT_EQ(length, 200'000);
  EXPECT_TRUE(fault_.message.empty());
}

TEST_F(HeapTransferTest, a_slice_becomes_an_array_and_a_drawing_na) {
  const double array = from_.make_array(ValueType::kFloat, std::array<double, 4>{1, 2, 3, 4}, fault_);
  const double slice = from_.make_slice(array, 1, 2, fault_);
  const double label = record(static_cast<std::uint32_t>(Layout::kLabel), {5});
  const double point = record(static_cast<std::uint32_t>(Layout::kChartPoint), {1, 2, 3});
  HeapTransfer transfer(from_, to_, fault_);
  const double copy = transfer(record(kUser, {slice, label, point, 7}));
  const std::vector<double> fields(elements(copy).begin(), elements(copy).end());
  EXPECT_EQ(to_.find(fields[0])->kind, ObjectKind::kArray);
  EXPECT_EQ(std::vector<double>(elements(fields[0]).begin(), elements(fields[0]).end()), (std::vector<double>{2, 3}));
  EXPECT_TRUE(std::isnan(fields[1]));
  EXPECT_EQ(elements(fields[2])[2], 3);
  EXPECT_EQ(fields[3], 7);
}

TEST_F(HeapTransferTest, what_does_not_fit_is_a_fault) {
  Heap small{pine::Limits{.heap_bytes_max = 1'000}};
  HeapTransfer transfer(from_, small, fault_);
  transfer(from_.make_array(ValueType::kFloat, 1'000, 0, fault_));
  EXPECT_FALSE(fault_.message.empty());
}

TEST_F(HeapTransferTest, plain_numbers_and_na_are_themselves) {
  HeapTransfer transfer(from_, to_, fault_);
  EXPECT_EQ(transfer(12.5), 12.5);
  EXPECT_TRUE(std::isnan(transfer(std::nan(""))));
  EXPECT_EQ(to_.size(), 0u);
}

}  // namespace
}  // namespace tradeassist::backtest
