#include "market/date_text.hpp"

#include <fmt/format.h>

#include "base/time.hpp"

namespace tradeassist::market {

base::Result<std::int64_t> parse_date(std::string_view text) {
  constexpr std::string_view kForm = "2020-08-31";
  if (text.size() == kForm.size()) {
    if (const auto time = base::parse_time(text)) return base::to_nanoseconds(*time) / base::kNanosecondsPerDay;
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       fmt::format("'{}' is no date; write it as {}", text.substr(0, 32), kForm));
}

}  // namespace tradeassist::market
