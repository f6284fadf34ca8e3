#include "optimize/search_space.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "optimize/testing/cross.hpp"

namespace tradeassist::optimize {
namespace {

SearchSpace space_of(const std::vector<std::string>& parameters, const std::vector<std::string>& constraints = {}) {
  std::vector<ParameterRequest> wanted;
  for (const auto& text : parameters) wanted.push_back(parse_parameter(text).value());
  std::vector<ConstraintRequest> compared;
  for (const auto& text : constraints) compared.push_back(parse_constraint(text).value());
  auto made = make_search_space(*cross(), wanted, compared);
  EXPECT_TRUE(made) << made.error().message;
  return made ? *made : SearchSpace{};
}

TEST(SearchSpace, ranges_come_from_the_inputs_or_from_what_is_asked) {
  const auto program = cross();
  const auto own = make_search_space(*program, {});
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->parameters.size(), 3u);
  EXPECT_EQ(own->combinations(), 6u * 14 * 21);
  const auto asked =
      make_search_space(*program, {parse_parameter("fast=2:10:4").value(), parse_parameter("mode=long,both").value(),
                                   parse_parameter("Scale=0.5:1.5:0.1").value()});
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_EQ(asked->combinations(), 3u * 2 * 11);
  EXPECT_EQ(std::get<double>(asked->parameters[2].value(asked->parameters[2].entry(7))), 1.2);
  EXPECT_EQ(std::get<std::string>(asked->parameters[1].value(0)), "long");
}

TEST(SearchSpace, impossible_parameters_are_refused_by_name) {
  const auto program = cross();
  const auto refuse = [&](const char* text, const char* expected) {
    const auto parsed = parse_parameter(text);
    const auto space = parsed ? make_search_space(*program, {*parsed}) : std::unexpected(parsed.error());
    ASSERT_FALSE(space) << text;
    EXPECT_NE(space.error().message.find(expected), std::string::npos) << space.error().message;
  };
  refuse("nothing", "is not NAME=");
  refuse("unknown=1:2:1", "has no such input");
  refuse("fast=10:2:1", "write the smaller first");
  refuse("fast=2:10:0", "step must be above 0");
  refuse("fast=2:10:1.5", "must be whole numbers");
  refuse("fast=1:10:1", "below the input's minval");
  refuse("fast=2:100:1", "above the input's maxval");
  refuse("fast=2:x:1", "a range is three numbers");
  refuse("mode=up", "is not one of both, long");
  refuse("fast=2,2", "listed twice");
  refuse("scale=0.5:1.5:1e-12", "are more than");
  refuse("fast=2:10:*", "is an int");
  refuse("scale=0:1:log", "below the input's minval");
  refuse("free=-1:1:log", "starts above 0");
  refuse("scale=0.5:1.5:lin", "* or log may stand for the step");
  refuse("fast=2:10:1 if mode=long", "which does not vary");
  refuse("fast=2:10:1 if mode", "after `if` write OTHER=a,b");
  refuse("fast=2:10:1 if fast=2", "depends on itself");
  refuse("fast=2:10:2 if fast=3", "which is never tried");
}

TEST(SearchSpace, a_range_without_steps_takes_every_number_of_it) {
  const SearchSpace space = space_of({"free=-2:6:*"});
  EXPECT_FALSE(space.combinations());
  const Parameter& free = space.parameters[0];
  EXPECT_EQ(free.from_unit(0), -2);
  EXPECT_EQ(free.from_unit(1), 6);
  EXPECT_EQ(free.from_unit(0.25), 0);
  for (const double u : {0.0, 0.1, 0.77, 1.0}) EXPECT_NEAR(free.to_unit(free.from_unit(u)), u, 1e-15);
}

TEST(SearchSpace, a_logarithmic_range_gives_equal_ratios_equal_shares) {
  const SearchSpace space = space_of({"free=0.01:100:log", "plain=2:12:log"});
  const Parameter& free = space.parameters[0];
  EXPECT_NEAR(free.from_unit(0.25), 0.1, 1e-12);
  EXPECT_NEAR(free.from_unit(0.5), 1, 1e-12);
  EXPECT_NEAR(free.to_unit(10), 0.75, 1e-12);
  // Whole numbers keep theirs: n has the share log((n + 1) / n) of log(13 / 2).
  const Parameter& plain = space.parameters[1];
  EXPECT_EQ(plain.count, 11u);
  std::vector<int> drawn(13);
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) ++drawn[static_cast<std::size_t>(plain.from_unit((i + 0.5) / kDraws))];
  for (std::size_t n = 2; n <= 12; ++n) {
    const double share = std::log((static_cast<double>(n) + 1) / static_cast<double>(n)) / std::log(6.5);
    EXPECT_NEAR(drawn[n], share * kDraws, 2) << n;
  }
}

