#include "server/importing/import_query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradeassist::server {
namespace {

using testing::HasSubstr;

std::variant<ImportQuery, Problem> read(std::map<std::string, std::string> query) {
  Request request;
  request.query = std::move(query);
  return read_import_query(request);
}

/// The pointers of what is wrong.
std::vector<std::string> wrong(std::map<std::string, std::string> query) {
  const auto result = read(std::move(query));
  std::vector<std::string> pointers;
  if (const auto* problem = std::get_if<Problem>(&result)) {
    for (const ProblemField& each : problem->errors) pointers.push_back(each.pointer);
  }
  return pointers;
}

TEST(ImportQuery, says_what_the_command_says) {
  const auto result = read({{"symbol", "EURUSD"},
                            {"timeframe", "1h"},
                            {"timezone", "America/New_York"},
                            {"source", "broker"},
                            {"separator", "tab"},
                            {"decimal", "comma"},
                            {"bar_time", "end"},
                            {"strict", "true"},
                            {"columns", "time=Date"},
                            {"file_name", "eur.csv"},
                            {"mintick", "1e-05"},
                            {"asset_class", "forex"}});
  ASSERT_TRUE(std::holds_alternative<ImportQuery>(result));
  const auto& [request, name] = std::get<ImportQuery>(result);
  EXPECT_EQ(request.symbol, "EURUSD");
  EXPECT_EQ(request.source, "broker");
  EXPECT_EQ(market::to_string(request.csv.timeframe.value()), "1h");
  EXPECT_EQ(request.csv.time_zone, "America/New_York");
  EXPECT_EQ(request.csv.separator, '\t');
  EXPECT_EQ(request.csv.decimal_comma, true);
  EXPECT_EQ(request.csv.bar_time, feed::BarTime::kEnd);
  EXPECT_TRUE(request.limits.strict);
  EXPECT_EQ(request.instrument.tick_size, 1e-05);
  EXPECT_EQ(request.instrument.asset_class, "forex");
  EXPECT_FALSE(request.instrument.currency);
  EXPECT_EQ(name, "eur.csv");
}

TEST(ImportQuery, names_each_parameter_that_is_wrong) {
  EXPECT_THAT(wrong({}), testing::ElementsAre("symbol"));
  EXPECT_THAT(wrong({{"symbol", "A"}, {"timezone", "Mars/Olympus"}, {"decimal", "point"}, {"no_such", "1"}}),
              testing::UnorderedElementsAre("timezone", "decimal", "no_such"));
  EXPECT_THAT(wrong({{"symbol", "A"}, {"ticks", "true"}, {"timeframe", "1m"}}), testing::ElementsAre("ticks"));
  EXPECT_THAT(wrong({{"symbol", "A"}, {"asset_class", "horse"}, {"mintick", "nan"}}),
              testing::UnorderedElementsAre("asset_class", "mintick"));
  for (const char* name : {"../secret", "a\nb", "a/b.csv"})
    EXPECT_THAT(wrong({{"symbol", "A"}, {"file_name", name}}), testing::ElementsAre("file_name")) << name;
}

TEST(ImportQuery, messages_name_parameters) {
  EXPECT_EQ(with_parameters("set --columns or --time-format; --timezone has none"),
            "set columns or time_format; timezone has none");
}

}  // namespace
}  // namespace tradeassist::server
