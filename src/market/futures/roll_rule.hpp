#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/futures/product.hpp"
#include "market/futures/roll.hpp"
#include "market/futures/trade_days.hpp"

namespace tradeassist::market {

/// A roll that the user gives.
struct GivenRoll {
  base::Time time;                       // the first instant at which the new contract is used
  std::optional<ContractName> from, to;  // none: the contract in use, and the next in the list
};

/// When a series goes over to a later contract. A roll is always at the start of a trade date, and what is chosen there
/// was known before.
struct RollRule {
  enum class Kind {
    kGiven,                 // at given times
    kBeforeLastTrade,       // at the start of the trading day `days_before` the last trade date; with 0 the old
                            // contract is used until the day before its last one
    kFirstOfDeliveryMonth,  // at the first trading day of the delivery month of the contract in use, or as above if
                            // that is earlier
    kVolume,                // when a later contract traded more than the one in use in the session before
    kOpenInterest,          // when a later contract's open interest was above that of the one in use
  };
  Kind kind = Kind::kBeforeLastTrade;

  /// Trading days, 0 to kDaysBeforeMax. For volume and open interest: when the roll is made at the latest.
  int days_before = 0;
  std::vector<GivenRoll> given{};  // ascending
};

constexpr int kDaysBeforeMax = 500;

/// Reads `calendar`, `first_of_month`, `volume` and `open_interest`, each also with `:DAYS` (`calendar:5`).
/// kInvalidArgument says what to write.
base::Result<RollRule> parse_roll_rule(std::string_view text);
/// "calendar:5"; "dates" of given rolls.
std::string to_string(const RollRule& rule);

/// Which contract a series begins with and where it goes from there.
struct RollPlan {
  std::uint32_t first = 0;
  std::vector<Switch> switches;
  std::optional<base::Time> end{};  // where the contract that it needs next is not in the list
};

/// Sets the last trade dates that are not given: by the product's rule and calendar if they are there and reach, else,
/// for a contract whose bars end on an earlier trade date than those of a later one, the date of its last bar, which is
/// known only in hindsight and marked as inferred. Others are left open: as far as is known they still trade.
void set_last_trade_dates(std::span<FuturesContract> contracts, const FuturesProduct* product, const Calendar* calendar,
                          const TradeDays& days);

/// The switches of the front contract (rank 0) or of the `rank`-th listed after it, as far as the bars reach: a roll
/// that lies beyond the last bar has not happened.
///
/// By calendar, the series begins with the first contract whose roll comes after the first bar of all. A contract
/// without last trade date is not left; if none has one, that is kFailedPrecondition. One whose bars ended before those
/// of an earlier contract is passed over.
///
/// By volume and open interest it begins with the first contract not yet due, goes to the nearest later contract that
/// is above it, and never back; a contract is left at the latest `days_before` its last trade date, if that is known.
/// Bars without volume count for nothing; a contract that did not trade in a session has volume 0. kFailedPrecondition
/// where no contract has any.
///
/// kInvalidArgument for contracts out of order and given rolls that do not fit them. Linear in bars, and n log n in the
/// days of all contracts.
base::Result<RollPlan> plan_rolls(std::span<const FuturesContract> contracts, const RollRule& rule,
                                  const TradeDays& days, int rank = 0);

}  // namespace tradeassist::market
