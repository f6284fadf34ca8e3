#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;
using pine::ValueType;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();

struct MapFunctions : testing::Test {
  Heap heap{pine::Limits{}};
  RunFault fault;

  double call(Function function, const std::vector<double>& arguments) {
    std::vector<pine::Slot> operands;
    for (pine::Slot i = 0; i < arguments.size(); ++i) operands.push_back(i);
    double out = 0;
    CollectionContext context{heap, fault};
    map_function({.function = function,
                  .index = pine::collection_index(ValueType::kFloat, ValueType::kString),
                  .slots = arguments.data(),
                  .operands = operands.data(),
                  .count = static_cast<std::uint32_t>(arguments.size()),
                  .out = &out},
                 context);
    return out;
  }
  std::vector<double> list(double array) {
    const auto values = heap.elements(*heap.find(array), fault);
    return {values.begin(), values.end()};
  }
};

TEST_F(MapFunctions, PutGivesTheOldValueAndKeysStayInOrderOfFirstInsertion) {
  const double map = call(Function::kMapNew, {});
  EXPECT_TRUE(std::isnan(call(Function::kMapPut, {map, 7, 70})));
  call(Function::kMapPut, {map, 5, 50});
  EXPECT_EQ(call(Function::kMapPut, {map, 7, 71}), 70);
  EXPECT_EQ(list(call(Function::kMapKeys, {map})), (std::vector<double>{7, 5}));
  EXPECT_EQ(list(call(Function::kMapValues, {map})), (std::vector<double>{71, 50}));
  EXPECT_EQ(heap.find(call(Function::kMapKeys, {map}))->element, ValueType::kString);
  EXPECT_EQ(heap.find(call(Function::kMapValues, {map}))->element, ValueType::kFloat);
}

TEST_F(MapFunctions, AMissingKeyGivesNaAndARemovedOneIsMissing) {
  const double map = call(Function::kMapNew, {});
  call(Function::kMapPut, {map, 1, 10});
  EXPECT_EQ(call(Function::kMapContains, {map, 1}), 1);
  EXPECT_EQ(call(Function::kMapRemove, {map, 1}), 10);
  EXPECT_EQ(call(Function::kMapContains, {map, 1}), 0);
  EXPECT_TRUE(std::isnan(call(Function::kMapGet, {map, 1})));
  EXPECT_TRUE(std::isnan(call(Function::kMapRemove, {map, 1})));
  EXPECT_TRUE(fault.message.empty());
}

TEST_F(MapFunctions, PutAllOverwritesAndAppendsAlsoFromTheMapItself) {
  const double map = call(Function::kMapNew, {}), other = call(Function::kMapNew, {});
  call(Function::kMapPut, {map, 1, 10});
  call(Function::kMapPut, {other, 2, 20});
  call(Function::kMapPut, {other, 1, 11});
  call(Function::kMapPutAll, {map, other});
  call(Function::kMapPutAll, {map, map});
  EXPECT_EQ(list(call(Function::kMapKeys, {map})), (std::vector<double>{1, 2}));
  EXPECT_EQ(list(call(Function::kMapValues, {map})), (std::vector<double>{11, 20}));
}

TEST_F(MapFunctions, ACopyDoesNotSeeWhatIsDoneToTheOriginal) {
  const double map = call(Function::kMapNew, {});
  call(Function::kMapPut, {map, 1, 10});
  const double copy = call(Function::kMapCopy, {map});
  call(Function::kMapClear, {map});
  EXPECT_EQ(call(Function::kMapSize, {map}), 0);
  EXPECT_EQ(call(Function::kMapGet, {copy, 1}), 10);
}

TEST_F(MapFunctions, ANaMapAndMoreThanFiftyThousandPairsAreFaults) {
  call(Function::kMapGet, {kNa, 1});
  EXPECT_EQ(fault.message, "the map is na; make one with map.new before using it");
  fault.message.clear();
  const double map = call(Function::kMapNew, {});
  for (int i = 0; i < 50'000; ++i) call(Function::kMapPut, {map, static_cast<double>(i), 0});
  EXPECT_TRUE(fault.message.empty());
  call(Function::kMapPut, {map, 1, 1});
  EXPECT_TRUE(fault.message.empty());
  call(Function::kMapPut, {map, -1, 1});
  EXPECT_EQ(fault.message, "a map of 50001 pairs is larger than the 50000 allowed");
}

}  // namespace
}  // namespace tradeassist::backtest
