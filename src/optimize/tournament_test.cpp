#include "optimize/tournament.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "optimize/testing/requests.hpp"

namespace tradeassist::optimize {
namespace {

/// Searches of the same script that differ in their seed, and so in what they try.
TournamentRequest three_seeds() {
  TournamentRequest request;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SearchRequest search = cross_request();
    search.series = random_days(600);
    search.sampler = "random";
    search.seed = seed;
    search.validation.random_periods = 0;
    request.entrants.push_back({"Cross" + std::to_string(seed), std::move(search), {}});
  }
  request.stages = {{5, 2}, {12, 1}, {20, 0}};
  return request;
}

TEST(Tournament, stages_are_read_as_trials_and_how_many_go_on) {
  const auto stages = parse_stages("50/20, 200/5,500");
  ASSERT_TRUE(stages) << stages.error().message;
  ASSERT_EQ(stages->size(), 3u);
  EXPECT_EQ((*stages)[0].trials, 50u);
  EXPECT_EQ((*stages)[0].keep, 20u);
  EXPECT_EQ((*stages)[2].trials, 500u);
  EXPECT_EQ(parse_stages("100")->size(), 1u);
  for (const char* text : {"", "50/20", "50,500", "50/20,", "a/b,5", "50/20,500/3", "1.5/2,5", "5/2/3,7"})
    EXPECT_NE(parse_stages(text).error().message.find("50/20,200/5,500"), std::string::npos) << text;
  EXPECT_NE(parse_stages("50/20,50").error().message.find("more trials"), std::string::npos);
  EXPECT_NE(parse_stages("0").error().message.find("more trials"), std::string::npos);
  EXPECT_NE(parse_stages("5/2,7/3,9").error().message.find("no more than before"), std::string::npos);
  EXPECT_NE(parse_stages("5/0,7").error().message.find("at least one"), std::string::npos);
  EXPECT_NE(parse_stages("1/9,2/8,3/7,4/6,5/5,6/4,7/3,8/2,9").error().message.find("8 stages"), std::string::npos);
}

TEST(Tournament, the_best_of_each_stage_go_on_and_the_last_is_a_search) {
  const TournamentRequest request = three_seeds();
  EXPECT_EQ(trial_count(request), 3 * 5 + 2 * 7 + 1 * 8u);
  std::uint64_t evaluated = 0;
  const auto made = tournament(request, {}, {}, [&](const std::vector<Trial>& trials) { evaluated += trials.size(); });
  ASSERT_TRUE(made) << made.error().message;
  // Trials of earlier stages are not made again.
  EXPECT_EQ(evaluated, trial_count(request));
  ASSERT_EQ(made->places.size(), 3u);
  EXPECT_EQ(made->places[0].stages, 3u);
  EXPECT_EQ(made->places[1].stages, 2u);
  EXPECT_EQ(made->places[2].stages, 1u);
  EXPECT_EQ(made->trials, 20 + 12 + 5u);
  EXPECT_FALSE(made->places[1].result);

  const Place& winner = made->places[0];
  ASSERT_TRUE(winner.result);
  SearchRequest alone = *request.entrants[winner.entrant].request;
  alone.trials = 20;
  const auto found = search(alone, {}, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->best_inputs, winner.result->best_inputs);
  EXPECT_EQ(found->equity, winner.result->equity);
  // What is best of more trials is worth less.
  EXPECT_EQ(winner.result->validation->assessment.trials, made->trials);
  EXPECT_LT(*winner.result->validation->assessment.deflated_sharpe, *found->validation->assessment.deflated_sharpe);
}

TEST(Tournament, points_that_a_stage_tries_anew_count_as_trials) {
  TournamentRequest request = three_seeds();
  // Spread evenly over five and over twelve trials, a grid tries other points.
  for (Entrant& entrant : request.entrants) entrant.request->sampler = "grid";
  request.stages = {{5, 1}, {12, 0}};
  std::uint64_t evaluated = 0;
  const auto made = tournament(request, {}, {}, [&](const std::vector<Trial>& trials) { evaluated += trials.size(); });
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->trials, evaluated);
  EXPECT_GT(made->trials, 12 + 5 + 5u);
  EXPECT_EQ(made->places[0].result->trials.size(), 12u);
  EXPECT_EQ(made->places[0].result->validation->assessment.trials, made->trials);
}

TEST(Tournament, the_result_is_the_same_with_any_number_of_threads_and_after_a_resume) {
  TournamentRequest request = three_seeds();
  std::vector<Trial> kept;
  const auto one = tournament(
      request, {}, {}, [&](const std::vector<Trial>& some) { kept.insert(kept.end(), some.begin(), some.end()); });
  ASSERT_TRUE(one);
  request.completed = kept;
  for (Entrant& entrant : request.entrants) entrant.request->threads = 3;
  SearchProgress last;
  std::uint64_t evaluated = 0;
  const auto again = tournament(
      request, [&](const SearchProgress& progress) { last = progress; }, {},
      [&](const std::vector<Trial>& some) { evaluated += some.size(); });
  ASSERT_TRUE(again);
  EXPECT_EQ(evaluated, 0u);
  EXPECT_EQ(last.trials_done, last.trials_total);
  for (std::size_t i = 0; i < one->places.size(); ++i) {
    EXPECT_EQ(again->places[i].entrant, one->places[i].entrant);
    EXPECT_EQ(again->places[i].best->objective, one->places[i].best->objective);
  }
  EXPECT_EQ(again->places[0].result->validation->assessment.verdict,
            one->places[0].result->validation->assessment.verdict);
}

TEST(Tournament, entrants_that_cannot_be_searched_or_never_trade_are_last_and_say_why) {
  TournamentRequest request = three_seeds();
  request.entrants[0].request.reset();
  request.entrants[0].failure = "it has no input with a range";
  auto still = std::make_shared<market::Series>(*random_days(600));
  for (std::size_t i = 0; i < still->size(); ++i)
    still->open[i] = still->high[i] = still->low[i] = still->close[i] = 100;
  request.entrants[1].request->series = still;
  const auto made = tournament(request, {}, {});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->places[0].entrant, 2u);
  EXPECT_TRUE(made->places[0].result);
  EXPECT_EQ(made->places[1].entrant, 1u);
  EXPECT_NE(made->places[1].failure.find("has a value of net_profit"), std::string::npos) << made->places[1].failure;
  EXPECT_EQ(made->places[2].entrant, 0u);
  EXPECT_EQ(made->places[2].failure, "it has no input with a range");
}

TEST(Tournament, impossible_requests_are_refused_and_a_stop_is_heeded) {
  TournamentRequest request = three_seeds();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(tournament(request, {}, stop.get_token()).error().code, base::ErrorCode::kCancelled);
  request.stages.clear();
  EXPECT_EQ(tournament(request, {}, {}).error().code, base::ErrorCode::kInvalidArgument);
  request = three_seeds();
  request.entrants.clear();
  EXPECT_NE(tournament(request, {}, {}).error().message.find("entrants"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::optimize
