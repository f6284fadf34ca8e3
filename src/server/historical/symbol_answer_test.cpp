#include "server/historical/symbol_answer.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

using testing::HasSubstr;

class SymbolAnswers : public store::MarketStoreTest {
 protected:
  void SetUp() override {
    MarketStoreTest::SetUp();
    cache_ = store::SeriesCache::create(*store_).value();
  }

  SymbolAnswer read(std::string_view range, std::int64_t bars_max = 1'000) {
    std::vector<base::FieldError> errors;
    const auto request = parse_historical_request(
        base::parse_json(std::string(R"({"symbols":["SPY"],"frequency":"1m",)") + std::string(range) + "}").value(),
        errors);
    return read_symbol(*cache_, queries_of(request.value(), base::now(), *store_).at(0), bars_max);
  }

  static boost::json::object json_of(const SymbolAnswer& answer) {
    std::string text = "{";
    append_symbol_answer(text, answer, true);
    return base::parse_json(text + "}").value().as_object();
  }

  std::unique_ptr<store::SeriesCache> cache_;
};

TEST_F(SymbolAnswers, tell_bars_no_bars_and_an_error_apart) {
  append(minutes(0, 10));
  const auto some = json_of(read(R"("last":5)"));
  EXPECT_EQ(some.at("status"), "ok");
  EXPECT_EQ(some.at("bar_count"), 5);
  EXPECT_EQ(some.at("data").at("columns").at("close").as_array().size(), 5u);
  EXPECT_TRUE(some.at("reason").is_null() && some.at("error").is_null());
  const auto none = json_of(read(R"("start":"2021-01-01")"));
  EXPECT_EQ(none.at("status"), "empty");
  EXPECT_THAT(std::string(none.at("reason").as_string()), HasSubstr("run from 2020-01-01"));
  EXPECT_EQ(none.at("data").at("row_count"), 0);
  const auto wrong = json_of(read(R"("last":5,"source":"schwab")"));
  EXPECT_EQ(wrong.at("status"), "error");
  EXPECT_EQ(wrong.at("error").at("code"), "INVALID_ARGUMENT");
  EXPECT_TRUE(wrong.at("data").is_null() && wrong.at("reason").is_null());
}

TEST_F(SymbolAnswers, too_many_bars_are_an_error_and_never_a_part_of_them) {
  append(minutes(0, 10));
  EXPECT_EQ(read(R"("preset":"max")", 10).status(), "ok");
  const SymbolAnswer cut = read(R"("preset":"max")", 9);
  EXPECT_EQ(cut.problem->code, "TOO_MANY_BARS");
  EXPECT_FALSE(cut.kept);
  SymbolAnswer fits = read(R"("preset":"max")");
  refuse_beyond(fits, kAnswerBarsMax - 10);
  EXPECT_EQ(fits.status(), "ok");
  refuse_beyond(fits, kAnswerBarsMax - 9);
  EXPECT_EQ(fits.problem->code, "TOO_MANY_BARS");
  EXPECT_EQ(fits.bar_count(), 0);
}

TEST_F(SymbolAnswers, come_from_memory_the_second_time) {
  append(minutes(0, 10));
  EXPECT_FALSE(read(R"("last":5)").kept->is_cached);
  EXPECT_TRUE(read(R"("last":5)").kept->is_cached);
}

}  // namespace
}  // namespace tradeassist::server
