#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::diagnostics {

struct ProfileOptions {
  std::chrono::milliseconds duration{5'000};
  int hertz = 99;  // from 1; of the processor time of each thread
};

/// A stack that was met, from the outermost function to the one that ran.
struct ProfiledStack {
  std::vector<std::string> functions;
  std::int64_t samples = 0;
};

struct Profile {
  std::vector<ProfiledStack> stacks;  // the one that was met most first
  std::int64_t samples = 0;
  std::int64_t dropped = 0;  // beyond kSamplesMax
  std::size_t threads = 0;   // that were looked at
  std::chrono::milliseconds duration{0};
};

/// Looks at the threads of this process while they use the processor: each has a timer of its own processor time, whose
/// signal (SIGPROF) notes the stack. Blocks for the duration; one at a time in a process: kAlreadyExists for a second.
/// Ends early when stopped. Nothing is left behind but the handler of the signal, so a profile that does not run costs
/// nothing.
base::Result<Profile> profile_process(const ProfileOptions& options, const std::stop_token& stop);

/// "outer;inner;innermost 12" a line, as flame graphs are made from.
std::string collapsed_stacks(const Profile& profile);

}  // namespace tradeassist::diagnostics
