#include "market/instrument_calendar.hpp"

#include <gmock/gmock.h>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

std::string calendar_of(std::string symbol, std::string asset_class, std::string exchange = "",
                        std::string currency = "USD") {
  const auto name =
      calendar_name_for({.symbol = symbol, .asset_class = asset_class, .exchange = exchange, .currency = currency});
  return name ? std::string(*name) : "none";
}

TEST(InstrumentCalendar, futures_are_known_by_the_root_of_their_symbol_however_it_is_written) {
  for (const char* symbol : {"ES", "ES1!", "ESZ5", "ESZ25", "ESZ2025", "/ESZ25", "ES 12-25", "ES.c.0", "CME_MINI:ES1!",
                             "ES202512", "MES1!", "NQH24"}) {
    EXPECT_EQ(calendar_of(symbol, "future"), "CME_EQUITY") << symbol;
  }
  EXPECT_EQ(calendar_of("CL1!", "future"), "NYMEX_ENERGY");
  EXPECT_EQ(calendar_of("CZ5", "future"), "CBOT_GRAINS");
  EXPECT_EQ(calendar_of("ZCZ25", "future"), "CBOT_GRAINS");
  EXPECT_EQ(calendar_of("SIZ5", "future"), "COMEX_METALS");
  EXPECT_EQ(calendar_of("SZ5", "future"), "CBOT_GRAINS");
  EXPECT_EQ(calendar_of("GC1!", "future"), "COMEX_METALS");
  EXPECT_EQ(calendar_of("ZNM24", "future"), "CME_RATES");
  EXPECT_EQ(calendar_of("FESX1!", "future"), "XEUR");
  EXPECT_EQ(calendar_of("6EH24", "future"), "CME_RATES");
  EXPECT_EQ(calendar_of("BZ1!", "future"), "NYMEX_ENERGY") << "has a calendar, though no product";
}

TEST(InstrumentCalendar, stocks_and_indices_go_by_their_exchange) {
  EXPECT_EQ(calendar_of("AAPL", "stock", "NASDAQ"), "XNYS");
  EXPECT_EQ(calendar_of("SPY", "stock", "arca"), "XNYS");
  EXPECT_EQ(calendar_of("SPY", "stock"), "XNYS");
  EXPECT_EQ(calendar_of("SPX", "index"), "XNYS");
  EXPECT_EQ(calendar_of("VOD", "stock", "LSE", "GBP"), "none");
  EXPECT_EQ(calendar_of("SAP", "stock", "", "EUR"), "none");
  EXPECT_EQ(calendar_of("ES", "stock"), "XNYS") << "Eversource Energy, no future";
}

TEST(InstrumentCalendar, other_classes_have_one_each) {
  EXPECT_EQ(calendar_of("EURUSD", "forex"), "FX");
  EXPECT_EQ(calendar_of("BTCUSD", "crypto"), "CRYPTO");
  EXPECT_EQ(calendar_of("CPI", "series"), "none");
  EXPECT_EQ(calendar_of("ABC1!", "future", "EUREX"), "XEUR");
  EXPECT_EQ(calendar_of("ABC1!", "future", "CME"), "none");
}

TEST(InstrumentCalendar, what_fits_no_calendar_is_told_what_to_do) {
  const auto name = calendar_name_for({.symbol = "VOD", .exchange = "LSE", .currency = "GBP"});
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(name.error().message,
              ::testing::HasSubstr("no calendar is known for VOD (stock, exchange 'LSE'); name one"));
}

}  // namespace
}  // namespace tradeassist::market
