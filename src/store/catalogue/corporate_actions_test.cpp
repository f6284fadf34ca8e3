#include "store/catalogue/corporate_actions.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <thread>

#include "base/json.hpp"
#include "market/zone_clock.hpp"
#include "store/schema/migrations.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::CorporateAction;
using testing::HasSubstr;
using Kind = CorporateAction::Kind;

std::int64_t day(int year, unsigned month, unsigned of_month) {
  return market::days_from_civil({year, month, of_month});
}

class CorporateActions : public MarketStoreOnBoth {
 protected:
  ActionCounts put(std::vector<ActionOf> actions, std::string_view source = "test", std::string_view by = "Ann") {
    const auto counts = store_->put_corporate_actions(actions, source, by);
    EXPECT_TRUE(counts) << counts.error().message;
    return counts.value_or(ActionCounts{-1, -1, -1});
  }

  std::string refused(std::vector<ActionOf> actions, ErrorCode code) {
    const auto counts = store_->put_corporate_actions(actions, "test");
    EXPECT_FALSE(counts);
    if (counts) return "";
    EXPECT_EQ(counts.error().code, code);
    return counts.error().message;
  }

  std::vector<CorporateAction> stored(std::string_view symbol = "SPY") {
    const auto read = store_->corporate_actions(symbol);
    EXPECT_TRUE(read) << read.error().message;
    std::vector<CorporateAction> actions;
    for (const StoredAction& each : read.value_or(std::vector<StoredAction>{})) actions.push_back(each.action);
    return actions;
  }

  std::int64_t version(std::string_view symbol = "SPY") { return store_->content_version(symbol).value(); }

  const CorporateAction split_{day(2020, 8, 31), Kind::kSplit, 4};
  const CorporateAction dividend_{day(2020, 8, 7), Kind::kCashDividend, 0.82};
  const CorporateAction same_day_{day(2020, 8, 31), Kind::kCashDividend, 0.1};
};

INSTANTIATE_ON_BOTH_DATABASES(CorporateActions);

TEST_P(CorporateActions, are_kept_exactly_and_listed_by_date_splits_first) {
  const ActionCounts counts = put({{"SPY", same_day_}, {"SPY", split_}, {"SPY", dividend_}}, "actions.csv");
  EXPECT_EQ(counts.added, 3);
  EXPECT_EQ(stored(), (std::vector{dividend_, split_, same_day_}));
  open();
  EXPECT_EQ(stored(), (std::vector{dividend_, split_, same_day_}));
  const auto kept = store_->corporate_actions("SPY").value();
  EXPECT_EQ(kept[0].source, "actions.csv");
  EXPECT_EQ(kept[0].created_at, kept[0].updated_at);
  EXPECT_LT(base::now() - kept[0].created_at, std::chrono::minutes(10));
}

TEST_P(CorporateActions, putting_again_changes_nothing_and_another_value_changes_one) {
  put({{"SPY", split_}, {"SPY", dividend_}}, "first");
  const std::int64_t before = version();
  EXPECT_EQ(put({{"SPY", split_}, {"SPY", dividend_}}, "second").unchanged, 2);
  EXPECT_EQ(version(), before);
  EXPECT_EQ(store_->corporate_actions("SPY").value()[0].source, "first");

  CorporateAction corrected = dividend_;
  corrected.value = 0.83;
  const ActionCounts counts = put({{"SPY", split_}, {"SPY", corrected}}, "third");
  EXPECT_EQ(counts.added, 0);
  EXPECT_EQ(counts.changed, 1);
  EXPECT_EQ(counts.unchanged, 1);
  EXPECT_EQ(stored(), (std::vector{corrected, split_}));
  EXPECT_EQ(store_->corporate_actions("SPY").value()[0].source, "third");
  EXPECT_EQ(store_->corporate_actions("SPY").value()[1].source, "first");
}

TEST_P(CorporateActions, every_change_moves_the_version_of_its_instrument_alone) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "QQQ"}));
  std::int64_t spy = version(), qqq = version("QQQ");
  const auto expect_moved = [&](const char* what) {
    EXPECT_GT(version(), spy) << what;
    EXPECT_EQ(version("QQQ"), qqq) << what;
    spy = version();
  };
  put({{"SPY", split_}});
  expect_moved("added");
  put({{"SPY", {split_.ex_date, Kind::kSplit, 2}}});
  expect_moved("changed");
  ASSERT_TRUE(store_->remove_corporate_action("SPY", split_.ex_date, Kind::kSplit));
  expect_moved("removed");
  put({{"QQQ", split_}});
  EXPECT_EQ(version(), spy);
  EXPECT_GT(version("QQQ"), qqq);
}

