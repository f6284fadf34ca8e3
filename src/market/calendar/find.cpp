#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <mutex>

#include "market/calendar/calendar.hpp"
#include "market/calendar/parse_rules.hpp"
#include "market/calendar/tables.hpp"

namespace tradeassist::market {
namespace {

constexpr std::string_view kUsStocks[] = {"NYSE", "NASDAQ", "XNAS", "ARCA", "ARCX", "NYSEARCA",
                                          "AMEX", "XASE",   "BATS", "IEX",  "US"};
constexpr std::string_view kCmeEquity[] = {"CME_MINI", "CBOT_MINI"};
constexpr std::string_view kCmeRates[] = {"CBOT_RATES"};
constexpr std::string_view kCbotGrains[] = {"CME_GRAINS"};
constexpr std::string_view kNymexEnergy[] = {"NYMEX", "XNYM"};
constexpr std::string_view kComexMetals[] = {"COMEX", "XCEC"};
constexpr std::string_view kEurex[] = {"EUREX"};
constexpr std::string_view kForex[] = {"FOREX"};

}  // namespace

std::span<const BuiltInCalendar> built_in_calendars() {
  static const std::array<BuiltInCalendar, 9> kCalendars = {{
      {"XNYS", kUsStocks, kUsStocksTable},
      {"CME_EQUITY", kCmeEquity, kCmeEquityTable},
      {"CME_RATES", kCmeRates, kCmeRatesTable},
      {"CBOT_GRAINS", kCbotGrains, kCbotGrainsTable},
      {"NYMEX_ENERGY", kNymexEnergy, kNymexEnergyTable},
      {"COMEX_METALS", kComexMetals, kComexMetalsTable},
      {"XEUR", kEurex, kEurexTable},
      {"FX", kForex, kForexTable},
      {"CRYPTO", {}, kCryptoTable},
  }};
  return kCalendars;
}

std::vector<std::string_view> calendar_names() {
  std::vector<std::string_view> names;
  for (const BuiltInCalendar& calendar : built_in_calendars()) names.push_back(calendar.name);
  return names;
}

base::Result<std::string_view> calendar_table(std::string_view name) {
  std::string upper(name);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  for (const BuiltInCalendar& calendar : built_in_calendars()) {
    if (upper == calendar.name || std::ranges::find(calendar.aliases, upper) != calendar.aliases.end()) {
      return calendar.toml;
    }
  }
  return base::failure(base::ErrorCode::kNotFound,
                       fmt::format("there is no calendar '{}'; there are {}, or define one (docs/calendars.md)",
                                   name.substr(0, 80), fmt::join(calendar_names(), ", ")));
}

base::Result<CalendarPtr> find_calendar(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string_view, CalendarPtr> computed;  // by table; there are nine
  TRY_ASSIGN(const std::string_view table, calendar_table(name));
  const std::lock_guard lock(mutex);
  CalendarPtr& calendar = computed[table];
  if (calendar == nullptr) { TRY_ASSIGN(calendar, parse_calendar(table)); }
  return calendar;
}

base::Result<CalendarPtr> parse_calendar(std::string_view toml) {
  TRY_ASSIGN(const CalendarRules rules, parse_calendar_rules(toml));
  return Calendar::build(rules);
}

}  // namespace tradeassist::market
