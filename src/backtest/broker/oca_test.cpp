// Groups of orders: one cancels all, one reduces all.
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

enum Group : TextId { kGroup = 50, kOther };

EntryRequest grouped(EntryRequest request, TextId name, OcaType type) {
  request.oca_name = name;
  request.oca_type = type;
  return request;
}

TEST(OcaGroups, fill_cancels_the_other_orders_of_a_cancel_group) {
  // Path of bar 1: 100, 95, 110, 105. The sell stop at 97 comes first; without the group the buy stop at 108 would
  // turn it round.
  Market market({kFlat, {100, 110, 95, 105}, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(grouped(order(kL, kBuy, 2, kNa, 108), kGroup, OcaType::kCancel));
    b.place(grouped(order(kS, kSell, 1, kNa, 97), kGroup, OcaType::kCancel));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 1, 97, 1)}));
  EXPECT_TRUE(closed(broker).empty());
}

TEST(OcaGroups, name_and_type_make_the_group) {
  for (const auto& [name, type] : {std::pair{kOther, OcaType::kCancel}, {kGroup, OcaType::kReduce}}) {
    Market market({kFlat, {100, 110, 95, 105}, kFlat});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i != 0) return;
      b.place(grouped(order(kL, kBuy, 3, kNa, 108), name, type));
      b.place(grouped(order(kS, kSell, 1, kNa, 97), kGroup, OcaType::kCancel));
    });
    EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 97, 1, 108, 1}}));
    EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 108, 2)}));
  }
}

TEST(OcaGroups, fill_reduces_the_others_of_a_reduce_group_by_its_quantity) {
  // 5 - 2 = 3 are left of the buy order: it closes the 2 sold and opens 1.
  Market market({kFlat, {100, 110, 95, 105}, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(grouped(order(kL, kBuy, 5, kNa, 108), kGroup, OcaType::kReduce));
    b.place(grouped(order(kS, kSell, 2, kNa, 97), kGroup, OcaType::kReduce));
  });
  EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 97, 1, 108, 2}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 108, 1)}));
}

TEST(OcaGroups, order_reduced_to_nothing_is_cancelled) {
  Market market({kFlat, {100, 110, 95, 105}, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(grouped(order(kL, kBuy, 2, kNa, 108), kGroup, OcaType::kReduce));
    b.place(grouped(order(kS, kSell, 2, kNa, 97), kGroup, OcaType::kReduce));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 1, 97, 2)}));
}

TEST(OcaGroups, type_none_changes_nothing) {
  Market market({kFlat, {100, 110, 95, 105}, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(grouped(order(kL, kBuy, 2, kNa, 108), kGroup, OcaType::kNone));
    b.place(grouped(order(kS, kSell, 1, kNa, 97), kGroup, OcaType::kNone));
  });
  EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 97, 1, 108, 1}}));
}

TEST(OcaGroups, orders_of_a_group_that_trigger_at_one_tick_all_fill) {
  // Both levels are passed by the open of 110.
  Market market({kFlat, {110, 111, 109, 110}, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(grouped(order(kA, kBuy, 1, kNa, 105), kGroup, OcaType::kCancel));
    b.place(grouped(order(kB, kBuy, 2, kNa, 108), kGroup, OcaType::kCancel));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 110, 1), open_row(kBuy, 1, 110, 2)}));
  // And both stand at one level inside the bar, but the third is a tick further.
  Market inside({kFlat, {100, 110, 99, 100}, kFlat});
  Broker& second = inside.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(grouped(order(kA, kBuy, 1, kNa, 105), kGroup, OcaType::kCancel));
    b.place(grouped(order(kB, kBuy, 2, kNa, 105), kGroup, OcaType::kCancel));
    b.place(grouped(order(kX, kBuy, 4, kNa, 106), kGroup, OcaType::kCancel));
  });
  EXPECT_EQ(opened(second), (Rows{open_row(kBuy, 1, 105, 1), open_row(kBuy, 1, 105, 2)}));
}

TEST(OcaGroups, exit_of_a_named_group_reduces_the_orders_of_that_group) {
  // Long 2 at 100. The exit sells 2 at 105 and so takes 2 of the 3 that the stop order would have sold at 95.
  Market market({kFlat, kFlat, {100, 106, 94, 95}, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 2));
    if (i != 1) return;
    ExitRequest exit = exit_of(kX, kL, {.limit = 106});
    exit.oca_name = kGroup;
    b.place(exit);
    b.place(grouped(order(kS, kSell, 3, kNa, 94), kGroup, OcaType::kReduce));
  });
  // Of equal distances the low comes first: the path is 100, 94, 106, 95. The order sells 3, closing 2 and opening 1.
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 94, 2}}));

  Market upward({kFlat, kFlat, {101, 106, 94, 95}, kFlat});
  Broker& second = upward.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 2));
    if (i != 1) return;
    ExitRequest exit = exit_of(kX, kL, {.limit = 106});
    exit.oca_name = kGroup;
    b.place(exit);
    b.place(grouped(order(kS, kSell, 3, kNa, 94), kGroup, OcaType::kReduce));
  });
  EXPECT_EQ(closed(second), (Rows{{kBuy, 1, 100, 2, 106, 2}}));
  EXPECT_EQ(opened(second), (Rows{open_row(kSell, 2, 94, 1)}));
}

}  // namespace
}  // namespace tradeassist::backtest::testing
