#include "market/corporate_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "market/zone_clock.hpp"

namespace tradeassist::market {
namespace {

using Kind = CorporateAction::Kind;

constexpr std::array<std::pair<PriceAdjustment, std::string_view>, 3> kPriceAdjustmentNames = {
    {{PriceAdjustment::kRaw, "raw"},
     {PriceAdjustment::kSplits, "splits"},
     {PriceAdjustment::kSplitsAndDividends, "splits_and_dividends"}}};

constexpr std::array<std::pair<Kind, std::string_view>, 2> kKindNames = {
    {{Kind::kSplit, "split"}, {Kind::kCashDividend, "dividend"}}};

base::Error invalid(std::string message) { return {base::ErrorCode::kInvalidArgument, std::move(message)}; }

/// By date, splits before dividends; none twice.
base::Result<std::vector<CorporateAction>> sorted(std::span<const CorporateAction> actions) {
  std::vector<CorporateAction> in_order(actions.begin(), actions.end());
  std::ranges::sort(in_order, {}, [](const CorporateAction& a) { return std::pair(a.ex_date, a.kind); });
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    const CorporateAction& action = in_order[i];
    TRY(check_action(action));
    if (i > 0 && in_order[i - 1].ex_date == action.ex_date && in_order[i - 1].kind == action.kind) {
      return std::unexpected(invalid(describe(action) + " comes twice on its date; remove one, or give both as one: " +
                                     (action.kind == Kind::kSplit ? "their product" : "their sum")));
    }
  }
  return in_order;
}

/// What one ex-date does to the bars before it.
struct Step {
  std::size_t end = 0;  // of the rows before the ex-date
  double split = 1, dividend = 1;
};

class Adjuster {
 public:
  Adjuster(const Series& bars, std::span<const std::int64_t> days, PriceAdjustment adjustment)
      : bars_(bars), days_(days), adjustment_(adjustment) {}

  base::Result<AdjustedSeries> run(const std::vector<CorporateAction>& actions) {
    double same_day_split = 1;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      const CorporateAction& action = actions[i];
      if (i > 0 && actions[i - 1].ex_date != action.ex_date) same_day_split = 1;
      if (action.kind == Kind::kSplit) same_day_split = action.value;
      if (is_without_effect(action)) continue;
      const auto end = static_cast<std::size_t>(std::ranges::lower_bound(days_, action.ex_date) - days_.begin());
      if (action.kind == Kind::kSplit) {
        if (adjustment_ != PriceAdjustment::kRaw) steps_.push_back({end, 1 / action.value, 1});
      } else if (adjustment_ == PriceAdjustment::kSplitsAndDividends) {
        TRY_ASSIGN(const double factor, dividend_factor(action, end, same_day_split));
        steps_.push_back({end, 1, factor});
      }
    }
    apply();
    return std::move(made_);
  }

 private:
  bool is_without_effect(const CorporateAction& action) {
    if (bars_.empty()) {
      made_.notes.push_back(describe(action) + " changes nothing: there are no bars");
    } else if (action.ex_date <= days_.front()) {
      made_.notes.push_back(describe(action) + " changes nothing: there is no bar before it");
    } else if (action.ex_date > days_.back()) {
      made_.notes.push_back(describe(action) + " is after the last bar, and changes nothing yet");
    } else {
      return false;
    }
    return true;
  }

  base::Result<double> dividend_factor(const CorporateAction& action, std::size_t end, double same_day_split) const {
    std::size_t row = end;
    while (row > 0 && bars_.close[row - 1] != bars_.close[row - 1]) --row;
    if (row == 0) return std::unexpected(invalid(describe(action) + " has no known close before it"));
    const double close = bars_.close[row - 1] / same_day_split;
    if (!(action.value < close)) {
      return std::unexpected(invalid(fmt::format(
          "{} is not below the close before it, {}: give the cash per share as it was paid, in the currency of the "
          "prices",
          describe(action), close)));
    }
    return 1 - action.value / close;
  }

