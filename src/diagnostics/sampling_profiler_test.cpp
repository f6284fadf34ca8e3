#include "diagnostics/sampling_profiler.hpp"

#include <gtest/gtest.h>

#include <time.h>

#include <atomic>
#include <thread>

#include "diagnostics/symbols.hpp"

namespace tradeassist::diagnostics {

/// Not inlined and not exported by name elsewhere: what a profile has to find.
[[gnu::noinline]] double spin_for_the_profile(const std::atomic<bool>& stop) {
  double sum = 1;
  while (!stop) {
    for (int i = 0; i < 10'000; ++i) sum = sum * 1.0000001 + 0.5;
  }
  return sum;
}

namespace {

TEST(SamplingProfiler, the_function_that_runs_is_what_it_finds) {
  std::atomic<bool> stop = false;
  std::thread busy([&] { EXPECT_GT(spin_for_the_profile(stop), 0); });
  base::Result<Profile> profile = base::failure(base::ErrorCode::kInternal, "none");
  for (int i = 0; i < 20; ++i) {  // a busy machine may give the thread little
    profile = profile_process({.duration = std::chrono::milliseconds(500), .hertz = 200}, {});
    ASSERT_TRUE(profile) << profile.error().message;
    if (profile->samples >= 10) break;
  }
  stop = true;
  busy.join();
  std::int64_t hot = 0;
  for (const ProfiledStack& stack : profile->stacks) {
    if (stack.functions.back() == "tradeassist::diagnostics::spin_for_the_profile") hot += stack.samples;
  }
  EXPECT_GT(hot, profile->samples / 2) << collapsed_stacks(*profile);
  EXPECT_NE(collapsed_stacks(*profile).find(";tradeassist::diagnostics::spin_for_the_profile "), std::string::npos);
}

TEST(SamplingProfiler, once_a_second_is_enough_for_a_thread_that_runs_longer) {
  std::stop_source stop;
  std::thread busy([&] {
    timespec used{};
    while (used.tv_sec < 3) ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    stop.request_stop();
  });
  const auto profile = profile_process({.duration = std::chrono::minutes(5), .hertz = 1}, stop.get_token());
  busy.join();
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_GE(profile->samples, 1);
  EXPECT_LE(profile->samples, 3);
}

TEST(SamplingProfiler, one_at_a_time) {
  std::stop_source stop;
  std::atomic<bool> ended = false;
  std::thread first([&] {
    while (!stop.stop_requested()) {
      static_cast<void>(profile_process({.duration = std::chrono::seconds(60)}, stop.get_token()));
    }
    ended = true;
  });
  base::Result<Profile> second = Profile();
  while (second) second = profile_process({.duration = std::chrono::milliseconds(1)}, {});
  EXPECT_EQ(second.error().code, base::ErrorCode::kAlreadyExists);
  stop.request_stop();
  first.join();
  EXPECT_TRUE(ended);
}

TEST(Symbols, names_functions_of_the_program_and_of_libraries) {
  const Symbols symbols;
  EXPECT_EQ(symbols.name_of(reinterpret_cast<std::uintptr_t>(&spin_for_the_profile)),
            "tradeassist::diagnostics::spin_for_the_profile");
  EXPECT_EQ(symbols.name_of(reinterpret_cast<std::uintptr_t>(&std::terminate)), "std::terminate");
  EXPECT_EQ(symbols.name_of(8), "[unknown]");
}

}  // namespace
}  // namespace tradeassist::diagnostics
