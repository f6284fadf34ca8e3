#include "optimize/validation/random_periods.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "optimize/random.hpp"
#include "optimize/significance/bootstrap.hpp"

namespace tradeassist::optimize {
namespace {

/// growth[i]: what 1 is worth after the first i days. A return of -1 would end all that follows; what is left then
/// counts as the least that a double can divide by.
std::vector<double> growth_of(std::span<const double> returns) {
  constexpr double kNothingLeft = 1e-12;
  std::vector<double> growth{1};
  growth.reserve(returns.size() + 1);
  for (const double each : returns) growth.push_back(std::max(kNothingLeft, growth.back() * (1 + each)));
  return growth;
}

Spread spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  return {values.front(), sorted_quantile(values, 0.05), sorted_quantile(values, 0.5), sorted_quantile(values, 0.95),
          values.back()};
}

}  // namespace

std::optional<RandomPeriods> random_periods(std::span<const double> returns, std::span<const double> holding,
                                            std::size_t count, std::uint64_t seed) {
  if (count == 0 || returns.size() < kRandomPeriodDaysMin) return std::nullopt;
  RandomPeriods made;
  made.count = count;
  made.shortest_days = returns.size() / 20;
  made.longest_days = returns.size() / 2;
  const std::vector<double> growth = growth_of(returns), held = growth_of(holding);
  std::vector<double> own_percent, held_percent;
  std::size_t profitable = 0, better = 0;
  Random random(seed, 0x7065'7269'6f64ull);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t days = made.shortest_days + random.below(made.longest_days - made.shortest_days + 1);
    const std::size_t first = random.below(returns.size() - days + 1);
    const auto percent = [&](const std::vector<double>& of) { return 100 * (of[first + days] / of[first] - 1); };
    own_percent.push_back(percent(growth));
    if (own_percent.back() > 0) ++profitable;
    if (holding.empty()) continue;
    held_percent.push_back(percent(held));
    if (own_percent.back() > held_percent.back()) ++better;
  }
  const auto share = [&](std::size_t of) { return static_cast<double>(of) / static_cast<double>(count); };
  made.return_percent = spread_of(own_percent);
  made.share_profitable = share(profitable);
  made.statement = fmt::format("Of {} random periods of {} to {} trading days, {:.0f} % made money", count,
                               made.shortest_days, made.longest_days, 100 * made.share_profitable);
  if (!holding.empty()) {
    made.holding_return_percent = spread_of(held_percent);
    made.share_better_than_holding = share(better);
    made.statement += fmt::format(" and {:.0f} % made more than holding", 100 * *made.share_better_than_holding);
  }
  made.statement += fmt::format("; the middle one made {:.1f} %, the worst {:.1f} %.", made.return_percent.median,
                                made.return_percent.worst);
  return made;
}

}  // namespace tradeassist::optimize
