#include "market/futures/daily_activity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace tradeassist::market {

std::vector<DailyActivity> daily_activity(std::span<const FuturesContract> contracts, const TradeDays& days,
                                          Activity activity) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  std::vector<DailyActivity> result;
  for (std::uint32_t contract = 0; contract < contracts.size(); ++contract) {
    const Series& bars = *contracts[contract].bars;
    const bool volume = activity == Activity::kVolume;
    const std::vector<double>& values = volume ? bars.volume : bars.open_interest;
    const std::vector<std::int64_t> day = days.days_of(bars.time);
    for (std::size_t row = 0; row < day.size(); ++row) {
      if (row == 0 || day[row] != day[row - 1]) result.push_back({day[row], contract, kUnknown});
      const double value = values.empty() ? kUnknown : values[row];
      if (std::isnan(value)) continue;
      double& so_far = result.back().value;
      so_far = volume && !std::isnan(so_far) ? so_far + value : value;
    }
  }
  std::ranges::sort(result, {}, [](const DailyActivity& a) { return std::tuple(a.day, a.contract); });
  return result;
}

}  // namespace tradeassist::market
