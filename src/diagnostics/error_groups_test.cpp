#include "diagnostics/error_groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hidden_text.hpp"

namespace tradeassist::diagnostics {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

ErrorEvent event(std::string_view message, std::string_view reason, std::int64_t at,
                 const base::LogContext& context = {}) {
  const std::vector<base::LogField> fields{{"reason", std::string(reason)}};
  return make_error_event(message, fields, context, base::time_from_nanoseconds(at));
}

TEST(ErrorGroups, errors_of_one_message_and_place_are_one_group_whatever_varies) {
  ErrorGroups groups;
  base::LogContext route;
  route.route = "/api/v1/bars";
  groups.add(event("request failed", "one", 5, route));
  groups.add(event("request failed", "two", 7, route));
  groups.add(event("request failed", "three", 6));
  const auto taken = groups.take();
  ASSERT_THAT(taken, SizeIs(2));
  EXPECT_EQ(taken[0].count, 2);
  EXPECT_EQ(taken[0].first_at, base::time_from_nanoseconds(5));
  EXPECT_EQ(taken[0].last.at, base::time_from_nanoseconds(7));
  EXPECT_THAT(taken[0].last.fields, ElementsAre(Pair("reason", "two")));
  EXPECT_EQ(taken[0].last.place, "/api/v1/bars");
  EXPECT_EQ(taken[1].last.place, "");
  EXPECT_THAT(groups.take(), SizeIs(0));
}

TEST(ErrorGroups, what_was_put_back_is_counted_on) {
  ErrorGroups groups;
  groups.add(event("a", "one", 5));
  auto taken = groups.take();
  groups.add(event("a", "two", 9));
  groups.put_back(std::move(taken));
  const auto again = groups.take();
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].count, 2);
  EXPECT_EQ(again[0].first_at, base::time_from_nanoseconds(5));
  EXPECT_EQ(again[0].last.fields[0].second, "two");
}

TEST(ErrorGroups, groups_that_wait_are_bounded_and_the_rest_is_counted) {
  ErrorGroups groups;
  for (std::size_t i = 0; i < ErrorGroups::kGroupsMax + 3; ++i) groups.add(event("e" + std::to_string(i), "", 1));
  groups.add(event("e0", "", 2));
  EXPECT_EQ(groups.lost(), 3);
  const auto taken = groups.take();
  EXPECT_THAT(taken, SizeIs(ErrorGroups::kGroupsMax));
  EXPECT_EQ(taken[0].count, 2);
}

TEST(ErrorGroups, samples_are_bounded_and_have_no_secrets) {
  base::hide_text("open-sesame");
  std::vector<base::LogField> fields{{"reason", "it said open-sesame"}, {"smtp_password", "x"}, {"where", "job x"}};
  for (int i = 0; i < 30; ++i) fields.emplace_back("field", "first of a name");
  fields.emplace_back("long", std::string(499, 'a') + "\u00e9\u00e9\n");
  base::LogContext context;
  context.request_id = "r1";
  context.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const ErrorEvent made = make_error_event("m", fields, context, base::Time());
  EXPECT_THAT(made.fields,
              ElementsAre(Pair("reason", "it said ***"), Pair("smtp_password", "***"), Pair("field", "first of a name"),
                          Pair("long", std::string(499, 'a')), Pair("request_id", "r1")));
  EXPECT_EQ(made.place, "job x");
  EXPECT_EQ(made.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
}

}  // namespace
}  // namespace tradeassist::diagnostics