  /// From the newest bar back, so that each factor is met once.
  void apply() {
    made_.bars = bars_;
    made_.split_factor.resize(bars_.size());
    made_.dividend_factor.resize(bars_.size());
    double split = 1, dividend = 1;
    std::size_t next = steps_.size();
    for (std::size_t i = bars_.size(); i-- > 0;) {
      for (; next > 0 && steps_[next - 1].end > i; --next) {
        split *= steps_[next - 1].split;
        dividend *= steps_[next - 1].dividend;
      }
      made_.split_factor[i] = split;
      made_.dividend_factor[i] = dividend;
      const double factor = split * dividend;
      if (factor == 1 && split == 1) continue;
      for (const ValueColumn column : kPriceColumns) (made_.bars.*column)[i] *= factor;
      if (!made_.bars.vwap.empty()) made_.bars.vwap[i] *= factor;
      made_.bars.volume[i] /= split;
    }
  }

  const Series& bars_;
  std::span<const std::int64_t> days_;
  PriceAdjustment adjustment_;
  std::vector<Step> steps_;  // by date
  AdjustedSeries made_;
};

}  // namespace

std::string_view to_string(Kind kind) {
  const auto found = std::ranges::find(kKindNames, kind, &std::pair<Kind, std::string_view>::first);
  return found == kKindNames.end() ? std::string_view() : found->second;
}

base::Result<Kind> parse_action_kind(std::string_view text) {
  const auto found = std::ranges::find(kKindNames, text, &std::pair<Kind, std::string_view>::second);
  if (found != kKindNames.end()) return found->first;
  return std::unexpected(invalid(fmt::format("'{}' is no kind; write split or dividend", text.substr(0, 32))));
}

std::string describe(const CorporateAction& action) {
  return fmt::format("the {} of {} on {}", to_string(action.kind), action.value,
                     to_string(civil_from_days(action.ex_date)));
}

base::Result<void> check_action(const CorporateAction& action) {
  const std::int64_t first = days_from_civil({1800, 1, 1}), last = days_from_civil({2199, 12, 31});
  if (action.ex_date < first || action.ex_date > last) {
    return std::unexpected(
        invalid(fmt::format("the ex-date of a {} lies outside the years 1800 to 2199: day {} since "
                            "1970-01-01",
                            to_string(action.kind), action.ex_date)));
  }
  if (std::isfinite(action.value) && action.value > 0) return {};
  return std::unexpected(invalid(describe(action) + (action.kind == Kind::kSplit
                                                         ? " needs new shares for one old above 0, such as 4 or 0.1"
                                                         : " needs an amount of cash above 0")));
}

std::string_view to_string(PriceAdjustment adjustment) {
  const auto found =
      std::ranges::find(kPriceAdjustmentNames, adjustment, &std::pair<PriceAdjustment, std::string_view>::first);
  return found == kPriceAdjustmentNames.end() ? std::string_view() : found->second;
}

base::Result<PriceAdjustment> parse_price_adjustment(std::string_view text) {
  const auto found =
      std::ranges::find(kPriceAdjustmentNames, text, &std::pair<PriceAdjustment, std::string_view>::second);
  if (found != kPriceAdjustmentNames.end()) return found->first;
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      fmt::format("'{}' is no adjustment; write raw, splits or splits_and_dividends", text.substr(0, 32)));
}

base::Result<AdjustedSeries> adjust_prices(const Series& bars, std::span<const std::int64_t> trading_day,
                                           std::span<const CorporateAction> actions, PriceAdjustment adjustment) {
  if (trading_day.size() != bars.size()) {
    return std::unexpected(
        invalid(fmt::format("{} trading days for {} bars: each bar needs one", trading_day.size(), bars.size())));
  }
  TRY_ASSIGN(const std::vector<CorporateAction> in_order, sorted(actions));
  return Adjuster(bars, trading_day, adjustment).run(in_order);
}

}  // namespace tradeassist::market
