#include "market/futures/continuous_series.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace tradeassist::market {
namespace {

struct MethodName {
  std::string_view name;
  Adjustment method;
};
// The first name of a method is the one that is printed.
constexpr std::array<MethodName, 7> kMethodNames = {{{"none", Adjustment::kNone},
                                                     {"difference_backward", Adjustment::kDifferenceBackward},
                                                     {"difference_forward", Adjustment::kDifferenceForward},
                                                     {"ratio_backward", Adjustment::kRatioBackward},
                                                     {"ratio_forward", Adjustment::kRatioForward},
                                                     {"difference", Adjustment::kDifferenceBackward},
                                                     {"ratio", Adjustment::kRatioBackward}}};

std::unexpected<base::Error> not_positive(const ContractName& contract, std::string_view column, double price,
                                          base::Time time) {
  return base::failure(base::ErrorCode::kFailedPrecondition,
                       fmt::format("ratio adjustment needs prices above 0, and the {} of {} at {} is {}; use "
                                   "difference, or none",
                                   column, to_string(contract), base::format_time(time), price));
}

base::Result<void> check_positive(std::span<const ContractName> contracts, const Roll& roll) {
  if (roll.pre <= 0) return not_positive(contracts[roll.at.from], "close", roll.pre, roll.pre_time);
  if (roll.post <= 0) return not_positive(contracts[roll.at.to], "close", roll.post, roll.post_time);
  return {};
}

/// Rows from `first` on.
base::Result<void> check_positive(const StitchedSeries& stitched, std::size_t first) {
  const Series& bars = stitched.bars;
  const auto check = [&](const std::vector<double>& column, std::string_view name) -> base::Result<void> {
    const auto wrong = std::find_if(column.begin() + static_cast<std::ptrdiff_t>(first), column.end(),
                                    [](double price) { return price <= 0; });
    if (wrong == column.end()) return {};
    const auto row = static_cast<std::size_t>(wrong - column.begin());
    return not_positive(stitched.contracts[stitched.contract[row]], name, *wrong,
                        base::time_from_nanoseconds(bars.time[row]));
  };
  TRY(check(bars.close, "close"));
  TRY(check(bars.low, "low"));
  TRY(check(bars.open, "open"));
  return check(bars.high, "high");
}

/// Appends the stitched rows from `first` on, each with the adjustment of its segment.
void append_rows(ContinuousSeries& series, const StitchedSeries& stitched, std::size_t first) {
  const std::size_t rows = stitched.bars.size();
  series.bars.resize(first);  // what is after it is made anew
  const auto append = [first](auto& to, const auto& from) {
    to.resize(first);
    to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(first), from.end());
  };
  append(series.bars.time, stitched.bars.time);
  append(series.bars.volume, stitched.bars.volume);
  append(series.unadjusted_close, stitched.bars.close);
  append(series.contract, stitched.contract);
  append(series.open_interest, stitched.open_interest);
  series.adjustment.resize(rows);
  for (std::size_t segment = 0; segment < stitched.segment_row.size(); ++segment) {
    const std::size_t past = segment + 1 < stitched.segment_row.size() ? stitched.segment_row[segment + 1] : rows;
    for (std::size_t row = std::max(first, stitched.segment_row[segment]); row < past; ++row) {
      series.adjustment[row] = series.segment_adjustment[segment];
    }
  }
  const bool ratio = is_ratio(series.method);
  const auto adjust_column = [&](std::vector<double>& to, const std::vector<double>& from) {
    to.resize(rows);
    for (std::size_t row = first; row < rows; ++row) {
      to[row] = ratio ? from[row] * series.adjustment[row] : from[row] + series.adjustment[row];
    }
  };
  adjust_column(series.bars.open, stitched.bars.open);
  adjust_column(series.bars.high, stitched.bars.high);
  adjust_column(series.bars.low, stitched.bars.low);
  adjust_column(series.bars.close, stitched.bars.close);
}

}  // namespace

base::Result<Adjustment> parse_adjustment(std::string_view text) {
  const auto found = std::ranges::find(kMethodNames, text, &MethodName::name);
  if (found != kMethodNames.end()) return found->method;
  std::vector<std::string_view> names;
  for (const MethodName& known : kMethodNames) names.push_back(known.name);
  return base::failure(base::ErrorCode::kInvalidArgument,
                       fmt::format("'{}' is no adjustment; there are {}", text.substr(0, 40), fmt::join(names, ", ")));
}

std::string_view to_string(Adjustment method) {
  return std::ranges::find(kMethodNames, method, &MethodName::method)->name;
}

base::Result<std::vector<double>> segment_adjustments(std::span<const ContractName> contracts,
                                                      std::span<const Roll> rolls, Adjustment method) {
  std::vector<double> adjustments(rolls.size() + 1, is_ratio(method) ? 1.0 : 0.0);
  if (is_ratio(method)) {
    for (const Roll& roll : rolls) TRY(check_positive(contracts, roll));
  }
  const bool backward = method == Adjustment::kDifferenceBackward || method == Adjustment::kRatioBackward;
  if (method == Adjustment::kNone) return adjustments;
  for (std::size_t i = 0; i < rolls.size(); ++i) {
    const std::size_t k = backward ? rolls.size() - 1 - i : i;  // roll k lies between segments k and k + 1
    const std::size_t known = backward ? k + 1 : k, next = backward ? k : k + 1;
    const Roll& roll = rolls[k];
    if (is_ratio(method)) {
      adjustments[next] = backward ? adjustments[known] * roll.factor : adjustments[known] / roll.factor;
    } else {
      adjustments[next] = backward ? adjustments[known] + roll.gap : adjustments[known] - roll.gap;
    }
  }
  return adjustments;
}

base::Result<ContinuousSeries> adjust(const StitchedSeries& stitched, Adjustment method) {
  ContinuousSeries series;
  series.method = method;
  TRY_ASSIGN(series.segment_adjustment, segment_adjustments(stitched.contracts, stitched.rolls, method));
  if (is_ratio(method)) TRY(check_positive(stitched, 0));
  series.contracts = stitched.contracts;
  series.rolls = stitched.rolls;
  append_rows(series, stitched, 0);
  return series;
}

base::Result<void> update(ContinuousSeries& series, const StitchedSeries& stitched) {
  TRY_ASSIGN(std::vector<double> adjustments, segment_adjustments(stitched.contracts, stitched.rolls, series.method));
  const std::size_t before = std::min(series.bars.size(), stitched.bars.size());
  if (is_ratio(series.method)) TRY(check_positive(stitched, before));
  const auto& old = series.segment_adjustment;
  const bool same = old.size() <= adjustments.size() && std::equal(old.begin(), old.end(), adjustments.begin());
  series.segment_adjustment = std::move(adjustments);
  series.contracts = stitched.contracts;
  series.rolls = stitched.rolls;
  append_rows(series, stitched, same ? before : 0);
  return {};
}

}  // namespace tradeassist::market
