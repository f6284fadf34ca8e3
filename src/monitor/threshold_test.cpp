#include "monitor/threshold.hpp"

#include <gtest/gtest.h>

namespace tradeassist::monitor {
namespace {

TEST(Thresholds, are_those_that_were_asked_for) {
  const auto defaults = default_thresholds();
  const auto is = [&](const char* type, double warning, double critical, bool is_below) {
    const Threshold* threshold = find_threshold(defaults, type);
    ASSERT_NE(threshold, nullptr) << type;
    EXPECT_EQ(threshold->warning, warning) << type;
    EXPECT_EQ(threshold->critical, critical) << type;
    EXPECT_EQ(threshold->is_below, is_below) << type;
  };
  is("connection_pool", 75, 90, false);
  is("query_time", 100, 500, false);
  is("insert_rate", 50, 25, true);
  is("slow_queries", 5, 20, false);
  is("partition_size", 500, 1'000, false);
  is("free_disk", 10, 2, true);
}

TEST(Thresholds, can_be_changed_and_turned_off_one_by_one) {
  const auto changed =
      thresholds_with(default_thresholds(), " query_time = 200/1000.5, slow_queries=off,memory=/95,open_files=50/")
          .value();
  EXPECT_EQ(find_threshold(changed, "query_time")->warning, 200);
  EXPECT_EQ(find_threshold(changed, "query_time")->critical, 1000.5);
  EXPECT_FALSE(find_threshold(changed, "slow_queries")->warning || find_threshold(changed, "slow_queries")->critical);
  EXPECT_FALSE(find_threshold(changed, "memory")->warning);
  EXPECT_EQ(find_threshold(changed, "memory")->critical, 95);
  EXPECT_FALSE(find_threshold(changed, "open_files")->critical);
  EXPECT_EQ(find_threshold(changed, "error_rate")->warning, 1);
  EXPECT_TRUE(thresholds_with(default_thresholds(), ""));
}

TEST(Thresholds, say_what_is_wrong_with_a_change) {
  const auto why = [](const char* changes) {
    const auto made = thresholds_with(default_thresholds(), changes);
    EXPECT_FALSE(made) << changes;
    return made ? std::string() : made.error().message;
  };
  EXPECT_NE(why("latency=1/2").find("there is no alert of type 'latency'; there are database_unreachable, "),
            std::string::npos);
  EXPECT_NE(why("query_time=fast/slow").find("'query_time=fast/slow' is not TYPE=WARNING/CRITICAL"), std::string::npos);
  EXPECT_NE(why("query_time=500").find("is not TYPE=WARNING/CRITICAL"), std::string::npos);
  EXPECT_NE(why("query_time=-1/5").find("is not TYPE=WARNING/CRITICAL"), std::string::npos);
  EXPECT_NE(why("query_time=500/100").find("must lie beyond"), std::string::npos);
  EXPECT_NE(why("free_disk=2/10").find("must lie beyond"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::monitor
