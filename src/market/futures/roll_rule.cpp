#include "market/futures/roll_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "market/futures/continuous_symbol.hpp"
#include "market/futures/daily_activity.hpp"

namespace tradeassist::market {
namespace {

struct RuleName {
  RollRule::Kind kind;
  std::string_view name;
};
constexpr RuleName kRuleNames[] = {{RollRule::Kind::kBeforeLastTrade, "calendar"},
                                   {RollRule::Kind::kFirstOfDeliveryMonth, "first_of_month"},
                                   {RollRule::Kind::kVolume, "volume"},
                                   {RollRule::Kind::kOpenInterest, "open_interest"}};

using Contracts = std::span<const FuturesContract>;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::int64_t first_bar(Contracts contracts) {
  std::int64_t first = kNever;
  for (const FuturesContract& contract : contracts) {
    if (!contract.bars->empty()) first = std::min(first, contract.bars->time.front());
  }
  return first;
}

std::int64_t last_bar(Contracts contracts) {
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const FuturesContract& contract : contracts) {
    if (!contract.bars->empty()) last = std::max(last, contract.bars->time.back());
  }
  return last;
}

Switch switch_on(std::int64_t day, std::uint32_t from, std::uint32_t to, const TradeDays& days) {
  return {.time = days.start_of(day), .from = from, .to = to, .last_date = civil_from_days(day - 1)};
}

base::Result<std::uint32_t> place_of(Contracts contracts, const ContractName& name) {
  const auto found = std::ranges::find(contracts, name, &FuturesContract::name);
  if (found != contracts.end()) return static_cast<std::uint32_t>(found - contracts.begin());
  return base::failure(base::ErrorCode::kInvalidArgument,
                       fmt::format("a given roll names {}, which is not among the contracts", to_string(name)));
}

base::Result<RollPlan> given_plan(Contracts contracts, const RollRule& rule) {
  RollPlan plan;
  std::uint32_t in_use = 0;
  for (const GivenRoll& given : rule.given) {
    std::uint32_t from = in_use;
    if (given.from) { TRY_ASSIGN(from, place_of(contracts, *given.from)); }
    std::uint32_t to = from + 1;
    if (given.to) { TRY_ASSIGN(to, place_of(contracts, *given.to)); }
    if (to >= contracts.size()) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           fmt::format("the roll given at {} needs a contract after {}, and there is none",
                                       base::format_time(given.time), to_string(contracts.back().name)));
    }
    plan.switches.push_back({.time = given.time, .from = from, .to = to});
    in_use = to;
  }
  if (!plan.switches.empty()) plan.first = plan.switches.front().from;
  return plan;
}

/// The day at whose start a contract is left by calendar, or is left at the latest; kNever where that is not known.
std::int64_t due_day(const FuturesContract& contract, const RollRule& rule, const TradeDays& days) {
  std::int64_t due = kNever;
  if (contract.last_trade) due = days.days_before(days_from_civil(*contract.last_trade), rule.days_before);
  if (rule.kind != RollRule::Kind::kFirstOfDeliveryMonth) return due;
  return std::min(due, days_from_civil(first_day_of(contract.name.delivery)));
}

/// The due days of all. They ascend where last trade dates are known; a contract whose bars ended before those of an
/// earlier one is due with that one, so that nothing is rolled into it.
base::Result<std::vector<std::int64_t>> due_days(Contracts contracts, const RollRule& rule, const TradeDays& days) {
  std::vector<std::int64_t> due;
  const FuturesContract* before = nullptr;
  std::int64_t due_before = 0;
  for (const FuturesContract& contract : contracts) {
    std::int64_t day = due_day(contract, rule, days);
    if (before != nullptr && day <= due_before) {
      if (!contract.last_trade_inferred && !before->last_trade_inferred) {
        return base::failure(base::ErrorCode::kInvalidArgument,
                             fmt::format("last trade dates out of order: {} is left on {}, and {}, which is delivered "
                                         "before it, on {}",
                                         to_string(contract.name), to_string(civil_from_days(day)),
                                         to_string(before->name), to_string(civil_from_days(due_before))));
      }
      day = due_before;
    }
    due.push_back(day);
    if (day == kNever) continue;
    before = &contract;
    due_before = day;
  }
  return due;
}

