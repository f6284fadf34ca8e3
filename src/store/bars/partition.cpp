#include "store/bars/partition.hpp"

#include <chrono>
#include <limits>

#include "base/time.hpp"

namespace tradeassist::store {

PartitionRange partition_of(std::int64_t time) {
  using namespace std::chrono;
  const auto year_of = year_month_day(floor<days>(base::time_from_nanoseconds(time))).year();
  // In days first: the years at the ends of the range begin before, or end after, what nanoseconds can say.
  const auto start_day = sys_days(year_of / January / 1).time_since_epoch().count();
  const auto end_day = sys_days((year_of + years(1)) / January / 1).time_since_epoch().count();
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  return {start_day < kMin / base::kNanosecondsPerDay ? kMin : start_day * base::kNanosecondsPerDay,
          end_day > kMax / base::kNanosecondsPerDay ? kMax : end_day * base::kNanosecondsPerDay - 1};
}

}  // namespace tradeassist::store
