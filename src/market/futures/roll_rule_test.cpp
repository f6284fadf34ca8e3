#include "market/futures/roll_rule.hpp"

#include <gmock/gmock.h>

#include <set>

#include "market/futures/testing/contracts.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;
using testing::contract_of;
using testing::date;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kUnknown;
using testing::name_of;
using testing::TestBar;
using testing::value_of;
using Kind = RollRule::Kind;

/// "2024-03-08T00:00:00Z ESH2024 ESM2024".
std::vector<std::string> texts_of(const RollPlan& plan, std::span<const FuturesContract> contracts) {
  std::vector<std::string> texts;
  for (const Switch& s : plan.switches) {
    texts.push_back(base::format_time(s.time) + ' ' + to_string(contracts[s.from].name) + ' ' +
                    to_string(contracts[s.to].name));
  }
  return texts;
}

const TradeDays kDates(nullptr, BarTimes::kDates);

/// The E-mini's contracts of some years, each with a bar at either end of what is asked about.
std::vector<FuturesContract> e_mini(int first_year, int last_year, const Calendar& calendar, const TradeDays& days) {
  const FuturesProduct es = value_of(find_product("ES"));
  std::vector<FuturesContract> contracts;
  for (const ContractName& name : contracts_between(es, {first_year, 1}, {last_year, 12})) {
    auto bars = std::make_shared<Series>();
    for (const int year : {first_year, last_year}) {
      const CivilDate day{year, year == first_year ? 1u : 12u, year == first_year ? 1u : 31u};
      bars->push_back({at(to_string(day) + " 12:00"), 1, 1, 1, 1, 1});
    }
    contracts.push_back({.name = name, .bars = std::move(bars)});
  }
  set_last_trade_dates(contracts, &es, &calendar, days);
  return contracts;
}

CivilDate third_friday(DeliveryMonth month) {
  for (unsigned day = 15;; ++day) {
    const CivilDate found{month.year, month.month, day};
    if (weekday_of(days_from_civil(found)) == 4) return found;
  }
}

TEST(RollRule, the_e_mini_is_left_on_the_day_before_the_third_friday) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  const TradeDays days(cme, BarTimes::kInstants);
  const auto contracts = e_mini(2009, 2030, *cme, days);
  const RollPlan plan = value_of(plan_rolls(contracts, {.kind = Kind::kBeforeLastTrade}, days));
  ASSERT_EQ(plan.switches.size(), 87u);
  std::vector<std::string> earlier;
  for (const Switch& roll : plan.switches) {
    const DeliveryMonth month = contracts[roll.from].name.delivery;
    const std::int64_t thursday = days_from_civil(third_friday(month)) - 1;
    if (days_from_civil(*roll.last_date) != thursday) {
      earlier.push_back(to_string(month));
      continue;
    }
    // The session of Friday begins on Thursday at 17:00 in Chicago, until 2012 at 15:30; in 2025, when Thursday is
    // Juneteenth, on Wednesday.
    const std::int64_t evening = month == DeliveryMonth{2025, 6} ? thursday - 1 : thursday;
    const std::string_view hour = roll.time < at("2012-11-19") ? " 15:30" : " 17:00";
    EXPECT_EQ(testing::local_text(*cme, roll.time), to_string(civil_from_days(evening)).substr(5) + std::string(hour));
  }
  EXPECT_THAT(earlier, ElementsAre("2026-06", "2027-06"));  // Juneteenth is kept on the third Friday
}

TEST(RollRule, the_first_of_the_month_leaves_the_e_mini_on_the_last_day_before) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  const TradeDays days(cme, BarTimes::kInstants);
  const auto contracts = e_mini(2009, 2030, *cme, days);
  const RollPlan plan = value_of(plan_rolls(contracts, {.kind = Kind::kFirstOfDeliveryMonth}, days));
  ASSERT_EQ(plan.switches.size(), 87u);
  for (const Switch& roll : plan.switches) {
    const DeliveryMonth month = contracts[roll.from].name.delivery;
    EXPECT_EQ(*roll.last_date, last_day_of(add_months(month, -1)));
    EXPECT_EQ(cme->trade_date_of(roll.time)->month, month.month);
    EXPECT_NE(cme->trade_date_of(roll.time - base::Nanoseconds(1))->month == month.month &&
                  cme->is_open(roll.time - base::Nanoseconds(1)),
              true);
  }
}

TEST(RollRule, days_before_count_trading_days) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  const TradeDays days(cme, BarTimes::kInstants);
  const auto contracts = e_mini(2019, 2020, *cme, days);
  const RollPlan plan = value_of(plan_rolls(contracts, {.kind = Kind::kBeforeLastTrade, .days_before = 5}, days));
  EXPECT_EQ(cme->trade_date_of(plan.switches.at(0).time), date("2019-03-08"));
  EXPECT_EQ(testing::local_text(*cme, plan.switches.at(0).time), "03-07 17:00");
}

