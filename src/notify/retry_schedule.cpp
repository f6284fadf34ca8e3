#include "notify/retry_schedule.hpp"

#include <charconv>
#include <cstdint>
#include <string>

namespace tradeassist::notify {
namespace {

constexpr std::size_t kTriesMin = 2, kTriesMax = 20;
constexpr std::int64_t kDelayMax = 7 * 86'400;

/// FNV-1a over the delivery and the try: from 0 to 999, the same on every machine.
unsigned thousandth(std::string_view id, int tries) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3; };
  for (const char c : id) add(static_cast<unsigned char>(c));
  add(static_cast<unsigned char>(tries));
  return static_cast<unsigned>((hash >> 20) % 1'000);
}

}  // namespace

std::optional<std::chrono::milliseconds> RetrySchedule::delay_after(int tries, std::string_view delivery_id) const {
  if (tries < 0 || static_cast<std::size_t>(tries) >= delays.size()) return std::nullopt;
  const std::chrono::milliseconds delay = delays[static_cast<std::size_t>(tries)];
  return delay + delay * thousandth(delivery_id, tries) / 10'000;
}

base::Result<RetrySchedule> parse_retry_schedule(std::string_view text) {
  const auto refuse = [&] {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "'" + std::string(text.substr(0, 80)) +
                             "' is no schedule: write 2 to 20 delays in seconds with blanks between them, the first 0, "
                             "none above 604800, as 0 5 300 1800");
  };
  RetrySchedule schedule;
  schedule.delays.clear();
  for (const char *at = text.data(), *const end = at + text.size(); at != end;) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    std::int64_t seconds = 0;
    const auto [after, error] = std::from_chars(at, end, seconds);
    const bool is_last = after == end || *after == ' ' || *after == ',';
    if (error != std::errc() || !is_last || seconds < 0 || seconds > kDelayMax) return refuse();
    schedule.delays.emplace_back(seconds);
    at = after;
  }
  if (schedule.delays.size() < kTriesMin || schedule.delays.size() > kTriesMax || schedule.delays[0].count() != 0)
    return refuse();
  return schedule;
}

}  // namespace tradeassist::notify
