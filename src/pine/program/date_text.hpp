#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tradeassist::pine {

/// The instant, in seconds since 1970 UTC, of timestamp("…"): ISO 8601 dates and times ("2020-02-20T10:00:00+02:00",
/// "2021-01-01 00:00", "2025-06"), RFC 2822 ("Thu, 20 Feb 2020 10:00 +0000"), names of months in any place, and numbers
/// with the month first ("01/31/2023"). Greenwich time where no zone is given. Nothing when it is no date.
std::optional<std::int64_t> parse_date_text(std::string_view text);

}  // namespace tradeassist::pine
