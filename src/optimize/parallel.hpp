#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "base/result.hpp"

namespace tradeassist::optimize {

/// Calls `work` with each place below `count`, on so many threads (0: one a core). The first failure, by its place
/// among those that were begun, ends it; kCancelled when stopped.
base::Result<void> parallel_for(std::size_t count, int threads, const std::stop_token& stop,
                                const std::function<base::Result<void>(std::size_t)>& work);

/// What 0 threads means: one a core.
int thread_count(int threads);

}  // namespace tradeassist::optimize
