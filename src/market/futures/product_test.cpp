#include "market/futures/product.hpp"

#include <gmock/gmock.h>

#include <set>

#include "market/calendar/testing/calendar_text.hpp"
#include "market/instrument_calendar.hpp"

namespace tradeassist::market {
namespace {

using testing::calendar_named;
using testing::date;
using ::testing::HasSubstr;

std::string last_trade(std::string_view contract) {
  const ContractName name = parse_contract(contract).value();
  const FuturesProduct product = find_product(name.root).value();
  const auto day = last_trade_date(product, name.delivery, *calendar_named(product.calendar));
  return day ? to_string(*day) : day.error().message;
}

TEST(FuturesProduct, last_trade_dates_are_those_that_were) {
  EXPECT_EQ(last_trade("ESZ2013"), "2013-12-20");
  EXPECT_EQ(last_trade("ESH2008"), "2008-03-20");  // the third Friday was Good Friday
  EXPECT_EQ(last_trade("ESM2026"), "2026-06-18");  // Juneteenth
  EXPECT_EQ(last_trade("CLK2020"), "2020-04-21");  // the day after the negative settlement
  EXPECT_EQ(last_trade("QMK2020"), "2020-04-20");
  EXPECT_EQ(last_trade("CLF2022"), "2021-12-20");  // 25 December was a Saturday, 24 a holiday
  EXPECT_EQ(last_trade("NGF2014"), "2013-12-27");
  EXPECT_EQ(last_trade("HOF2014"), "2013-12-31");
  EXPECT_EQ(last_trade("GCZ2013"), "2013-12-27");
  EXPECT_EQ(last_trade("ZCZ2013"), "2013-12-13");
  EXPECT_EQ(last_trade("ZCH2015"), "2015-03-13");  // the 15th was a Sunday
  EXPECT_EQ(last_trade("ZNZ2013"), "2013-12-19");
  EXPECT_EQ(last_trade("ZTZ2013"), "2013-12-31");
  EXPECT_EQ(last_trade("6EZ2013"), "2013-12-16");
  EXPECT_EQ(last_trade("6EM2023"), "2023-06-16");  // Monday was Juneteenth
  EXPECT_EQ(last_trade("6CZ2013"), "2013-12-17");
  EXPECT_EQ(last_trade("SR3Z2023"), "2024-03-19");
  EXPECT_EQ(last_trade("FESXH2024"), "2024-03-15");
  EXPECT_EQ(last_trade("FGBLH2024"), "2024-03-07");  // delivered on Monday the 11th
}

TEST(FuturesProduct, table_is_sound) {
  std::set<std::string_view> roots;
  for (const FuturesProduct& product : futures_products()) {
    EXPECT_TRUE(roots.insert(product.root).second) << product.root;
    EXPECT_FALSE(product.months.empty()) << product.root;
    const CalendarPtr calendar = calendar_named(product.calendar);
    unsigned before = 0;
    for (const char code : product.months) {
      const auto month = month_of_code(code);
      ASSERT_TRUE(month) << product.root;
      EXPECT_GT(*month, before) << product.root;
      before = *month;
    }
    // Last trade dates are trading days, one after the other.
    CivilDate last{1998, 1, 1};
    for (const ContractName& contract : contracts_between(product, {2000, 1}, {2030, 6})) {
      const auto day = last_trade_date(product, contract.delivery, *calendar);
      ASSERT_TRUE(day) << day.error().message;
      EXPECT_TRUE(calendar->is_trading_day(*day)) << to_string(contract) << ' ' << to_string(*day);
      EXPECT_GT(*day, last) << to_string(contract);
      last = *day;
    }
  }
}

TEST(FuturesProduct, has_the_calendar_that_its_instrument_has) {
  for (const FuturesProduct& product : futures_products()) {
    if (product.root.starts_with('6')) continue;  // currencies borrow the calendar of rates
    const Instrument instrument{.symbol = std::string(product.root), .asset_class = "future"};
    EXPECT_EQ(calendar_name_for(instrument).value_or("none"), product.calendar) << product.root;
  }
}

TEST(FuturesProduct, is_found_in_either_case_and_otherwise_says_what_to_do) {
  EXPECT_EQ(find_product("es").value().root, "ES");
  EXPECT_THAT(find_product("XYZ").error().message, HasSubstr("give the last trade dates"));
  EXPECT_EQ(find_product("E").error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(last_trade("ESF2024"), HasSubstr("ES rolls through the months HMUZ, not through ESF2024"));
  EXPECT_THAT(last_trade("ESH2040"), HasSubstr("CME_EQUITY"));  // beyond the calendar
}

TEST(FuturesProduct, lists_the_contracts_to_roll_through) {
  const auto contracts = contracts_between(find_product("GC").value(), {2013, 11}, {2014, 4});
  std::vector<std::string> names;
  for (const ContractName& contract : contracts) names.push_back(to_string(contract));
  EXPECT_THAT(names, ::testing::ElementsAre("GCZ2013", "GCG2014", "GCJ2014"));
}

}  // namespace
}  // namespace tradeassist::market
