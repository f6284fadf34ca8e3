#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tradeassist::optimize {

/// What the market did before a day: known when the day begins.
enum class Regime : std::uint8_t { kUnknown, kBull, kBear, kSideways };
std::string_view to_string(Regime regime);

/// A day is of a bull market when the instrument closed the day before at least kRegimeMove above where it had closed
/// kRegimeDays trading days earlier, of a bear market when it closed at least as much below, else of a sideways one.
constexpr std::size_t kRegimeDays = 63;
constexpr double kRegimeMove = 0.05;

/// The regime of each day from the closes at the days' ends.
std::vector<Regime> regimes_of(std::span<const double> closes);

/// How a strategy did in the days of one regime. Returns compound over these days only.
struct RegimeRow {
  Regime regime = Regime::kUnknown;
  std::size_t days = 0;
  double return_percent = 0, holding_return_percent = 0;
  std::optional<double> sharpe;  // annual
};

struct Regimes {
  std::vector<RegimeRow> rows;  // of the regimes that occur
  std::string statement;
};

/// `returns` and `holding` are of the same days as `regimes`.
Regimes by_regime(std::span<const Regime> regimes, std::span<const double> returns, std::span<const double> holding,
                  double days_per_year);

}  // namespace tradeassist::optimize
