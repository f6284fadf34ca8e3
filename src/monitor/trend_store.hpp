#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::monitor {

/// A number whose history is kept.
struct TrendKind {
  std::string_view name, unit, what;
  bool is_cost = false;  // more is worse, and worth a comparison with the days before
};
/// All that are kept; others are refused.
const std::vector<TrendKind>& trend_kinds();
const TrendKind* find_trend_kind(std::string_view name);

/// What was measured in a minute, or an hour, that begins at a time.
struct TrendPoint {
  base::Time at;
  std::int64_t count = 0;
  double minimum = 0, mean = 0, maximum = 0;
};
BOOST_DESCRIBE_STRUCT(TrendPoint, (), (at, count, minimum, mean, maximum))

enum class TrendResolution { kMinute = 60, kHour = 3'600 };

/// The last day beside the week before it. Null where there are not enough hours of one.
struct TrendComparison {
  std::optional<double> last_day, week_before;  // means of the hours
  std::optional<double> change;                 // of the first to the second; 0.5: half as much again
  bool is_regression = false;                   // a cost that grew by more than TrendStore::kRegression
};
BOOST_DESCRIBE_STRUCT(TrendComparison, (), (last_day, week_before, change, is_regression))

/// How the server was, for days: in the app database a point a minute for a week and a point an hour for a year, of
/// each number and each server. Every method may be called from any thread.
class TrendStore {
 public:
  static constexpr std::chrono::days kMinutesKept{7}, kHoursKept{366};
  static constexpr double kRegression = 0.5;
  static constexpr int kDayHoursMin = 6, kWeekHoursMin = 24;  // for a comparison
  static constexpr std::int64_t kPointsMax = 12'000;          // of one answer

  /// `server`: whose numbers are added here.
  static base::Result<std::unique_ptr<TrendStore>> open(const store::DatabaseAddress& address, std::string server);

  /// Numbers of now, by name; of a kind there is. When a minute is over its points are written, and with an hour what
  /// is older than it is kept for goes.
  base::Result<void> add(const std::map<std::string, double>& values, base::Time now);

  /// With from <= at < to, oldest first, of all servers together or of one. kResourceExhausted where there are more
  /// than kPointsMax.
  base::Result<std::vector<TrendPoint>> read(std::string_view name, TrendResolution resolution, base::Time from,
                                             base::Time to, std::string_view server = "");
  base::Result<TrendComparison> compare(const TrendKind& kind, base::Time now);

 private:
  struct Sum {
    std::int64_t count = 0;
    double minimum = 0, sum = 0, maximum = 0;
  };

  TrendStore(std::unique_ptr<store::Connection> connection, std::string server)
      : connection_(std::move(connection)), server_(std::move(server)) {}

  // While mutex_ is held.
  base::Result<void> write(base::Time minute);
  base::Result<void> tidy(base::Time now);
  base::Result<std::pair<std::int64_t, double>> mean_of_hours(std::string_view name, base::Time from, base::Time to);

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
  const std::string server_;
  std::optional<std::int64_t> minute_;  // that sums_ are of, since 1970
  std::optional<std::int64_t> tidied_hour_;
  std::map<std::string, Sum> sums_;
};

}  // namespace tradeassist::monitor
