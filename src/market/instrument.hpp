#pragma once

#include <array>
#include <boost/describe/class.hpp>
#include <string>
#include <string_view>

namespace tradeassist::market {

constexpr std::array<std::string_view, 6> kAssetClasses = {"stock", "index", "future", "forex", "crypto", "series"};

/// What is traded and by which rules. Prices are in `currency`; one point of price is worth `point_value` of it.
struct Instrument {
  std::string symbol{};               // "SPY", "ES1!", unique
  std::string name{};                 // for people; may be empty
  std::string asset_class = "stock";  // one of kAssetClasses
  std::string exchange{};             // may be empty
  std::string currency = "USD";
  std::string time_zone = "UTC";  // IANA name of the exchange
  std::string session{};          // "0930-1600", in time_zone; empty = round the clock from midnight
  double tick_size = 0.01;        // Pine's syminfo.mintick
  double point_value = 1.0;       // Pine's syminfo.pointvalue
  double quantity_step = 1.0;     // Pine's syminfo.mincontract

  bool operator==(const Instrument&) const = default;
};
BOOST_DESCRIBE_STRUCT(Instrument, (),
                      (symbol, name, asset_class, exchange, currency, time_zone, session, tick_size, point_value,
                       quantity_step))

}  // namespace tradeassist::market
