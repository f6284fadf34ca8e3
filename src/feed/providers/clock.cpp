#include "feed/providers/clock.hpp"

#include "base/pause.hpp"

namespace tradeassist::feed {

base::Time SystemClock::now() { return base::now(); }

base::Nanoseconds SystemClock::elapsed() { return std::chrono::steady_clock::now().time_since_epoch(); }

bool SystemClock::sleep(base::Nanoseconds duration, const std::stop_token& stop) { return base::pause(stop, duration); }

}  // namespace tradeassist::feed
