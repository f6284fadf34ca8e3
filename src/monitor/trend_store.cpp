#include "monitor/trend_store.hpp"

#include <algorithm>
#include <utility>

#include "store/database/retry.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::monitor {

using store::in_transaction;

namespace {

constexpr std::chrono::milliseconds kOutageTimeout{2'000}, kSilenceTimeout{10'000};
constexpr std::int64_t kMinute = 60 * base::kNanosecondsPerSecond, kHour = 60 * kMinute;
constexpr std::chrono::days kHoursMadeFrom{2};  // of how long ago minutes are looked at for hours that lack

TrendPoint read_point(const store::Row& row) {
  return {base::time_from_nanoseconds(row.integer(0)), row.integer(1), row.real(2), row.real(3), row.real(4)};
}

}  // namespace

const std::vector<TrendKind>& trend_kinds() {
  static const std::vector<TrendKind> kKinds = {
      {"requests_per_second", "1/s", "requests answered", false},
      {"request_p95_milliseconds", "ms", "time that 95 of 100 requests stayed below", true},
      {"error_rate_percent", "%", "requests that failed on the server's side", true},
      {"query_p95_milliseconds", "ms", "time that 95 of 100 statements stayed below", true},
      {"slow_queries_per_minute", "1/min", "statements that took long", true},
      {"pool_readers_percent", "%", "connections for reading in use", true},
      {"bars_per_second", "1/s", "bars stored", false},
      {"database_bytes", "bytes", "size of the market database", false},
      {"free_disk_bytes", "bytes", "free space for the data directory", false},
      {"jobs_waiting", "jobs", "jobs that waited", true},
      {"cache_hit_percent", "%", "answers that came from the cache", false},
      {"memory_bytes", "bytes", "memory in use", true},
      {"cpu_percent", "%", "processor time, of one processor", true},
      {"open_files", "files", "open file descriptors", true},
      {"web_sockets", "clients", "WebSocket clients", false},
  };
  return kKinds;
}

const TrendKind* find_trend_kind(std::string_view name) {
  const auto& kinds = trend_kinds();
  const auto found = std::ranges::find(kinds, name, &TrendKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

base::Result<std::unique_ptr<TrendStore>> TrendStore::open(const store::DatabaseAddress& address, std::string server) {
  TRY_ASSIGN(auto connection,
             store::open_connection(address, {.outage_timeout = kOutageTimeout, .silence_timeout = kSilenceTimeout}));
  TRY(store::migrate(*connection, store::app_migrations()));
  return std::unique_ptr<TrendStore>(new TrendStore(std::move(connection), std::move(server)));
}

base::Result<void> TrendStore::add(const std::map<std::string, double>& values, base::Time now) {
  const std::int64_t minute = base::floor_divide(base::to_nanoseconds(now), kMinute);
  const std::lock_guard lock(mutex_);
  base::Result<void> written;
  if (minute_ && *minute_ != minute) {
    written = write(base::time_from_nanoseconds(*minute_ * kMinute));
    sums_.clear();
  }
  minute_ = minute;
  for (const auto& [name, value] : values) {
    if (find_trend_kind(name) == nullptr) {
      return base::failure(base::ErrorCode::kInvalidArgument, "there is no trend of '" + name + "'");
    }
    Sum& sum = sums_[name];
    sum.minimum = sum.count == 0 ? value : std::min(sum.minimum, value);
    sum.maximum = sum.count == 0 ? value : std::max(sum.maximum, value);
    sum.sum += value;
    ++sum.count;
  }
  TRY(written);
  const std::int64_t hour = base::floor_divide(minute, 60);
  if (tidied_hour_ == hour) return {};
  TRY(tidy(now));
  tidied_hour_ = hour;
  return {};
}

base::Result<void> TrendStore::write(base::Time minute) {
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<void> {
    for (const auto& [name, sum] : sums_) {
      // A server that was started again within the minute goes on with it.
      TRY(connection_->run(
          "INSERT INTO health_point (server, name, resolution, at, count, minimum, mean, maximum) VALUES ($1, $2, 60, "
          "$3, $4, $5, $6, $7) ON CONFLICT (name, resolution, at, server) DO UPDATE SET count = health_point.count + "
          "excluded.count, mean = (health_point.mean * health_point.count + excluded.mean * excluded.count) / "
          "(health_point.count + excluded.count), minimum = CASE WHEN excluded.minimum < health_point.minimum THEN "
          "excluded.minimum ELSE health_point.minimum END, maximum = CASE WHEN excluded.maximum > "
          "health_point.maximum THEN excluded.maximum ELSE health_point.maximum END",
          {server_, name, base::to_nanoseconds(minute), sum.count, sum.minimum,
           sum.sum / static_cast<double>(sum.count), sum.maximum}));
    }
    return {};
  });
}

/// Makes points of the hours that are over, and removes what is too old.
base::Result<void> TrendStore::tidy(base::Time now) {
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<void> {
    const std::int64_t hour = base::floor_divide(base::to_nanoseconds(now), kHour) * kHour;
    TRY(connection_->run(
        "INSERT INTO health_point (server, name, resolution, at, count, minimum, mean, maximum) SELECT server, name, "
        "3600, at - at % 3600000000000, sum(count), min(minimum), sum(mean * count) / sum(count), max(maximum) FROM "
        "health_point AS minute WHERE resolution = 60 AND server = $1 AND at < $2 AND at >= $3 AND NOT EXISTS (SELECT "
        "1 "
        "FROM health_point AS hour WHERE hour.name = minute.name AND hour.resolution = 3600 AND hour.server = "
        "minute.server AND hour.at = minute.at - minute.at % 3600000000000) GROUP BY server, name, at - at % "
        "3600000000000",
        {server_, hour, base::to_nanoseconds(now - kHoursMadeFrom)}));
    for (const auto& [resolution, kept] : {std::pair{60, kMinutesKept}, std::pair{3600, kHoursKept}}) {
      TRY(connection_->run("DELETE FROM health_point WHERE resolution = $1 AND at < $2",
                           {resolution, base::to_nanoseconds(now - kept)}));
    }
    return {};
  });
}

