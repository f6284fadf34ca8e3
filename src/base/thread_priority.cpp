#include "base/thread_priority.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace tradeassist::base {

void give_way(int steps) noexcept {
  constexpr int kLast = 19;
  errno = 0;
  const int now = ::getpriority(PRIO_PROCESS, 0);
  if (errno != 0) return;
  ::setpriority(PRIO_PROCESS, 0, std::min(kLast, now + std::max(0, steps)));
}

}  // namespace tradeassist::base
