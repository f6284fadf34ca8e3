#include "mcp/bounded_json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace tradeassist::mcp {
namespace {

namespace json = boost::json;

json::array numbers(int count) {
  json::array out;
  for (int i = 0; i < count; ++i) out.push_back(1'000'000 + i);
  return out;
}

TEST(BoundedJson, what_fits_stays_as_it_is) {
  json::object value{{"close", numbers(10)}};
  const json::object before = value;
  const auto text = fit_json(value, 1'000);
  ASSERT_TRUE(text);
  EXPECT_EQ(value, before);
  EXPECT_EQ(json::parse(*text), json::value(before));
}

TEST(BoundedJson, columns_are_cut_to_one_length_and_said_to_be) {
  json::object value{{"bars", json::object{{"open", numbers(1'000)}, {"close", numbers(1'000)}}}, {"few", numbers(20)}};
  const auto text = fit_json(value, 4'000);
  ASSERT_TRUE(text);
  EXPECT_LE(text->size(), 4'000u);
  const json::object& bars = value.at("bars").as_object();
  const std::size_t kept = bars.at("open").as_array().size();
  EXPECT_EQ(bars.at("close").as_array().size(), kept);
  EXPECT_GE(kept, 60u);  // no more than is needed
  EXPECT_EQ(value.at("few").as_array().size(), 20u);
  EXPECT_EQ(value.at("cut").as_array().front(),
            json::value(json::object{{"pointer", "/bars/open"}, {"kept", kept}, {"of", 1'000}}));
  EXPECT_EQ(json::parse(*text), json::value(value));
}

TEST(BoundedJson, a_long_text_ends_between_two_characters) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "ä";
  json::object value{{"x", "y" + text}};
  ASSERT_TRUE(fit_json(value, 6'000));
  EXPECT_EQ(value.at("x").as_string().size(), kTextBytesMax - 1);
}

TEST(BoundedJson, what_cannot_be_cut_is_refused) {
  json::object value;
  for (int i = 0; i < 1'000; ++i) value["member_" + std::to_string(i)] = i;
  const auto text = fit_json(value, 4'000);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, base::ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace tradeassist::mcp
