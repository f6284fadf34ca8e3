#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Numbers and dates as they are set in print: a real minus sign, thin spaces between thousands and before units, a
/// dash for what is not known.
namespace tradeassist::report {

inline constexpr std::string_view kMinus = "\u2212";
inline constexpr std::string_view kThinSpace = "\u202F";  // narrow and without a line break
inline constexpr std::string_view kDash = "\u2013";

/// -1234.5 with two decimals: "−1 234.50". A value that rounds to zero has no sign.
std::string set_number(double value, int decimals);
std::string set_number(const std::optional<double>& value, int decimals);
std::string set_percent(const std::optional<double>& value, int decimals = 2);
/// As many significant digits as the value needs, at most `digits`: 0.05, 14, 1 250 000.
std::string set_short(double value, int digits = 6);
/// "2024-03-01" of RFC 3339; the time of day too where it is not midnight.
std::string set_time(std::string_view rfc3339);
std::string set_range(std::string_view from, std::string_view to);

}  // namespace tradeassist::report
