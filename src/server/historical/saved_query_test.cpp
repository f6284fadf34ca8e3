#include "server/historical/saved_query.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace tradeassist::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

const base::Time kNow = base::parse_time("2024-03-08T10:07:00Z").value();

SavedQueryBody body(std::string_view text) {
  std::vector<base::FieldError> errors;
  auto read = base::from_json<SavedQueryBody>(base::parse_json(text).value(), errors);
  for (const base::FieldError& error : errors) ADD_FAILURE() << error.pointer << " " << error.message;
  return read.value_or(SavedQueryBody{});
}

std::vector<std::string> problems(const SavedQueryBody& query) {
  std::vector<base::FieldError> errors;
  check_saved_query(query, errors);
  fetch_of(query, errors);
  std::vector<std::string> lines;
  for (const base::FieldError& error : errors) lines.push_back(error.pointer + " " + error.message);
  return lines;
}

const std::string kRequest = R"("request":{"symbols":["SPY"],"frequency":"1d","last":5})";

TEST(SavedQuery, keeps_what_was_said_and_gives_it_back) {
  const SavedQueryBody said = body(R"({"name":"Closes","description":"of the week","favourite":true,"tags":["a","b"],)"
                                   R"("schedule":{"every_minutes":15},)" +
                                   kRequest + "}");
  ASSERT_THAT(problems(said), IsEmpty());
  store::SavedQuery kept;
  static_cast<store::SavedQueryFields&>(kept) = fields_of(said, kNow);
  EXPECT_EQ(base::format_time(*kept.next_run_at), "2024-03-08T10:15:00Z");
  EXPECT_EQ(base::json_text(base::to_json(body_of(kept).value())), base::json_text(base::to_json(said)));
  const auto fetch = fetch_of(kept);
  ASSERT_TRUE(fetch) << fetch.error().message;
  EXPECT_THAT(fetch->symbols, ElementsAre("SPY"));
  EXPECT_EQ(fetch->last, 5);
}

TEST(SavedQuery, goes_on_with_its_next_run_while_the_schedule_is_the_same) {
  store::SavedQuery before;
  SavedQueryBody said = body(R"({"name":"Closes","schedule":{"every_minutes":15},)" + kRequest + "}");
  static_cast<store::SavedQueryFields&>(before) = fields_of(said, kNow - std::chrono::hours(1));
  said.name = "Other";
  EXPECT_EQ(fields_of(said, kNow, &before).next_run_at, before.next_run_at);
  said.schedule->every_minutes = 30;
  EXPECT_EQ(base::format_time(*fields_of(said, kNow, &before).next_run_at), "2024-03-08T10:30:00Z");
  said.schedule.reset();
  EXPECT_EQ(fields_of(said, kNow, &before).next_run_at, std::nullopt);
}

TEST(SavedQuery, that_makes_no_sense_is_refused_field_by_field) {
  EXPECT_THAT(problems(body(R"({"name":"","tags":["a","b","a",""],"schedule":{"every_minutes":0},)"
                            R"("request":{"symbols":[],"frequency":"1d","last":5}})")),
              ElementsAre("/name must have 1 to 100 bytes", "/tags/2 is there twice", "/tags/3 must have 1 to 40 bytes",
                          "/schedule/every_minutes must be 1 to 10080", StartsWith("/request/symbols ")));
  EXPECT_THAT(problems(body(R"({"name":"a\nb","request":{"symbols":["SPY"],"frequency":"1d","colour":1}})")),
              ElementsAre("/name must not have control characters", "/request/colour is not a known field"));
  EXPECT_THAT(problems(body(R"({"name":" a","request":7})")),
              ElementsAre("/name must not begin or end with a space", StartsWith("/request must be an object")));
  SavedQueryBody large = body(R"({"name":"a",)" + kRequest + "}");
  large.description = std::string(2'001, 'x');
  large.tags = std::vector<std::string>(21, "");
  for (std::size_t i = 0; i < 21; ++i) (*large.tags)[i] = "tag " + std::to_string(i);
  EXPECT_THAT(problems(large), ElementsAre("/description must have at most 2000 bytes", "/tags must be at most 20"));
}

TEST(SavedQuery, of_a_program_with_other_fields_says_what_to_do) {
  store::SavedQuery kept;
  kept.name = "Closes";
  kept.request = R"({"symbols":["SPY"],"frequency":"1d","last":5,"colour":1})";
  const auto fetch = fetch_of(kept);
  ASSERT_FALSE(fetch);
  EXPECT_EQ(fetch.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_THAT(fetch.error().message, testing::AllOf(testing::HasSubstr("'Closes'"), testing::HasSubstr("/colour"),
                                                    testing::HasSubstr("save it again")));
}

}  // namespace
}  // namespace tradeassist::server
