#include "market/futures/product.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace tradeassist::market {
namespace {

using OnHoliday = LastTradeRule::OnHoliday;
constexpr int kWednesday = 2, kFriday = 4;

constexpr std::string_view kAllMonths = "FGHJKMNQUVXZ", kQuarters = "HMUZ";

// Sources: the contract specifications and rulebook chapters at cmegroup.com (CME 358 ES and its like; CBOT 10 corn,
// 11 soybeans, 14 wheat, 18-21 Treasuries; NYMEX 200 CL, 220 NG, 150 HO, 191 RB; COMEX 113 GC, 112 SI, 111 HG; CME 251
// and its like for currencies; CME 460 SR3) and the product pages at eurex.com, as they stand in 2025.
// A last day that falls on an exchange holiday moves as each rule says; a US holiday on which Globex trades for some
// hours is no business day.
// Not certain: the rules before 2000; the currencies' calendar (that of rates is taken: their pits kept the same days).
// Left out because it is not certain, or its calendar is not built in: Brent (BZ), Eurodollar (GE), VIX (VX),
// livestock, softs, COMEX minis settled against other months (QO, QI, QC).
constexpr LastTradeRule kThirdFriday = nth_weekday(3, kFriday);
constexpr LastTradeRule kBeforeThe15th = before_day(1, 15, OnHoliday::kCountBefore);
constexpr LastTradeRule kThirdLast = nth_last_trading_day(3);
constexpr LastTradeRule kLast = nth_last_trading_day(1);
constexpr LastTradeRule kSeventhBeforeLast = nth_last_trading_day(8);
constexpr LastTradeRule kCurrency = before_nth_weekday(2, 3, kWednesday);
// Two exchange days before the delivery day: the 10th, or the next exchange day.
constexpr LastTradeRule kEurexBond = before_day(2, 10, OnHoliday::kForward);

constexpr FuturesProduct kProducts[] = {
    {"ES", "E-mini S&P 500", "CME", "CME_EQUITY", kQuarters, kThirdFriday, 50, 0.25},
    {"MES", "Micro E-mini S&P 500", "CME", "CME_EQUITY", kQuarters, kThirdFriday, 5, 0.25},
    {"NQ", "E-mini Nasdaq-100", "CME", "CME_EQUITY", kQuarters, kThirdFriday, 20, 0.25},
    {"MNQ", "Micro E-mini Nasdaq-100", "CME", "CME_EQUITY", kQuarters, kThirdFriday, 2, 0.25},
    {"RTY", "E-mini Russell 2000", "CME", "CME_EQUITY", kQuarters, kThirdFriday, 50, 0.1},
    {"M2K", "Micro E-mini Russell 2000", "CME", "CME_EQUITY", kQuarters, kThirdFriday, 5, 0.1},
    {"EMD", "E-mini S&P MidCap 400", "CME", "CME_EQUITY", kQuarters, kThirdFriday, 100, 0.1},
    {"YM", "E-mini Dow", "CBOT", "CME_EQUITY", kQuarters, kThirdFriday, 5, 1},
    {"MYM", "Micro E-mini Dow", "CBOT", "CME_EQUITY", kQuarters, kThirdFriday, 0.5, 1},

    {"CL", "Crude oil", "NYMEX", "NYMEX_ENERGY", kAllMonths, before_day(3, 25, OnHoliday::kBack, -1), 1000, 0.01},
    {"MCL", "Micro crude oil", "NYMEX", "NYMEX_ENERGY", kAllMonths, before_day(4, 25, OnHoliday::kBack, -1), 100, 0.01},
    {"QM", "E-mini crude oil", "NYMEX", "NYMEX_ENERGY", kAllMonths, before_day(4, 25, OnHoliday::kBack, -1), 500,
     0.025},
    {"NG", "Natural gas", "NYMEX", "NYMEX_ENERGY", kAllMonths, nth_last_trading_day(3, -1), 10000, 0.001},
    {"QG", "E-mini natural gas", "NYMEX", "NYMEX_ENERGY", kAllMonths, nth_last_trading_day(4, -1), 2500, 0.005},
    {"HO", "NY Harbor ULSD", "NYMEX", "NYMEX_ENERGY", kAllMonths, nth_last_trading_day(1, -1), 42000, 0.0001},
    {"RB", "RBOB gasoline", "NYMEX", "NYMEX_ENERGY", kAllMonths, nth_last_trading_day(1, -1), 42000, 0.0001},

    {"GC", "Gold", "COMEX", "COMEX_METALS", "GJMQVZ", kThirdLast, 100, 0.1},
    {"MGC", "Micro gold", "COMEX", "COMEX_METALS", "GJMQVZ", kThirdLast, 10, 0.1},
    {"SI", "Silver", "COMEX", "COMEX_METALS", "HKNUZ", kThirdLast, 5000, 0.005},
    {"HG", "Copper", "COMEX", "COMEX_METALS", "HKNUZ", kThirdLast, 25000, 0.0005},
    {"PL", "Platinum", "NYMEX", "COMEX_METALS", "FJNV", kThirdLast, 50, 0.1},
    {"PA", "Palladium", "NYMEX", "COMEX_METALS", kQuarters, kThirdLast, 100},

    {"ZC", "Corn", "CBOT", "CBOT_GRAINS", "HKNUZ", kBeforeThe15th, 50, 0.25},
    {"ZW", "Chicago soft red winter wheat", "CBOT", "CBOT_GRAINS", "HKNUZ", kBeforeThe15th, 50, 0.25},
    {"KE", "Kansas City hard red winter wheat", "CBOT", "CBOT_GRAINS", "HKNUZ", kBeforeThe15th, 50, 0.25},
    {"ZO", "Oats", "CBOT", "CBOT_GRAINS", "HKNUZ", kBeforeThe15th, 50, 0.25},
    {"ZS", "Soybeans", "CBOT", "CBOT_GRAINS", "FHKNQUX", kBeforeThe15th, 50, 0.25},
    {"ZM", "Soybean meal", "CBOT", "CBOT_GRAINS", "FHKNQUVZ", kBeforeThe15th, 100, 0.1},
    {"ZL", "Soybean oil", "CBOT", "CBOT_GRAINS", "FHKNQUVZ", kBeforeThe15th, 600, 0.01},

    {"ZB", "Treasury bond", "CBOT", "CME_RATES", kQuarters, kSeventhBeforeLast, 1000, 1.0 / 32},
    {"UB", "Ultra Treasury bond", "CBOT", "CME_RATES", kQuarters, kSeventhBeforeLast, 1000, 1.0 / 32},
    {"ZN", "10-year Treasury note", "CBOT", "CME_RATES", kQuarters, kSeventhBeforeLast, 1000, 1.0 / 64},
    {"TN", "Ultra 10-year Treasury note", "CBOT", "CME_RATES", kQuarters, kSeventhBeforeLast, 1000, 1.0 / 64},
    {"ZF", "5-year Treasury note", "CBOT", "CME_RATES", kQuarters, kLast, 1000, 1.0 / 128},
    {"ZT", "2-year Treasury note", "CBOT", "CME_RATES", kQuarters, kLast, 2000, 1.0 / 256},
    {"ZQ", "30-day Fed Funds", "CBOT", "CME_RATES", kAllMonths, kLast, 4167},
    // Named by the month in which its reference quarter begins; trades until that quarter's end.
    {"SR3", "Three-month SOFR", "CME", "CME_RATES", kQuarters, before_nth_weekday(1, 3, kWednesday, 3), 2500},

    {"6E", "Euro FX", "CME", "CME_RATES", kQuarters, kCurrency, 125000, 0.00005},
    {"6B", "British pound", "CME", "CME_RATES", kQuarters, kCurrency, 62500, 0.0001},
    {"6J", "Japanese yen", "CME", "CME_RATES", kQuarters, kCurrency, 12500000, 0.0000005},
    {"6A", "Australian dollar", "CME", "CME_RATES", kQuarters, kCurrency, 100000},
    {"6S", "Swiss franc", "CME", "CME_RATES", kQuarters, kCurrency, 125000},
    {"6N", "New Zealand dollar", "CME", "CME_RATES", kQuarters, kCurrency, 100000},
    {"6C", "Canadian dollar", "CME", "CME_RATES", kQuarters, before_nth_weekday(1, 3, kWednesday), 100000},

    {"FESX", "EURO STOXX 50", "EUREX", "XEUR", kQuarters, kThirdFriday, 10, 1, "EUR"},
    {"FDAX", "DAX", "EUREX", "XEUR", kQuarters, kThirdFriday, 25, 0, "EUR"},
    {"FDXM", "Mini-DAX", "EUREX", "XEUR", kQuarters, kThirdFriday, 5, 0, "EUR"},
    {"FGBL", "Euro-Bund", "EUREX", "XEUR", kQuarters, kEurexBond, 1000, 0.01, "EUR"},
    {"FGBM", "Euro-Bobl", "EUREX", "XEUR", kQuarters, kEurexBond, 1000, 0.01, "EUR"},
    {"FGBS", "Euro-Schatz", "EUREX", "XEUR", kQuarters, kEurexBond, 1000, 0.005, "EUR"},
    {"FGBX", "Euro-Buxl", "EUREX", "XEUR", kQuarters, kEurexBond, 1000, 0.02, "EUR"},
};

}  // namespace