base::Result<std::vector<TrendPoint>> TrendStore::read(std::string_view name, TrendResolution resolution,
                                                       base::Time from, base::Time to, std::string_view server) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(auto points, in_transaction(*connection_, kOutageTimeout, [&] {
               return connection_->query_all(
                   "SELECT at, sum(count), min(minimum), sum(mean * count) / sum(count), max(maximum) FROM "
                   "health_point WHERE name = $1 AND resolution = $2 AND at >= $3 AND at < $4 AND ($5 = '' OR server = "
                   "$5) GROUP BY at ORDER BY at LIMIT $6",
                   {name, static_cast<std::int64_t>(resolution), base::to_nanoseconds(from), base::to_nanoseconds(to),
                    server, kPointsMax + 1},
                   read_point);
             }));
  if (static_cast<std::int64_t>(points.size()) > kPointsMax) {
    return base::failure(base::ErrorCode::kResourceExhausted, "these are more than " + std::to_string(kPointsMax) +
                                                                  " points; ask for a shorter time, or for hours");
  }
  return points;
}

base::Result<std::pair<std::int64_t, double>> TrendStore::mean_of_hours(std::string_view name, base::Time from,
                                                                        base::Time to) {
  TRY_ASSIGN(const auto found,
             connection_->query_first("SELECT count(DISTINCT at), avg(mean) FROM health_point WHERE name = $1 AND "
                                      "resolution = 3600 AND at >= $2 AND at < $3",
                                      {name, base::to_nanoseconds(from), base::to_nanoseconds(to)},
                                      [](const store::Row& row) { return std::pair(row.integer(0), row.real(1)); }));
  return found.value_or(std::pair<std::int64_t, double>(0, 0));
}

base::Result<TrendComparison> TrendStore::compare(const TrendKind& kind, base::Time now) {
  const base::Time day_ago = now - std::chrono::days(1), week_ago = day_ago - std::chrono::days(7);
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<TrendComparison> {
    TRY_ASSIGN(const auto day, mean_of_hours(kind.name, day_ago, now));
    TRY_ASSIGN(const auto week, mean_of_hours(kind.name, week_ago, day_ago));
    TrendComparison out;
    if (day.first >= kDayHoursMin) out.last_day = day.second;
    if (week.first >= kWeekHoursMin) out.week_before = week.second;
    if (out.last_day && out.week_before && *out.week_before > 0) {
      out.change = *out.last_day / *out.week_before - 1;
      out.is_regression = kind.is_cost && *out.change > kRegression;
    }
    return out;
  });
}

}  // namespace tradeassist::monitor