TEST_P(CorporateActions, going_back_below_their_version_moves_the_version_of_answers_too) {
  put({{"SPY", split_}});
  const std::int64_t before = version();
  store_.reset();
  const auto connection = raw();
  const auto all = market_migrations();
  ASSERT_TRUE(migrate(*connection, all, 9));
  ASSERT_TRUE(migrate(*connection, all));
  open();
  EXPECT_TRUE(stored().empty());
  EXPECT_GT(version(), before);
}

TEST_P(CorporateActions, one_is_removed_by_date_and_kind) {
  put({{"SPY", split_}, {"SPY", same_day_}});
  ASSERT_TRUE(store_->remove_corporate_action("SPY", split_.ex_date, Kind::kSplit));
  EXPECT_EQ(stored(), std::vector{same_day_});
  const auto again = store_->remove_corporate_action("SPY", split_.ex_date, Kind::kSplit);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(again.error().message, "SPY has no split on 2020-08-31");
}

TEST_P(CorporateActions, what_is_wrong_is_refused_and_nothing_of_it_is_stored) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {0.0, -1.0, infinity, std::nan("")}) {
    const std::string message = refused({{"SPY", split_}, {"SPY", {dividend_.ex_date, Kind::kCashDividend, value}}},
                                        ErrorCode::kInvalidArgument);
    EXPECT_THAT(message, HasSubstr("SPY: the dividend of "));
    EXPECT_THAT(message, HasSubstr("2020-08-07 needs an amount of cash above 0"));
  }
  EXPECT_THAT(refused({{"SPY", {day(1799, 12, 31), Kind::kSplit, 2}}}, ErrorCode::kInvalidArgument),
              HasSubstr("outside the years 1800 to 2199"));
  EXPECT_THAT(
      refused({{"SPY", {std::numeric_limits<std::int64_t>::max(), Kind::kSplit, 2}}}, ErrorCode::kInvalidArgument),
      HasSubstr("outside the years 1800 to 2199"));
  EXPECT_THAT(refused({{"SPY", split_}, {"GONE", split_}}, ErrorCode::kNotFound), HasSubstr("'GONE'"));
  EXPECT_THAT(refused({{"SPY", split_}, {"SPY", {split_.ex_date, Kind::kSplit, 5}}}, ErrorCode::kInvalidArgument),
              HasSubstr("SPY: the split of 5 on 2020-08-31 comes twice, first with 4"));
  EXPECT_FALSE(store_->put_corporate_actions(std::vector<ActionOf>{{"SPY", split_}}, ""));
  EXPECT_TRUE(stored().empty());
  EXPECT_FALSE(store_->corporate_actions("GONE"));
  ASSERT_TRUE(store_->delete_instrument("SPY"));
  EXPECT_THAT(refused({{"SPY", split_}}, ErrorCode::kNotFound), HasSubstr("'SPY'"));
}

TEST_P(CorporateActions, an_instrument_has_a_bounded_number) {
  std::vector<ActionOf> many;
  for (std::size_t i = 0; i < kActionsOfInstrumentMax + 1; ++i) {
    many.push_back({"SPY", {day(1990, 1, 1) + static_cast<std::int64_t>(i), Kind::kSplit, 2}});
  }
  EXPECT_THAT(refused(many, ErrorCode::kResourceExhausted), HasSubstr("at most 10000"));
  EXPECT_TRUE(stored().empty());
  many.pop_back();
  EXPECT_EQ(put(many).added, static_cast<std::int64_t>(kActionsOfInstrumentMax));
}

TEST_P(CorporateActions, changes_are_in_the_history) {
  put({{"SPY", split_}});
  put({{"SPY", {split_.ex_date, Kind::kSplit, 2}}}, "test", "Ben");
  ASSERT_TRUE(store_->remove_corporate_action("SPY", split_.ex_date, Kind::kSplit, "Cem"));
  const auto entries = store_->history({.symbol = "SPY", .limit = 3}).value();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].by, "Cem");
  EXPECT_EQ(entries[0].after, "");
  EXPECT_EQ(entries[1].by, "Ben");
  const auto action = [](const std::string& text) {
    return base::parse_json(text).value().as_object()["corporate_action"].as_object();
  };
  EXPECT_EQ(action(entries[1].before)["value"].to_number<double>(), 4);
  EXPECT_EQ(action(entries[1].after)["value"].to_number<double>(), 2);
  EXPECT_EQ(action(entries[1].after)["ex_date"], "2020-08-31");
  EXPECT_EQ(action(entries[0].before)["kind"], "split");
  EXPECT_EQ(entries[2].action, "updated");
}

TEST_P(CorporateActions, writers_at_the_same_time_leave_each_action_once) {
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < 20; ++i) {
        const double value = writer + 1;
        EXPECT_TRUE(store_->put_corporate_actions(
            std::vector<ActionOf>{{"SPY", {split_.ex_date + i, Kind::kSplit, value}}, {"SPY", dividend_}}, "test"));
      }
    });
  }
  writers.clear();
  EXPECT_EQ(stored().size(), 21u);
}

}  // namespace
}  // namespace tradeassist::store
