#include "market/calendar/tables.hpp"

namespace tradeassist::market {

constinit const std::string_view kCryptoTable = R"toml(
# Crypto markets never close; by custom a day is a day of UTC.
name = "CRYPTO"
description = "Crypto currencies, around the clock on every day, by days of UTC"
time_zone = "UTC"
weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

[[hours]]
from = 1998-01-01
sessions = [{ open = "00:00", close = "24:00" }]
)toml";

}  // namespace tradeassist::market
