#include "notify/event.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <set>

#include "base/json.hpp"
#include "notify/events.hpp"

namespace tradeassist::notify {
namespace {

TEST(EventTypes, are_named_once_with_an_example_that_is_an_object) {
  std::set<std::string_view> names;
  for (const EventType& each : event_types()) {
    EXPECT_TRUE(names.insert(each.type).second) << each.type;
    EXPECT_NE(each.type.find('.'), std::string_view::npos) << each.type;
    const auto example = base::parse_json(each.example);
    ASSERT_TRUE(example) << each.type << ": " << example.error().message;
    EXPECT_TRUE(example->is_object()) << each.type;
  }
}

/// What is sent of an alert that has the values of an example.
std::string sent_of(AlertState state, const boost::json::object& example) {
  const auto text = [&](const char* name) { return std::string(example.at(name).as_string()); };
  const boost::json::object& details = example.at("details").as_object();
  return base::json_text(event_of({.alert_id = text("alert_id"),
                                   .alert_type = text("alert_type"),
                                   .severity = parse_severity(text("severity")).value(),
                                   .state = state,
                                   .source = text("source"),
                                   .message = text("message"),
                                   .value = details.at("value").to_number<double>(),
                                   .actor = std::string(details.at("actor").as_string())})
                             .data);
}

TEST(EventTypes, of_alerts_have_examples_of_what_is_sent) {
  const std::pair<const char*, AlertState> states[] = {{"alert.raised", AlertState::kRaised},
                                                       {"alert.acknowledged", AlertState::kAcknowledged},
                                                       {"alert.muted", AlertState::kMuted},
                                                       {"alert.resolved", AlertState::kResolved}};
  for (const auto& [type, state] : states) {
    const std::string_view example = find_event_type(type)->example;
    AlertNotice notice;
    notice.state = state;
    EXPECT_EQ(sent_of(state, base::parse_json(example)->as_object()), example);
    EXPECT_EQ(event_of(notice).type, type);
  }
}

TEST(EventFilter, takes_names_groups_and_all) {
  const auto patterns = parse_patterns("job.failed, alert.*").value();
  EXPECT_TRUE(matches(patterns, "job.failed"));
  EXPECT_FALSE(matches(patterns, "job.completed"));
  EXPECT_TRUE(matches(patterns, "alert.raised"));
  EXPECT_FALSE(matches(patterns, "alertness.raised"));
  EXPECT_TRUE(matches(parse_patterns("*").value(), "anything"));
  EXPECT_EQ(check_patterns({"job.*", "job.*"}).value(), std::vector<std::string>{"job.*"});
}

TEST(EventFilter, refuses_what_no_event_fits) {
  for (const char* bad : {"", "job", "jobs.*", "job.finished", ".*", "*.*", "job.*.x", "webhook.test", "job.\r\nx"}) {
    const auto refused = parse_patterns(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, base::ErrorCode::kInvalidArgument);
  }
  EXPECT_FALSE(check_patterns(std::vector<std::string>(51, "job.*")));
}

TEST(EventBody, has_the_three_members_of_standard_webhooks) {
  Event event;
  event.type = "job.failed";
  event.at = base::Time(std::chrono::seconds(1'577'975'400));
  event.data = {{"job_id", "a"}};
  EXPECT_EQ(body_of(event), R"({"type":"job.failed","timestamp":"2020-01-02T14:30:00Z","data":{"job_id":"a"}})");
}

}  // namespace
}  // namespace tradeassist::notify
