#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::research {

/// How many tokens were used today (UTC), in a file that all processes of a data directory share and that outlives
/// them. Thread-safe, also between processes.
class TokenLedger {
 public:
  /// `per_day`: how many a day may have. The folder is made. kIo.
  static base::Result<TokenLedger> open(std::filesystem::path folder, std::int64_t per_day);

  /// Sets tokens aside before they are used, so that what runs at the same time, or dies meanwhile, cannot use more
  /// than a day may have. kResourceExhausted says how many are left and when there are new ones.
  base::Result<void> reserve(std::int64_t tokens, base::Time now) const;
  /// Those that were reserved were `used` in truth; the rest is given back. Nothing changes where they were another
  /// day's.
  base::Result<void> settle(std::int64_t reserved, base::Time reserved_at, std::int64_t used, base::Time now) const;
  base::Result<std::int64_t> used_today(base::Time now) const;

 private:
  TokenLedger(std::filesystem::path folder, std::int64_t per_day) : folder_(std::move(folder)), per_day_(per_day) {}

  std::filesystem::path folder_;
  std::int64_t per_day_;
};

}  // namespace tradeassist::research
