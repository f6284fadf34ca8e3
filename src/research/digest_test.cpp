#include "research/digest.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace tradeassist::research {
namespace {

namespace json = boost::json;

TEST(Digest, has_a_line_for_each_figure_and_leaves_out_columns) {
  const json::object result{
      {"strategy", "Crossover"},
      {"parameters", json::object{{"fast", 5}, {"use", true}}},
      {"in_sample", json::object{{"metrics", json::object{{"net_profit", 1234.56789},
                                                          {"sharpe_ratio", nullptr},
                                                          {"long", json::object{{"net_profit", 1.0}}}}}}},
      {"trials", json::object{{"index", json::array{1, 2}}}},
      {"warnings", json::array{"few trades\nin all"}},
      {"split_time", "2014-03-20T00:00:00Z"}};
  EXPECT_EQ(digest(result),
            "strategy: Crossover\nparameters.fast: 5\nparameters.use: true\nin_sample.metrics.net_profit: 1234.57\n"
            "warnings[0]: few trades in all\nsplit_time: 2014-03-20T00:00:00Z\n");
}

TEST(Digest, ends_where_there_is_enough_and_says_so) {
  json::object result;
  for (int i = 0; i < 5'000; ++i) result["figure_" + std::to_string(i)] = i;
  const std::string text = digest(result);
  EXPECT_LE(text.size(), kDigestBytesMax + 100);
  EXPECT_TRUE(text.ends_with("(and more figures, which are left out)\n"));
}

}  // namespace
}  // namespace tradeassist::research
