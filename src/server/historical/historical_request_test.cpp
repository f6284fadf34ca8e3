#include "server/historical/historical_request.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> pointers_of(std::string_view text) {
  std::vector<base::FieldError> errors;
  const auto request = parse_historical_request(base::parse_json(text).value(), errors);
  EXPECT_EQ(request.has_value(), errors.empty());
  std::vector<std::string> pointers;
  for (const base::FieldError& error : errors) pointers.push_back(error.pointer);
  return pointers;
}

HistoricalRequest parsed(std::string_view text) {
  std::vector<base::FieldError> errors;
  auto request = parse_historical_request(base::parse_json(text).value(), errors);
  EXPECT_TRUE(request) << (errors.empty() ? "" : errors[0].pointer + " " + errors[0].message);
  return request.value_or(HistoricalRequest{});
}

TEST(HistoricalRequest, every_frequency_of_the_product_and_any_other_is_read) {
  for (const char* frequency : {"1m",  "5m", "10m", "15m", "30m", "1h", "2h",  "4h", "6h",   "8h",
                                "12h", "1d", "2d",  "1w",  "1M",  "7m", "90m", "3d", "500t", "10r"}) {
    EXPECT_THAT(pointers_of(std::string(R"({"symbols":["SPY"],"last":5,"frequency":")") + frequency + R"("})"),
                IsEmpty())
        << frequency;
  }
}

TEST(HistoricalRequest, says_of_every_field_what_is_wrong_with_it) {
  EXPECT_THAT(pointers_of(R"({"symbols":["SPY"],"frequency":"1d","last":5,"bars":1})"), ElementsAre("/bars"));
  EXPECT_THAT(pointers_of(R"({"frequency":"1d","last":5})"), ElementsAre("/symbols"));
  EXPECT_THAT(pointers_of(R"({"symbols":[],"frequency":"1x"})"), ElementsAre("/symbols", "/frequency", "/start"));
  EXPECT_THAT(pointers_of(R"({"symbols":["SPY","","SPY"],"frequency":"1d","last":5})"),
              ElementsAre("/symbols/1", "/symbols/2"));
  EXPECT_THAT(pointers_of(R"({"symbols":["SPY"],"frequency":"1d","last":5,"asset_class":"bond","format":"xml",
                             "adjustment":"panama","roll_policy":"never","price_adjustment":"none","fill":"magic","max_bars":0,
                             "continuous_rank":1})"),
              ElementsAre("/asset_class", "/format", "/continuous_rank", "/roll_policy", "/adjustment",
                          "/price_adjustment", "/fill", "/max_bars"));
  for (const char* vwap : {R"("daily")", R"("rolling:0")", R"("anchored:noon")", "7", "[]"}) {
    EXPECT_THAT(pointers_of(std::string(R"({"symbols":["SPY"],"frequency":"1d","last":5,"vwap":)") + vwap + "}"),
                ElementsAre("/vwap"))
        << vwap;
  }
  for (const char* adjustment : {"", R"(,"price_adjustment":"raw")"}) {
    EXPECT_THAT(
        pointers_of(std::string(R"({"symbols":["SPY"],"frequency":"1d","last":5,"factors":true)") + adjustment + "}"),
        ElementsAre("/factors"));
  }
  EXPECT_THAT(pointers_of(R"({"symbols":["SPY"],"frequency":"1d","relative":{"days":1,"hours":2}})"),
              ElementsAre("/relative/hours"));
  boost::json::object many{{"frequency", "1d"}, {"last", 1}};
  for (int i = 0; i < 51; ++i) many["symbols"].emplace_array();
  for (int i = 0; i < 51; ++i) many["symbols"].as_array().emplace_back("S" + std::to_string(i));
  EXPECT_THAT(pointers_of(base::json_text(many)), ElementsAre("/symbols"));
}

TEST(HistoricalRequest, comes_back_from_json_as_it_went) {
  const HistoricalRequest request = parsed(
      R"({"symbols":["ES","NQ"],"frequency":"1d","relative":{"months":3},"continuous_series":true,"fill":"forward",
          "vwap":"rolling:20","price_adjustment":"splits","factors":true,"quality":true})");
  const std::string text = base::json_text(base::to_json(request));
  EXPECT_EQ(base::json_text(base::to_json(parsed(text))), text);
}

class HistoricalQueries : public store::MarketStoreTest {
 protected:
  std::vector<SymbolQuery> queries(std::string_view text) {
    return queries_of(parsed(text), base::parse_time("2024-03-31T14:30:00Z").value(), *store_);
  }
};

