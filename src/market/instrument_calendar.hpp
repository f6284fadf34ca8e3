#pragma once

#include <string_view>

#include "base/result.hpp"
#include "market/instrument.hpp"

namespace tradeassist::market {

/// The name of the built-in calendar that fits an instrument, by its asset class, its exchange and, for futures, the
/// root of its symbol ("ESZ5", "/CL", "ES1!" and "CME:ES.c.0" all have one). kNotFound where none fits: then one must
/// be named.
base::Result<std::string_view> calendar_name_for(const Instrument& instrument);

}  // namespace tradeassist::market