base::Result<RollPlan> calendar_plan(Contracts contracts, const RollRule& rule, const TradeDays& days) {
  TRY_ASSIGN(const std::vector<std::int64_t> due, due_days(contracts, rule, days));
  if (contracts.size() > 1 && std::ranges::all_of(due, [](std::int64_t day) { return day == kNever; })) {
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         fmt::format("rolling by calendar needs last trade dates, and none of the contracts from {} to "
                                     "{} has one; give them, or the dates of the rolls",
                                     to_string(contracts.front().name), to_string(contracts.back().name)));
  }
  RollPlan plan;
  const base::Time first = base::time_from_nanoseconds(first_bar(contracts));
  for (std::uint32_t in_use = 0, next = 1; next < contracts.size() && due[in_use] != kNever; ++next) {
    if (due[next] <= due[in_use]) continue;
    const Switch at = switch_on(due[in_use], in_use, next, days);
    if (at.time <= first) {
      plan.first = next;
    } else {
      plan.switches.push_back(at);
    }
    in_use = next;
  }
  return plan;
}

/// The value of a contract in the rows of one day; `absent` if it has none.
double value_of(std::span<const DailyActivity> day, std::uint32_t contract, double absent) {
  const auto found = std::ranges::lower_bound(day, contract, {}, &DailyActivity::contract);
  return found != day.end() && found->contract == contract ? found->value : absent;
}

/// The nearest contract after the one in use that is above it.
std::optional<std::uint32_t> contract_above(std::span<const DailyActivity> day, std::uint32_t in_use, double absent) {
  const double own = value_of(day, in_use, absent);
  for (const DailyActivity& other : day) {
    if (other.contract > in_use && other.value > own) return other.contract;
  }
  return std::nullopt;
}

base::Result<RollPlan> activity_plan(Contracts contracts, const RollRule& rule, const TradeDays& days) {
  const bool volume = rule.kind == RollRule::Kind::kVolume;
  const std::vector<DailyActivity> activity =
      daily_activity(contracts, days, volume ? Activity::kVolume : Activity::kOpenInterest);
  if (std::ranges::all_of(activity, [](const DailyActivity& a) { return std::isnan(a.value); })) {
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         fmt::format("rolling by {0} needs {0}, and none of the contracts has any; roll by calendar",
                                     volume ? "volume" : "open interest"));
  }
  TRY_ASSIGN(const std::vector<std::int64_t> due, due_days(contracts, rule, days));
  // A contract without trades had volume 0; its open interest is not known.
  const double absent = volume ? 0 : std::numeric_limits<double>::quiet_NaN();
  const auto last = static_cast<std::uint32_t>(contracts.size() - 1);

  RollPlan plan;
  std::uint32_t in_use = 0;
  bool begun = false;  // the contract in use has had a bar
  std::span<const DailyActivity> before;
  for (std::size_t row = 0; row < activity.size();) {
    std::size_t past = row;
    while (past < activity.size() && activity[past].day == activity[row].day) ++past;
    const std::span<const DailyActivity> today(activity.data() + row, past - row);
    const std::int64_t day = activity[row].day;
    row = past;

    std::uint32_t next = in_use;
    if (begun) next = contract_above(before, in_use, absent).value_or(in_use);
    while (next < last && due[next] <= day) ++next;
    if (next != in_use) {
      if (before.empty()) {
        plan.first = next;
      } else {
        plan.switches.push_back(switch_on(day, in_use, next, days));
      }
      in_use = next;
      begun = false;
    }
    const auto is_in_use = [in_use](const DailyActivity& a) { return a.contract == in_use; };
    begun = begun || std::ranges::any_of(before, is_in_use) || std::ranges::any_of(today, is_in_use);
    before = today;
  }
  return plan;
}

