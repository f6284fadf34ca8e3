#include "market/instrument_calendar.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

#include "market/calendar/calendar.hpp"
#include "market/calendar/tables.hpp"
#include "market/futures/product.hpp"

namespace tradeassist::market {
namespace {

/// Futures that have a calendar here and no rule of when they trade last (product.hpp): other sizes, what is no longer
/// listed, and roots as the old pits wrote them.
struct Roots {
  std::string_view calendar;
  std::span<const std::string_view> roots;
};

constexpr std::string_view kEquityRoots[] = {"SP", "ND", "DJ"};
constexpr std::string_view kRateRoots[] = {"GE", "ED", "SR1", "US", "TY", "FV", "TU", "FF"};
constexpr std::string_view kGrainRoots[] = {"ZR", "XC", "XK", "XW", "C", "S", "W", "BO", "SM", "O", "RR", "KW"};
constexpr std::string_view kEnergyRoots[] = {"MNG", "HU", "QH", "QU", "BZ"};
constexpr std::string_view kMetalRoots[] = {"QO", "SIL", "QI", "MHG", "QC", "ALI"};
constexpr std::string_view kEurexRoots[] = {"FDXS", "FOAT", "FBTP", "FXXP", "FESB", "FVS"};
constexpr std::array<Roots, 6> kFurtherRoots = {{{"CME_EQUITY", kEquityRoots},
                                                 {"CME_RATES", kRateRoots},
                                                 {"CBOT_GRAINS", kGrainRoots},
                                                 {"NYMEX_ENERGY", kEnergyRoots},
                                                 {"COMEX_METALS", kMetalRoots},
                                                 {"XEUR", kEurexRoots}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// True for what may follow a root: nothing, "1!", "Z5", "Z2025", " 12-25", ".c.0", "202512", "-…".
bool is_contract(std::string_view text) {
  if (text.empty() || is_digit(text.front()) || text.front() == ' ' || text.front() == '.' || text.front() == '-') {
    return true;
  }
  return month_of_code(text.front()) && text.size() > 1 &&
         std::ranges::all_of(text.substr(1), [](char c) { return is_digit(c) || c == '!'; });
}

/// The calendar whose root is the longest with which the symbol begins.
std::optional<std::string_view> calendar_of_root(std::string_view symbol) {
  if (const std::size_t colon = symbol.rfind(':'); colon != std::string_view::npos) symbol.remove_prefix(colon + 1);
  if (symbol.starts_with('/')) symbol.remove_prefix(1);
  std::optional<std::string_view> found;
  std::size_t longest = 0;
  const auto consider = [&](std::string_view root, std::string_view calendar) {
    if (root.size() <= longest || !symbol.starts_with(root) || !is_contract(symbol.substr(root.size()))) return;
    found = calendar;
    longest = root.size();
  };
  for (const FuturesProduct& product : futures_products()) consider(product.root, product.calendar);
  for (const Roots& roots : kFurtherRoots) {
    for (const std::string_view root : roots.roots) consider(root, roots.calendar);
  }
  return found;
}

}  // namespace

base::Result<std::string_view> calendar_name_for(const Instrument& instrument) {
  if (instrument.asset_class == "crypto") return "CRYPTO";
  if (instrument.asset_class == "forex") return "FX";
  const bool future = instrument.asset_class == "future";
  if (future) {
    if (const auto calendar = calendar_of_root(instrument.symbol)) return *calendar;
  }
  std::string exchange = instrument.exchange;
  std::ranges::transform(exchange, exchange.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  for (const BuiltInCalendar& calendar : built_in_calendars()) {
    if (exchange == calendar.name || std::ranges::find(calendar.aliases, exchange) != calendar.aliases.end()) {
      return calendar.name;
    }
  }
  const bool security = instrument.asset_class == "stock" || instrument.asset_class == "index";
  if (security && exchange.empty() && instrument.currency == "USD") return "XNYS";
  return base::failure(
      base::ErrorCode::kNotFound,
      fmt::format("no calendar is known for {} ({}, exchange '{}'); name one of {}, or define one (docs/calendars.md)",
                  instrument.symbol, instrument.asset_class, instrument.exchange, fmt::join(calendar_names(), ", ")));
}

}  // namespace tradeassist::market
