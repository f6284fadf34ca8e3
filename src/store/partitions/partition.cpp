#include "store/partitions/partition.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <limits>

#include "base/time.hpp"

namespace tradeassist::store {
namespace {

using namespace std::chrono;

constexpr std::int64_t kTimeMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kTimeMax = std::numeric_limits<std::int64_t>::max();

year_month first_month_of(PartitionKind kind, std::int64_t time) {
  const year_month_day date(floor<days>(base::time_from_nanoseconds(time)));
  return date.year() / (kind == PartitionKind::kBar ? January : date.month());
}

PartitionRange range_from(PartitionKind kind, year_month first) {
  const year_month next = first + (kind == PartitionKind::kBar ? months(12) : months(1));
  // In days first: what lies at the ends of the range begins before, or ends after, what nanoseconds can say.
  const auto start_day = sys_days(first / 1).time_since_epoch().count();
  const auto end_day = sys_days(next / 1).time_since_epoch().count();
  return {start_day < kTimeMin / base::kNanosecondsPerDay ? kTimeMin : start_day * base::kNanosecondsPerDay,
          end_day > kTimeMax / base::kNanosecondsPerDay ? kTimeMax : end_day * base::kNanosecondsPerDay - 1};
}

}  // namespace

std::string_view to_string(PartitionKind kind) { return kind == PartitionKind::kBar ? "bar" : "tick"; }

std::optional<PartitionKind> parse_partition_kind(std::string_view text) {
  for (const auto kind : {PartitionKind::kBar, PartitionKind::kTick}) {
    if (text == to_string(kind)) return kind;
  }
  return std::nullopt;
}

std::string_view chunk_table(PartitionKind kind) { return kind == PartitionKind::kBar ? "bar_chunk" : "tick_chunk"; }

PartitionRange partition_of(PartitionKind kind, std::int64_t time) {
  return range_from(kind, first_month_of(kind, time));
}

std::string partition_name(PartitionKind kind, PartitionRange range) {
  const year_month first = first_month_of(kind, range.first_time);
  const int year = static_cast<int>(first.year());
  return kind == PartitionKind::kBar ? fmt::format("{:04}", year)
                                     : fmt::format("{:04}-{:02}", year, static_cast<unsigned>(first.month()));
}

base::Result<PartitionRange> parse_partition_name(PartitionKind kind, std::string_view name) {
  const auto number = [](std::string_view digits) {
    int value = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : -1;
  };
  const bool has_month = kind == PartitionKind::kTick;
  const int year_number = name.size() >= 4 ? number(name.substr(0, 4)) : -1;
  const int month_number = !has_month ? 1 : name.size() == 7 && name[4] == '-' ? number(name.substr(5)) : -1;
  // The years that nanoseconds since 1970 reach.
  if (year_number < 1677 || year_number > 2262 || month_number < 1 || month_number > 12 ||
      (!has_month && name.size() != 4)) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        fmt::format("'{}' names no partition: {} are partitioned by {}", name, has_month ? "ticks" : "bars",
                    has_month ? "months, as 2024-02" : "years, as 2024"));
  }
  return range_from(kind, year(year_number) / static_cast<int>(month_number));
}

}  // namespace tradeassist::store
