#include "optimize/parallel.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace tradeassist::optimize {

int thread_count(int threads) {
  constexpr int kThreadsMax = 256;
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return threads > 0 ? std::min(threads, kThreadsMax) : cores;
}

base::Result<void> parallel_for(std::size_t count, int threads, const std::stop_token& stop,
                                const std::function<base::Result<void>(std::size_t)>& work) {
  std::mutex mutex;  // guards the rest
  std::size_t next = 0;
  std::optional<std::pair<std::size_t, base::Error>> failure;
  const auto loop = [&] {
    std::unique_lock lock(mutex);
    while (next < count && !failure && !stop.stop_requested()) {
      const std::size_t place = next++;
      lock.unlock();
      const auto done = work(place);
      lock.lock();
      if (!done && (!failure || place < failure->first)) failure = {place, done.error()};
    }
  };
  {
    std::vector<std::jthread> others;
    const auto wanted = std::min(count, static_cast<std::size_t>(thread_count(threads)));
    for (std::size_t i = 1; i < wanted; ++i) others.emplace_back(loop);
    loop();
  }
  if (stop.stop_requested()) return base::failure(base::ErrorCode::kCancelled, "stopped before it was done");
  if (failure) return std::unexpected(failure->second);
  return {};
}

}  // namespace tradeassist::optimize
