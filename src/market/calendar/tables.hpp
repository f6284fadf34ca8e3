#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::market {

/// A calendar that comes with the program: its name, the other names it answers to, and its table.
struct BuiltInCalendar {
  std::string_view name;
  std::span<const std::string_view> aliases;  // in upper case
  std::string_view toml;
};

std::span<const BuiltInCalendar> built_in_calendars();

/// As declared in calendar.hpp.
base::Result<std::string_view> calendar_table(std::string_view name);

// The tables, one file each under tables/. Facts stand beside their sources; what is not certain says so.
extern const std::string_view kUsStocksTable;
extern const std::string_view kCmeEquityTable;
extern const std::string_view kCmeRatesTable;
extern const std::string_view kCbotGrainsTable;
extern const std::string_view kNymexEnergyTable;
extern const std::string_view kComexMetalsTable;
extern const std::string_view kEurexTable;
extern const std::string_view kForexTable;
extern const std::string_view kCryptoTable;

}  // namespace tradeassist::market
