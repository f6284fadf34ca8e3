#include "base/trace_context.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

constexpr const char* kExample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";  // of the standard

TEST(TraceContext, reads_the_example_of_the_standard) {
  const auto context = parse_traceparent(kExample);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->parent_id, "00f067aa0ba902b7");
  EXPECT_EQ(context->flags, 1u);
}

TEST(TraceContext, what_is_not_valid_is_ignored) {
  const std::string good = kExample;
  EXPECT_FALSE(parse_traceparent(""));
  EXPECT_FALSE(parse_traceparent(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(parse_traceparent(good + "-more")) << "version 00 ends after the flags";
  EXPECT_FALSE(parse_traceparent("ff" + good.substr(2)));
  EXPECT_FALSE(parse_traceparent("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")) << "upper case";
  EXPECT_FALSE(parse_traceparent("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
  EXPECT_FALSE(parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
  EXPECT_FALSE(parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01"));
  EXPECT_FALSE(parse_traceparent("cc" + good.substr(2) + "x"));
  EXPECT_FALSE(parse_traceparent("cc" + good.substr(2) + "-" + std::string(600, 'x')));
}

TEST(TraceContext, a_later_version_is_read_as_far_as_it_is_known) {
  EXPECT_TRUE(parse_traceparent("cc" + std::string(kExample).substr(2)));
  EXPECT_TRUE(parse_traceparent("cc" + std::string(kExample).substr(2) + "-what-the-future-holds"));
}

TEST(TraceContext, a_child_has_the_trace_and_a_parent_of_its_own) {
  const auto context = parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff");
  ASSERT_TRUE(context);
  const auto child = parse_traceparent(child_traceparent(*context));
  ASSERT_TRUE(child);
  EXPECT_EQ(child->trace_id, context->trace_id);
  EXPECT_NE(child->parent_id, context->parent_id);
  EXPECT_EQ(child->flags, 1u);
}

}  // namespace
}  // namespace tradeassist::base
