#include "optimize/validation/regimes.hpp"

#include <fmt/format.h>

#include <cmath>

#include "optimize/significance/sharpe_significance.hpp"

namespace tradeassist::optimize {
namespace {

double compounded_percent(std::span<const double> returns) {
  double growth = 1;
  for (const double each : returns) growth *= 1 + each;
  return 100 * (growth - 1);
}

std::string statement_of(std::span<const RegimeRow> rows) {
  std::string losing;
  for (const RegimeRow& row : rows) {
    if (row.regime != Regime::kUnknown && row.return_percent < 0)
      losing += fmt::format("{}{} ({:.1f} %)", losing.empty() ? "" : ", ", to_string(row.regime), row.return_percent);
  }
  return losing.empty() ? "It lost in none of the market regimes." : "It lost in these market regimes: " + losing + ".";
}

}  // namespace

std::string_view to_string(Regime regime) {
  switch (regime) {
    case Regime::kBull: return "bull";
    case Regime::kBear: return "bear";
    case Regime::kSideways: return "sideways";
    case Regime::kUnknown: break;
  }
  return "unknown";
}

std::vector<Regime> regimes_of(std::span<const double> closes) {
  std::vector<Regime> regimes(closes.size(), Regime::kUnknown);
  for (std::size_t day = kRegimeDays + 1; day < closes.size(); ++day) {
    const double before = closes[day - 1 - kRegimeDays], now = closes[day - 1];
    if (!(before > 0) || !std::isfinite(now)) continue;
    const double move = now / before - 1;
    regimes[day] = move >= kRegimeMove ? Regime::kBull : move <= -kRegimeMove ? Regime::kBear : Regime::kSideways;
  }
  return regimes;
}

Regimes by_regime(std::span<const Regime> regimes, std::span<const double> returns, std::span<const double> holding,
                  double days_per_year) {
  Regimes made;
  for (const Regime regime : {Regime::kBull, Regime::kBear, Regime::kSideways, Regime::kUnknown}) {
    std::vector<double> own, held;
    for (std::size_t day = 0; day < regimes.size(); ++day) {
      if (regimes[day] != regime) continue;
      own.push_back(returns[day]);
      held.push_back(holding[day]);
    }
    if (own.empty()) continue;
    RegimeRow row{regime, own.size(), compounded_percent(own), compounded_percent(held), moments_of(own).sharpe()};
    if (row.sharpe) *row.sharpe *= std::sqrt(days_per_year);
    made.rows.push_back(row);
  }
  made.statement = statement_of(made.rows);
  return made;
}

}  // namespace tradeassist::optimize
