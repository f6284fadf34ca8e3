#include "base/json.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <random>

namespace tradeassist::base {

enum class Colour { kDeepRed, kBlue };
BOOST_DESCRIBE_ENUM(Colour, kDeepRed, kBlue)

struct Inner {
  int count = 0;
  std::optional<double> price;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (count, price))

struct Sides {
  int long_ = 0, short_ = 0;
};
BOOST_DESCRIBE_STRUCT(Sides, (), (long_, short_))

struct Outer {
  std::string name;
  bool active = false;
  Colour colour = Colour::kBlue;
  Time at;
  std::vector<Inner> inner;
  std::map<std::string, double> weights;
  std::optional<std::uint8_t> small;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (name, active, colour, at, inner, weights, small))

namespace {

std::vector<FieldError> errors_of(std::string_view text) {
  std::vector<FieldError> errors;
  const auto value = parse_json(text);
  EXPECT_TRUE(value);
  EXPECT_FALSE(from_json<Outer>(*value, errors));
  return errors;
}

constexpr const char* kDocument =
    R"({"name":"a","active":true,"colour":"deep_red","at":"2020-01-02T00:00:00Z","inner":[{"count":3,"price":1.5},{"count":4}],"weights":{"x":0.1},"small":null})";

TEST(Json, described_structs_come_back_as_they_went) {
  const auto read = from_json<Outer>(parse_json(kDocument).value());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->colour, Colour::kDeepRed);
  EXPECT_EQ(read->inner.at(0).price, 1.5);
  EXPECT_FALSE(read->inner.at(1).price);
  const auto again = from_json<Outer>(parse_json(json_text(to_json(*read))).value());
  ASSERT_TRUE(again);
  EXPECT_EQ(json_text(to_json(*again)), json_text(to_json(*read)));
}

TEST(Json, members_named_after_keywords_lose_their_last_underscore) {
  EXPECT_EQ(json_text(to_json(Sides{1, 2})), R"({"long":1,"short":2})");
  const auto read = from_json<Sides>(parse_json(R"({"long":3,"short":4})").value());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->short_, 4);
  EXPECT_FALSE(from_json<Sides>(parse_json(R"({"long_":3,"short":4})").value()));
}

TEST(Json, every_wrong_field_is_named_by_its_pointer) {
  const auto errors = errors_of(
      R"({"name":1,"active":"yes","colour":"green","at":"soon","inner":[{"count":1.5},{}],"weights":{"a/b":"x"},"small":256,"more":1})");
  std::map<std::string, std::string> by_pointer;
  for (const FieldError& error : errors) by_pointer[error.pointer] = error.message;
  EXPECT_EQ(by_pointer.size(), 9u);
  EXPECT_EQ(by_pointer["/name"], "must be a string, is a number");
  EXPECT_EQ(by_pointer["/colour"], "must be one of deep_red, blue, is \"green\"");
  EXPECT_EQ(by_pointer["/inner/1/count"], "is missing");
  EXPECT_EQ(by_pointer["/weights/a~1b"], "must be a number, is a string");
  EXPECT_EQ(by_pointer["/small"], "must be an integer from 0 to 255");
  EXPECT_EQ(by_pointer["/more"], "is not a known field");
}

TEST(Json, numbers_print_with_the_fewest_digits_and_undefined_ones_as_null) {
  EXPECT_EQ(json_text(boost::json::value{0.1, 100.0, 1e300, -0.5}), "[0.1,100,1e+300,-0.5]");
  EXPECT_EQ(json_text(to_json(std::vector<double>{std::nan(""), HUGE_VAL})), "[null,null]");
}

TEST(Json, numbers_come_back_to_the_bit) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    const auto parsed = parse_json(json_text(value));
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_EQ(parsed->to_number<double>(), value) << json_text(value);
  }
  for (const std::int64_t value :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(parse_json(std::to_string(value))->as_int64(), value);
  }
  EXPECT_EQ(parse_json("1e-400")->as_double(), 0.0);
  EXPECT_EQ(parse_json("123456789012345678901234567890")->as_double(), 123456789012345678901234567890.0);
  EXPECT_FALSE(parse_json("1e400"));
  EXPECT_FALSE(parse_json("[1, -]"));
}

TEST(Json, texts_that_are_too_deep_or_long_or_broken_are_refused) {
  EXPECT_FALSE(parse_json(std::string(1000, '[')));
  EXPECT_FALSE(parse_json("\"" + std::string(100, 'x') + "\"", 50));
  for (const char* text : {"", "{", "{} x", "nul", "{\"a\":1,}", "\xff"}) EXPECT_FALSE(parse_json(text)) << text;
}

}  // namespace
}  // namespace tradeassist::base
