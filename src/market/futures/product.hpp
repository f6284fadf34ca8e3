#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/futures/last_trade_rule.hpp"

namespace tradeassist::market {

/// What is known of a futures product. `months` are those in which trading concentrates, the ones a continuous series
/// goes through; products may list others beside. `point_value` and `tick_size` are today's, in `currency` and in
/// points of the quoted price (grains in cents a bushel, Treasuries in points of 100); 0 where not certain.
struct FuturesProduct {
  std::string_view root, name, exchange;
  std::string_view calendar;  // for find_calendar
  std::string_view months;    // month codes, in order
  LastTradeRule last_trade;
  double point_value = 0, tick_size = 0;
  std::string_view currency = "USD";
};

/// All that are built in, in the order of the table.
std::span<const FuturesProduct> futures_products();

/// By root, in upper or lower case. kNotFound says what to do about an unknown one.
base::Result<FuturesProduct> find_product(std::string_view root);

/// The last trade date of a contract of the product. kInvalidArgument for a month in which the product has no
/// contract to roll through, and where the calendar (the product's own) does not reach.
base::Result<CivilDate> last_trade_date(const FuturesProduct& product, DeliveryMonth delivery,
                                        const Calendar& calendar);

/// The contracts of the product's months from one delivery month to another, both included.
std::vector<ContractName> contracts_between(const FuturesProduct& product, DeliveryMonth first, DeliveryMonth last);

}  // namespace tradeassist::market