std::span<const FuturesProduct> futures_products() { return kProducts; }

base::Result<FuturesProduct> find_product(std::string_view root) {
  const auto same = [root](std::string_view known) {
    return std::ranges::equal(known, root, [](char a, char b) {
      return a == static_cast<char>(std::toupper(static_cast<unsigned char>(b)));
    });
  };
  const auto found = std::ranges::find_if(kProducts, same, &FuturesProduct::root);
  if (found != std::end(kProducts)) return *found;
  return base::failure(base::ErrorCode::kNotFound,
                       fmt::format("the futures product '{}' is not known here; give the last trade dates of its "
                                   "contracts or the dates of its rolls, or let the last stored bar of each contract "
                                   "stand for its last trade date",
                                   root.substr(0, kRootBytesMax)));
}

base::Result<CivilDate> last_trade_date(const FuturesProduct& product, DeliveryMonth delivery,
                                        const Calendar& calendar) {
  if (!product.months.contains(month_code(delivery.month))) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("{} rolls through the months {}, not through {}", product.root, product.months,
                                     to_string(ContractName{std::string(product.root), delivery})));
  }
  return last_trade_date(product.last_trade, delivery, calendar);
}

std::vector<ContractName> contracts_between(const FuturesProduct& product, DeliveryMonth first, DeliveryMonth last) {
  std::vector<ContractName> contracts;
  for (DeliveryMonth month = first; month <= last; month = add_months(month, 1)) {
    if (product.months.contains(month_code(month.month))) contracts.push_back({std::string(product.root), month});
  }
  return contracts;
}

}  // namespace tradeassist::market
