#include "store/catalogue/all_series.hpp"

#include <gtest/gtest.h>

#include <set>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

class AllSeries : public MarketStoreTest {};

TEST_F(AllSeries, has_those_beyond_the_first_page_each_once) {
  const market::Timeframe minute = market::parse_timeframe("1m").value();
  ASSERT_TRUE(store_->put_instrument({.symbol = "MANY"}));
  ASSERT_TRUE(store_->put_instrument({.symbol = "ONE"}));
  constexpr std::int64_t kMany = 1'100;
  for (std::int64_t i = 0; i < kMany; ++i)
    ASSERT_TRUE(store_->ensure_series({"MANY", minute, "source" + std::to_string(i)}));
  const auto last = store_->ensure_series({"ONE", minute, "csv"});
  ASSERT_TRUE(last);
  const auto deleted = store_->ensure_series({"ONE", minute, "other"});
  ASSERT_TRUE(deleted && store_->delete_series(*deleted));

  const auto all = all_series(*store_);
  ASSERT_TRUE(all) << all.error().message;
  std::set<std::int64_t> ids;
  for (const SeriesInfo& series : *all) ids.insert(series.id);
  EXPECT_EQ(all->size(), static_cast<std::size_t>(kMany + 2));  // with that of the fixture
  EXPECT_EQ(ids.size(), all->size());
  EXPECT_EQ(all->back().id, *last);
  EXPECT_EQ(all_series(*store_, "MANY").value().size(), static_cast<std::size_t>(kMany));
  EXPECT_EQ(all_series(*store_, "ONE").value().size(), 1U);
  EXPECT_TRUE(all_series(*store_, "NONE").value().empty());
}

}  // namespace
}  // namespace tradeassist::store