TEST(RollRule, daily_bars_roll_at_their_dates) {
  const std::vector<FuturesContract> contracts = {
      contract_of("ESH2024", {{"2024-03-13", 1}, {"2024-03-14", 2}, {"2024-03-15", 3}}, "2024-03-15"),
      contract_of("ESM2024", {{"2024-03-13", 11}, {"2024-03-14", 12}, {"2024-03-15", 13}, {"2024-03-18", 14}})};
  const TradeDays days(calendar_named("CME_EQUITY"), bar_times_of(contracts));
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, {}, days)), contracts),
              ElementsAre("2024-03-15T00:00:00Z ESH2024 ESM2024"));
}

TEST(RollRule, a_roll_beyond_the_last_bar_has_not_happened) {
  const std::vector<TestBar> bars = {{"2024-03-13", 1}, {"2024-03-14", 2}};
  const std::vector<FuturesContract> contracts = {contract_of("ESH2024", bars, "2024-03-15"),
                                                  contract_of("ESM2024", bars, "2024-06-21")};
  EXPECT_THAT(value_of(plan_rolls(contracts, {}, kDates)).switches, IsEmpty());
}

TEST(RollRule, begins_with_the_contract_in_use_at_the_first_bar) {
  const std::vector<TestBar> bars = {{"2024-03-18", 1}, {"2024-07-01", 2}};
  const std::vector<FuturesContract> contracts = {contract_of("ESH2024", {}, "2024-03-15"),
                                                  contract_of("ESM2024", bars, "2024-06-21"),
                                                  contract_of("ESU2024", bars, "2024-09-20")};
  const RollPlan plan = value_of(plan_rolls(contracts, {}, kDates));
  EXPECT_EQ(plan.first, 1u);
  EXPECT_THAT(texts_of(plan, contracts), ElementsAre("2024-06-21T00:00:00Z ESM2024 ESU2024"));
}

TEST(RollRule, last_trade_dates_are_given_or_by_rule_or_inferred_from_the_last_bar) {
  std::vector<FuturesContract> contracts = {contract_of("XYZH2024", {{"2024-03-13", 1}, {"2024-03-19", 1}}),
                                            contract_of("XYZM2024", {{"2024-03-13", 1}, {"2024-03-15", 1}}),
                                            contract_of("XYZU2024", {{"2024-03-13", 1}, {"2024-03-20", 1}}),
                                            contract_of("XYZZ2024", {{"2024-03-20", 1}}, "2024-12-01")};
  set_last_trade_dates(contracts, nullptr, nullptr, kDates);
  EXPECT_EQ(contracts[0].last_trade, date("2024-03-19"));
  EXPECT_TRUE(contracts[0].last_trade_inferred);
  EXPECT_FALSE(contracts[2].last_trade);
  EXPECT_FALSE(contracts[3].last_trade_inferred);
  // The bars of M end before those of H: it is passed over.
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, {}, kDates)), contracts),
              ElementsAre("2024-03-19T00:00:00Z XYZH2024 XYZU2024"));
}

TEST(RollRule, last_trade_dates_are_needed_and_in_order) {
  const std::vector<TestBar> bars = {{"2024-03-13", 1}, {"2024-07-14", 2}};
  EXPECT_THAT(
      plan_rolls(std::vector{contract_of("XYZH2024", bars), contract_of("XYZM2024", bars)}, {}, kDates).error().message,
      HasSubstr("none of the contracts from XYZH2024 to XYZM2024 has one"));
  const std::vector<FuturesContract> crossed = {contract_of("XYZH2024", bars, "2024-06-15"),
                                                contract_of("XYZM2024", bars, "2024-03-15")};
  EXPECT_THAT(plan_rolls(crossed, {}, kDates).error().message,
              HasSubstr("XYZM2024 is left on 2024-03-15, and XYZH2024, which is delivered before it, on 2024-06-15"));
}

/// Volume goes over to M on the 3rd, back to H on the 4th, and to U on the 5th.
std::vector<FuturesContract> active_contracts() {
  return {contract_of("ESH2024", {{"2024-01-01", 1, 100, 900},
                                  {"2024-01-02", 1, 90, 800},
                                  {"2024-01-03", 1, 50, 700},
                                  {"2024-01-04", 1, 99, 600},
                                  {"2024-01-05", 1, 10, 500}}),
          contract_of("ESM2024", {{"2024-01-01", 2, 10, 100},
                                  {"2024-01-02", 2, 90, 200},
                                  {"2024-01-03", 2, 60, 300},
                                  {"2024-01-04", 2, 60, 601},
                                  {"2024-01-05", 2, 60, 700},
                                  {"2024-01-08", 2, 60, 700}}),
          contract_of("ESU2024", {{"2024-01-04", 3, 5, 1}, {"2024-01-05", 3, 61, 2}, {"2024-01-08", 3, 90, 3}})};
}

TEST(RollRule, volume_rolls_in_the_session_after_it_was_above_and_never_back) {
  const auto contracts = active_contracts();
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, {.kind = Kind::kVolume}, kDates)), contracts),
              ElementsAre("2024-01-04T00:00:00Z ESH2024 ESM2024", "2024-01-08T00:00:00Z ESM2024 ESU2024"));
}

