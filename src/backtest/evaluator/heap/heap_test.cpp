#include "backtest/evaluator/heap/heap.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <random>
#include <vector>

namespace tradeassist::backtest {
namespace {

using pine::ValueType;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();

void collect(Heap& heap, const std::vector<double>& roots) {
  const std::array<std::span<const double>, 1> all{roots};
  heap.collect(all);
}

TEST(Heap, HandlesAreExactAndFarApartAndNoOtherNumberIsOne) {
  Heap heap{pine::Limits{}};
  RunFault fault;
  const double a = heap.make_array(ValueType::kFloat, 2, 1.5, fault);
  const double b = heap.make_array(ValueType::kFloat, 2, 1.5, fault);
  EXPECT_GE(b - a, 256);
  ASSERT_NE(heap.find(a), nullptr);
  EXPECT_EQ(heap.elements(*heap.find(a), fault)[1], 1.5);
  for (const double other : {kNa, 0.0, -a, 1e18, b + 256, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(heap.find(other), nullptr) << other;
  }
  EXPECT_TRUE(fault.message.empty());
}

TEST(Heap, CollectingFreesWhatNoRootReachesAndKeepsCyclesThatOneDoes) {
  Heap heap{pine::Limits{}};
  RunFault fault;
  const std::array<double, 2> fields{kNa, kNa};
  std::array<double, 4> nodes{};
  for (double& node : nodes) node = heap.make_record(0, fields, fault);
  // 0 <-> 1 and 2 <-> 3.
  for (std::size_t i = 0; i < 4; ++i) heap.elements(*heap.find(nodes[i]), fault)[0] = nodes[i ^ 1];
  collect(heap, {7.0, nodes[0], kNa});
  EXPECT_NE(heap.find(nodes[0]), nullptr);
  EXPECT_NE(heap.find(nodes[1]), nullptr);
  EXPECT_EQ(heap.find(nodes[2]), nullptr);
  EXPECT_EQ(heap.find(nodes[3]), nullptr);
  EXPECT_EQ(heap.size(), 2U);
  collect(heap, {});
  EXPECT_EQ(heap.size(), 0U);
  EXPECT_EQ(heap.bytes(), 0U);
}

TEST(Heap, ASliceKeepsItsArrayAliveAndAMapItsValues) {
  Heap heap{pine::Limits{}};
  RunFault fault;
  const double array = heap.make_array(ValueType::kFloat, 5, 3, fault);
  const double slice = heap.make_slice(array, 1, 2, fault);
  const double map = heap.make_map(ValueType::kString, ValueType::kFloat, fault);
  const double held = heap.make_array(ValueType::kFloat, 1, 4, fault);
  heap.find(map)->pairs.put(1, held);
  collect(heap, {slice, map});
  EXPECT_NE(heap.find(array), nullptr);
  EXPECT_NE(heap.find(held), nullptr);
}

TEST(Heap, ASliceOfASliceWritesThroughToTheArray) {
  Heap heap{pine::Limits{}};
  RunFault fault;
  const double array = heap.make_array(ValueType::kFloat, std::vector<double>{0, 1, 2, 3, 4, 5}, fault);
  const double slice = heap.make_slice(array, 1, 4, fault);   // 1 2 3 4
  const double nested = heap.make_slice(slice, 2, 2, fault);  // 3 4
  heap.elements(*heap.find(nested), fault)[0] = 30;
  EXPECT_EQ(heap.elements(*heap.find(array), fault)[3], 30);
  EXPECT_EQ(heap.elements(*heap.find(slice), fault)[2], 30);
  heap.find(array)->elements.erase(2, 6);
  EXPECT_TRUE(heap.elements(*heap.find(slice), fault).empty());
  EXPECT_EQ(fault.message, "a slice of elements 1 to 5 is outside its array, which has 2 elements now");
}

TEST(Heap, ACopyIsItsOwnObjectAndTheCopyOfASliceIsAnArray) {
  Heap heap{pine::Limits{}};
  RunFault fault;
  const double array = heap.make_array(ValueType::kInt, std::vector<double>{1, 2, 3}, fault);
  const double copy = heap.copy(heap.make_slice(array, 1, 2, fault), fault);
  EXPECT_EQ(heap.find(copy)->kind, ObjectKind::kArray);
  EXPECT_EQ(heap.find(copy)->element, ValueType::kInt);
  heap.elements(*heap.find(copy), fault)[0] = 9;
  EXPECT_EQ(heap.elements(*heap.find(array), fault)[1], 2);
  EXPECT_TRUE(std::isnan(heap.copy(kNa, fault)));
  EXPECT_TRUE(fault.message.empty());
}

TEST(Heap, ACopiedHeapHasTheSameHandlesAndObjectsOfItsOwn) {
  Heap heap{pine::Limits{}};
  RunFault fault;
  const double array = heap.make_array(ValueType::kFloat, 1, 1, fault);
  Heap checkpoint = heap;
  heap.elements(*heap.find(array), fault)[0] = 2;
  EXPECT_EQ(checkpoint.elements(*checkpoint.find(array), fault)[0], 1);
}

TEST(Heap, TooManyElementsAndTooManyBytesAreFaults) {
  pine::Limits limits;
  limits.heap_bytes_max = 1 << 20;
  Heap heap{limits};
  RunFault fault;
  EXPECT_TRUE(std::isnan(heap.make_array(ValueType::kFloat, 100'001, 0, fault)));
  EXPECT_EQ(fault.message, "a collection of 100001 elements is larger than the 100000 allowed");
  fault.message.clear();
  EXPECT_FALSE(std::isnan(heap.make_array(ValueType::kFloat, 100'000, 0, fault)));
  EXPECT_TRUE(heap.wants_collection());
  EXPECT_TRUE(std::isnan(heap.make_matrix(ValueType::kFloat, 100, 1'000, 0, fault)));
  EXPECT_EQ(fault.message,
            "the script's arrays, maps, matrices and objects need more than the 1 MiB allowed: 1 are alive");
  collect(heap, {});
  EXPECT_FALSE(heap.wants_collection());
  fault.message.clear();
  EXPECT_FALSE(std::isnan(heap.make_matrix(ValueType::kFloat, 100, 1'000, 0, fault)));
}

TEST(ElementList, HoldsWhatADequeHoldsAfterAnyInsertionsAndRemovals) {
  std::mt19937 random(7);
  ElementList list;
  std::deque<double> expected;
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t place = random() % 3;
    const std::size_t at = place == 0 ? 0 : place == 1 ? expected.size() : random() % (expected.size() + 1);
    const bool removes = random() % 100 < (step / 1'000 % 2 == 0 ? 40U : 60U);
    if (!removes) {
      list.insert(at, step);
      expected.insert(expected.begin() + static_cast<std::ptrdiff_t>(at), step);
    } else if (at < expected.size()) {
      list.erase(at, at + 1);
      expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(at));
    }
    ASSERT_EQ(list.size(), expected.size());
    ASSERT_TRUE(std::equal(expected.begin(), expected.end(), list.values().begin())) << step;
  }
}

TEST(ElementList, AWindowThatSlidesOverAMillionElementsKeepsItsRoomBounded) {
  ElementList list(1'000, 0);
  for (int i = 0; i < 1'000'000; ++i) {
    list.insert(list.size(), i);
    list.erase(0, 1);
  }
  EXPECT_EQ(list.values().front(), 999'000);
  EXPECT_LT(list.bytes(), 8 * 1'000 * sizeof(double));
}

TEST(OrderedMap, KeysKeepTheirFirstPlaceWhenOverwrittenAndLoseItWhenRemoved) {
  OrderedMap map;
  EXPECT_FALSE(map.put(3, 30));
  EXPECT_FALSE(map.put(1, 10));
  EXPECT_FALSE(map.put(2, 20));
  EXPECT_EQ(map.put(3, 31), 30);
  EXPECT_EQ(map.keys(), (std::vector<double>{3, 1, 2}));
  EXPECT_EQ(map.values(), (std::vector<double>{31, 10, 20}));
  EXPECT_EQ(map.remove(3), 31);
  EXPECT_FALSE(map.remove(3));
  map.put(3, 32);
  EXPECT_EQ(map.keys(), (std::vector<double>{1, 2, 3}));
  map.remove(1);
  map.remove(2);
  EXPECT_EQ(map.get(3), 32);
  EXPECT_FALSE(map.get(1));
  EXPECT_EQ(map.size(), 1U);
}

TEST(OrderedMap, NaIsAKeyAndBothZerosAreOne) {
  OrderedMap map;
  map.put(kNa, 1);
  map.put(0.0, 2);
  EXPECT_EQ(map.put(-0.0, 3), 2);
  EXPECT_EQ(map.get(-kNa), 1);
  EXPECT_EQ(map.size(), 2U);
}

}  // namespace
}  // namespace tradeassist::backtest