/// Drops what has not happened, and moves every place `rank` contracts on.
base::Result<RollPlan> ranked(RollPlan plan, Contracts contracts, std::uint32_t rank) {
  const base::Time last = base::time_from_nanoseconds(last_bar(contracts));
  std::erase_if(plan.switches, [last](const Switch& at) { return at.time > last; });
  plan.first += rank;
  if (plan.first >= contracts.size()) {
    return base::failure(base::ErrorCode::kNotFound,
                         fmt::format("rank {} needs more contracts after {}, which is the last that is stored", rank,
                                     to_string(contracts.back().name)));
  }
  for (std::size_t i = 0; i < plan.switches.size(); ++i) {
    plan.switches[i].from += rank;
    plan.switches[i].to += rank;
    if (plan.switches[i].to < contracts.size()) continue;
    plan.end = plan.switches[i].time;
    plan.switches.resize(i);
  }
  return plan;
}

base::Result<RollPlan> front_plan(Contracts contracts, const RollRule& rule, const TradeDays& days) {
  switch (rule.kind) {
    case RollRule::Kind::kGiven: return given_plan(contracts, rule);
    case RollRule::Kind::kBeforeLastTrade:
    case RollRule::Kind::kFirstOfDeliveryMonth: return calendar_plan(contracts, rule, days);
    case RollRule::Kind::kVolume:
    case RollRule::Kind::kOpenInterest: break;
  }
  return activity_plan(contracts, rule, days);
}

}  // namespace

void set_last_trade_dates(std::span<FuturesContract> contracts, const FuturesProduct* product, const Calendar* calendar,
                          const TradeDays& days) {
  std::int64_t later_last_day = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = contracts.size(); i-- > 0;) {
    FuturesContract& contract = contracts[i];
    if (!contract.last_trade && product != nullptr && calendar != nullptr) {
      if (const auto day = last_trade_date(*product, contract.name.delivery, *calendar)) contract.last_trade = *day;
    }
    if (contract.bars->empty()) continue;
    const std::int64_t last_day = days.days_of(std::span(contract.bars->time).last(1)).front();
    if (!contract.last_trade && last_day < later_last_day) {
      contract.last_trade = civil_from_days(last_day);
      contract.last_trade_inferred = true;
    }
    later_last_day = std::max(later_last_day, last_day);
  }
}

base::Result<RollPlan> plan_rolls(std::span<const FuturesContract> contracts, const RollRule& rule,
                                  const TradeDays& days, int rank) {
  TRY(check_contracts(contracts));
  if (rule.days_before < 0 || rule.days_before > kDaysBeforeMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("a roll {} trading days before the last trade date is none; write 0 to {}",
                                     rule.days_before, kDaysBeforeMax));
  }
  if (contracts.empty()) {
    return base::failure(base::ErrorCode::kNotFound, "a continuous series needs contracts, and there are none");
  }
  if (rank < 0 || rank > kContinuousRankMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("there is no rank {}; write 0 to {}", rank, kContinuousRankMax));
  }
  TRY_ASSIGN(RollPlan plan, front_plan(contracts, rule, days));
  return ranked(std::move(plan), contracts, static_cast<std::uint32_t>(rank));
}

base::Result<RollRule> parse_roll_rule(std::string_view text) {
  const std::string_view name = text.substr(0, text.find(':'));
  const auto* const found = std::ranges::find(kRuleNames, name, &RuleName::name);
  if (found == std::end(kRuleNames)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("'{}' is no rule of rolls: write calendar:DAYS, first_of_month, volume or "
                                     "open_interest",
                                     text));
  }
  RollRule rule;
  rule.kind = found->kind;
  if (name.size() == text.size()) return rule;
  const std::string_view days = text.substr(name.size() + 1);
  const auto [end, error] = std::from_chars(days.data(), days.data() + days.size(), rule.days_before);
  if (error != std::errc() || end != days.data() + days.size() || rule.days_before < 0 ||
      rule.days_before > kDaysBeforeMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("{}: '{}' is not a number of days from 0 to {}", text, days, kDaysBeforeMax));
  }
  return rule;
}

std::string to_string(const RollRule& rule) {
  if (rule.kind == RollRule::Kind::kGiven) return "dates";
  const auto* const found = std::ranges::find(kRuleNames, rule.kind, &RuleName::kind);
  return fmt::format("{}:{}", found->name, rule.days_before);
}

}  // namespace tradeassist::market