TEST(RollRule, open_interest_rolls_likewise) {
  const auto contracts = active_contracts();
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, {.kind = Kind::kOpenInterest}, kDates)), contracts),
              ElementsAre("2024-01-05T00:00:00Z ESH2024 ESM2024"));
}

TEST(RollRule, volume_is_forced_near_expiry) {
  auto contracts = active_contracts();
  contracts[0].last_trade = date("2024-01-04");
  const RollRule rule{.kind = Kind::kVolume, .days_before = 2};
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, rule, kDates)), contracts),
              ElementsAre("2024-01-02T00:00:00Z ESH2024 ESM2024", "2024-01-08T00:00:00Z ESM2024 ESU2024"));
}

TEST(RollRule, volume_passes_over_a_month_that_hardly_trades) {
  const std::vector<FuturesContract> contracts = {
      contract_of("GCQ2024", {{"2024-01-01", 1, 100}, {"2024-01-02", 1, 50}, {"2024-01-03", 1, 5}}),
      contract_of("GCV2024", {{"2024-01-01", 1, 3}, {"2024-01-02", 1, 4}, {"2024-01-03", 1, 4}}),
      contract_of("GCZ2024", {{"2024-01-01", 1, 40}, {"2024-01-02", 1, 60}, {"2024-01-03", 1, 90}})};
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, {.kind = Kind::kVolume}, kDates)), contracts),
              ElementsAre("2024-01-03T00:00:00Z GCQ2024 GCZ2024"));
}

TEST(RollRule, volume_is_summed_by_trade_date_and_rolls_at_the_open) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  const TradeDays days(cme, BarTimes::kInstants);
  // Sunday evening and Monday in Chicago are one trade date: 60 against 70.
  const std::vector<FuturesContract> contracts = {
      contract_of("ESH2024", {{"2024-03-10 23:00", 1, 50}, {"2024-03-11 15:00", 1, 10}, {"2024-03-11 23:00", 1, 9}}),
      contract_of("ESM2024", {{"2024-03-10 23:00", 2, 20}, {"2024-03-11 15:00", 2, 50}, {"2024-03-11 23:00", 2, 9}})};
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, {.kind = Kind::kVolume}, days)), contracts),
              ElementsAre("2024-03-11T22:00:00Z ESH2024 ESM2024"));
}

TEST(RollRule, volume_that_is_not_known_decides_nothing) {
  const std::vector<FuturesContract> contracts = {
      contract_of("ESH2024", {{"2024-01-01", 1, 100}, {"2024-01-02", 1, kUnknown}, {"2024-01-03", 1, 100}}),
      contract_of("ESM2024", {{"2024-01-01", 2, 10}, {"2024-01-02", 2, 10}, {"2024-01-03", 2, 10}})};
  EXPECT_THAT(value_of(plan_rolls(contracts, {.kind = Kind::kVolume}, kDates)).switches, IsEmpty());
  EXPECT_THAT(plan_rolls(std::vector{contract_of("ESH2024", {{"2024-01-01", 1}})}, {.kind = Kind::kVolume}, kDates)
                  .error()
                  .message,
              HasSubstr("rolling by volume needs volume, and none of the contracts has any; roll by calendar"));
}

TEST(RollRule, a_rank_is_that_many_contracts_further_on) {
  const auto contracts = active_contracts();
  const RollPlan plan = value_of(plan_rolls(contracts, {.kind = Kind::kVolume}, kDates, 1));
  EXPECT_EQ(plan.first, 1u);
  EXPECT_THAT(texts_of(plan, contracts), ElementsAre("2024-01-04T00:00:00Z ESM2024 ESU2024"));
  EXPECT_EQ(plan.end, at("2024-01-08"));  // what comes after U is not stored
  EXPECT_THAT(plan_rolls(contracts, {.kind = Kind::kVolume}, kDates, 3).error().message,
              HasSubstr("rank 3 needs more contracts after ESU2024"));
  EXPECT_THAT(plan_rolls(contracts, {}, kDates, -1).error().message, HasSubstr("there is no rank -1; write 0 to 99"));
}

TEST(RollRule, given_rolls_name_contracts_or_follow_the_list) {
  const auto contracts = active_contracts();
  const RollRule short_form{.kind = Kind::kGiven, .given = {{at("2024-01-02"), {}, {}}, {at("2024-01-05"), {}, {}}}};
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, short_form, kDates)), contracts),
              ElementsAre("2024-01-02T00:00:00Z ESH2024 ESM2024", "2024-01-05T00:00:00Z ESM2024 ESU2024"));
  const RollRule named{.kind = Kind::kGiven, .given = {{at("2024-01-05"), name_of("ESH2024"), name_of("ESU2024")}}};
  EXPECT_THAT(texts_of(value_of(plan_rolls(contracts, named, kDates)), contracts),
              ElementsAre("2024-01-05T00:00:00Z ESH2024 ESU2024"));
  const RollRule unknown{.kind = Kind::kGiven, .given = {{at("2024-01-05"), {}, name_of("ESZ2024")}}};
  EXPECT_THAT(plan_rolls(contracts, unknown, kDates).error().message,
              HasSubstr("names ESZ2024, which is not among the contracts"));
}

}  // namespace
}  // namespace tradeassist::market
