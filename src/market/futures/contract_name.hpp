#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::market {

/// The month for which a futures contract is made: its delivery or settlement month, whenever it stops trading.
struct DeliveryMonth {
  int year = 1970;
  unsigned month = 1;

  auto operator<=>(const DeliveryMonth&) const = default;
};

/// F G H J K M N Q U V X Z for January to December.
char month_code(unsigned month);
std::optional<unsigned> month_of_code(char code);

/// The month `months` later, or earlier when negative.
DeliveryMonth add_months(DeliveryMonth from, int months);
CivilDate first_day_of(DeliveryMonth month);
CivilDate last_day_of(DeliveryMonth month);

/// "2025-12".
std::string to_string(DeliveryMonth month);

/// One contract of one product; the root is in upper case. Orders by root, then by delivery.
struct ContractName {
  std::string root;
  DeliveryMonth delivery;

  auto operator<=>(const ContractName&) const = default;
};

/// What a contract's short name leaves open.
struct ContractContext {
  std::string_view root{};           // for names without one: "202512", "Z25"; else what the name must begin with
  std::optional<CivilDate> as_of{};  // for years of one or two digits: the last date of the contract's data, or today
};

/// Reads `ESZ5`, `ESZ25`, `ESZ2025`, `/ESZ25`, `CME_MINI:ESZ2025`, `ES 12-25`, `ES 202512`, and with a root given
/// `202512`, `20251200` and `Z25`; in upper or lower case.
///
/// One digit is the first such year whose delivery month is not before the month of `as_of`, since a contract has no
/// prices after its delivery; it needs `as_of`. Two digits are the year within 50 of `as_of` (1970 to 2069 without).
/// kInvalidArgument says what to write.
base::Result<ContractName> parse_contract(std::string_view text, const ContractContext& context = {});

/// The canonical form, which needs no context: "ESZ2025".
std::string to_string(const ContractName& contract);

/// True for letters, digits, `_` and `-`, the first no sign: "ES", "6E", "EU-BANKS", "GAS_US_mini".
bool is_root(std::string_view text);

/// Bounds of what is read.
constexpr std::size_t kRootBytesMax = 32;
constexpr int kDeliveryYearMin = 1900, kDeliveryYearMax = 2199;

}  // namespace tradeassist::market