TEST_F(HistoricalQueries, carry_what_the_request_says) {
  const auto made = queries(R"({"symbols":["SPY"],"frequency":"90m","start":"2024-01-02","end":"2024-02-01",
                               "adjustment":"ratio","roll_policy":"calendar:5","fill":"forward","gaps":false,
                               "price_adjustment":"splits","vwap":true,"source":"csv"})");
  ASSERT_EQ(made.size(), 1u);
  ASSERT_TRUE(made[0].query) << made[0].query.error().message;
  const store::BarQuery& query = *made[0].query;
  EXPECT_EQ(query.symbol, "SPY");
  EXPECT_EQ(market::to_string(query.timeframe), "90m");
  EXPECT_EQ(query.from, base::parse_time("2024-01-02").value());
  EXPECT_EQ(query.to, base::parse_time("2024-02-01").value());
  EXPECT_EQ(query.adjustment, market::Adjustment::kRatioBackward);
  EXPECT_EQ(market::to_string(*query.roll), "calendar:5");
  EXPECT_EQ(query.fill, market::FillMethod::kForward);
  EXPECT_EQ(query.price_adjustment, market::PriceAdjustment::kSplits);
  EXPECT_FALSE(query.with_gaps);
  EXPECT_EQ(query.vwap, market::VwapRule{});
  EXPECT_FALSE(query.with_factors || query.with_quality);
  EXPECT_EQ(query.source, "csv");
  const auto ticks = queries(R"({"symbols":["SPY"],"frequency":"500t","last":7})");
  EXPECT_EQ(market::to_string(*ticks[0].query->tick_rule), "500t");
  EXPECT_EQ(ticks[0].query->last, 7);
  EXPECT_TRUE(ticks[0].query->with_gaps);
}

TEST_F(HistoricalQueries, take_every_rule_of_vwap_and_ask_for_factors_and_quality) {
  const auto vwap = [&](const std::string& text) {
    return queries(R"({"symbols":["SPY"],"frequency":"1d","last":5,"vwap":)" + text + "}")[0].query.value().vwap;
  };
  EXPECT_EQ(vwap("false"), std::nullopt);
  EXPECT_EQ(vwap("null"), std::nullopt);
  for (const char* rule : {"bar", "session", "rolling:20", "anchored:2024-01-02T14:30:00Z"})
    EXPECT_EQ(market::to_string(*vwap(std::string("\"") + rule + "\"")), rule);
  const auto made = queries(R"({"symbols":["SPY"],"frequency":"1d","last":5,"price_adjustment":"splits",
                               "factors":true,"quality":true})");
  ASSERT_TRUE(made[0].query) << made[0].query.error().message;
  EXPECT_TRUE(made[0].query->with_factors && made[0].query->with_quality);
}

TEST_F(HistoricalQueries, fail_symbol_by_symbol) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "BTC", .asset_class = "crypto"}));
  const auto made = queries(R"({"symbols":["GONE","SPY","BTC"],"frequency":"1d","preset":"1m","asset_class":"stock"})");
  ASSERT_EQ(made.size(), 3u);
  EXPECT_EQ(made[0].symbol, "GONE");
  EXPECT_EQ(made[0].query.error().code, base::ErrorCode::kNotFound);
  ASSERT_TRUE(made[1].query);
  EXPECT_EQ(base::format_time(*made[1].query->from), "2024-02-29T00:00:00Z");
  EXPECT_EQ(made[2].query.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_THAT(made[2].query.error().message, HasSubstr("BTC is stored as crypto, not as stock"));
}

TEST_F(HistoricalQueries, do_not_read_an_instrument_that_nothing_depends_on) {
  for (const char* range : {R"("last":5)", R"("preset":"max")", R"("start":"2024-01-01")"}) {
    const auto made = queries(std::string(R"({"symbols":["GONE"],"frequency":"1d",)") + range + "}");
    EXPECT_TRUE(made[0].query) << range;
  }
}

TEST_F(HistoricalQueries, make_continuous_futures_of_roots) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "ESZ5", .asset_class = "future", .time_zone = "America/Chicago"}));
  const auto first = queries(
      R"({"symbols":["ES","ES2!","NQ"],"frequency":"1m","preset":"1m","continuous_series":true,"asset_class":"future"})");
  ASSERT_TRUE(first[0].query) << first[0].query.error().message;
  EXPECT_EQ(first[0].query->symbol, "ES.c.0");
  EXPECT_EQ(base::format_time(*first[0].query->from), "2024-02-29T06:00:00Z");
  ASSERT_TRUE(first[1].query) << first[1].query.error().message;
  EXPECT_EQ(first[1].query->symbol, "ES2!");
  EXPECT_THAT(first[2].query.error().message, HasSubstr("no contracts of NQ are stored"));
  const auto second = queries(R"({"symbols":["ES"],"frequency":"1m","last":9,"continuous_series":true,
                                 "continuous_rank":1,"roll_policy":"volume:3"})");
  EXPECT_EQ(second[0].query->symbol, "ES.v.1");
  EXPECT_EQ(market::to_string(*second[0].query->roll), "volume:3");
}

}  // namespace
}  // namespace tradeassist::server
