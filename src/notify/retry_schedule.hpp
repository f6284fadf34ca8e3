#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::notify {

/// When a delivery is tried: `delays[n]` after try n has failed, the first after the event. The default is the one of
/// Standard Webhooks: 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; the last is three days after the
/// first.
struct RetrySchedule {
  std::vector<std::chrono::seconds> delays = {
      std::chrono::seconds(0), std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
      std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),  std::chrono::hours(14),
      std::chrono::hours(20),  std::chrono::hours(24)};

  /// How long after the end of try number `tries` (from 1) the next one is, with up to a tenth more that depends on the
  /// delivery and the try, so that what failed together does not come back together; nothing after the last.
  std::optional<std::chrono::milliseconds> delay_after(int tries, std::string_view delivery_id) const;
};

/// "0 5 300": 2 to 20 delays in seconds, the first 0, none above a week.
base::Result<RetrySchedule> parse_retry_schedule(std::string_view text);

}  // namespace tradeassist::notify