TEST(SearchSpace, every_value_is_where_its_share_of_the_unit_interval_is) {
  const SearchSpace space = space_of({"plain=2:12:log", "slow=14:40:3", "scale=0.5:1.5:0.1", "mode=long,both"});
  for (const Parameter& parameter : space.parameters) {
    for (std::uint64_t i = 0; i < parameter.count; ++i) {
      const double entry = parameter.entry(i);
      EXPECT_EQ(parameter.index(entry), i) << parameter.name;
      EXPECT_EQ(parameter.from_unit(parameter.to_unit(entry)), entry) << parameter.name;
    }
    EXPECT_EQ(parameter.from_unit(-1), parameter.entry(0));
    EXPECT_EQ(parameter.from_unit(2), parameter.entry(parameter.count - 1));
  }
  for (std::uint64_t i = 0; i < *space.combinations(); ++i) EXPECT_EQ(space.combination(space.point(i)), i);
}

TEST(SearchSpace, a_parameter_that_is_not_active_keeps_its_input_s_value) {
  const SearchSpace space = space_of({"slow=14:18:2 if fast=2,4", "fast=2:6:2 if mode=long", "mode=long,both"});
  const auto base = backtest::bind_inputs(*cross(), {{"slow", std::string("33")}}).value();
  const auto values = [&](Point point) {
    space.settle(point);
    const auto inputs = space.inputs(point, base);
    return std::pair(std::get<double>(inputs[0]), std::get<double>(inputs[1]));
  };
  EXPECT_EQ(values({14, 2, 0}), std::pair(2.0, 14.0));
  EXPECT_EQ(values({14, 6, 0}), std::pair(6.0, 33.0));
  EXPECT_EQ(values({14, 2, 1}), std::pair(5.0, 33.0));  // fast is not active, so slow is not either
  // Of the combinations that differ only in what is not active, the first stands for all.
  EXPECT_EQ(space.combination(space.point(3 * 3 * 2 - 1)), 1u);
}

TEST(SearchSpace, values_that_are_known_become_the_nearest_point) {
  const SearchSpace space = space_of({"fast=2:12:2", "scale=0.5:1.5:*", "mode=long,both", "slow=14:40:2 if mode=long"});
  const auto base = backtest::bind_inputs(*cross(), {}).value();
  const auto point = [&](const std::map<std::string, backtest::InputValue>& values) {
    const auto made = space.point_of(values, base);
    EXPECT_TRUE(made) << made.error().message;
    return made.value_or(Point{});
  };
  EXPECT_EQ(point({{"fast", 5.2}, {"scale", 9.0}, {"mode", std::string("long")}, {"slow", 21.0}, {"other", 1.0}}),
            (Point{6, 1.5, 0, 22}));
  EXPECT_TRUE(std::isnan(point({{"fast", 2.0}, {"mode", std::string("both")}, {"slow", 21.0}})[3]));
  EXPECT_FALSE(space.point_of({{"mode", std::string("short")}}, base));
  EXPECT_FALSE(space.point_of({{"fast", std::string("two")}}, base));
  EXPECT_FALSE(space.point_of({{"fast", std::nan("")}}, base));
}

TEST(Constraint, points_that_break_one_are_not_allowed) {
  const SearchSpace space = space_of({"fast=2:12:2", "slow=14:40:2 if mode=long", "mode=long,both"},
                                     {"fast < 8", "slow>=20", " fast <= free "});
  EXPECT_FALSE(space.allows({2, 20, 0}));  // free does not vary and is 1
  const SearchSpace other =
      space_of({"fast=2:12:2", "scale=0.5:1.5:0.5 if mode=long", "mode=long,both"}, {"1 <= scale", "scale<fast"});
  EXPECT_TRUE(other.allows({4, 1, 0}));
  EXPECT_FALSE(other.allows({4, 0.5, 0}));
  EXPECT_TRUE(other.allows({4, std::nan(""), 1}));  // scale is not in use there
}

TEST(Constraint, what_is_no_comparison_is_refused) {
  const auto refuse = [&](const char* text, const char* expected) {
    const auto parsed = parse_constraint(text);
    const auto space = parsed ? make_search_space(*cross(), {parse_parameter("fast=2:12:2").value()}, {*parsed})
                              : std::unexpected(parsed.error());
    ASSERT_FALSE(space) << text;
    EXPECT_NE(space.error().message.find(expected), std::string::npos) << space.error().message;
  };
  refuse("fast", "by <, <=, > or >=");
  refuse("fast = slow", "by <, <=, > or >=");
  refuse("fast < slow < 7", "more than one comparison");
  refuse("fast <", "one side of the comparison is missing");
  refuse("fast < nothing", "has no such input");
  refuse("fast < mode", "is not a number");
  refuse("slow < 7", "neither side is a parameter that varies");
}

}  // namespace
}  // namespace tradeassist::optimize
