#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "store/answers/bar_query.hpp"
#include "store/cache/redis_client.hpp"

namespace tradeassist::store {

/// What a question is about decides how long its answer is kept at most. Answers that are wrong are never given,
/// however long they are kept: this is only about memory.
enum class CacheClass {
  kQuery,       // a range that ends today or later
  kHistorical,  // a range that ended a day ago or more
  kMarket,      // up to the newest bar
  kSavedQuery,
};

/// The class of a question that nobody saved.
CacheClass cache_class_of(const BarQuery& query, base::Time now);

struct SeriesCacheOptions {
  std::int64_t bytes_max = 256 << 20;  // of memory; 0 keeps nothing
  std::chrono::seconds query_ttl{300}, historical_ttl{3'600}, market_ttl{60}, saved_query_ttl{1'800};
  std::optional<RedisOptions> redis{};  // shared with other servers of the same database
  std::function<std::chrono::steady_clock::time_point()> clock = [] { return std::chrono::steady_clock::now(); };
};

/// A larger answer than this share of the memory is not kept: it would push out all others.
constexpr std::int64_t kEntryShareMax = 4;

struct CachedAnswer {
  std::shared_ptr<const BarAnswer> answer;
  bool is_cached = false;  // no bars were read for it
  base::Time read_at;      // from the database

  /// The bars, without a copy.
  market::SeriesPtr bars() const { return {answer, &answer->bars}; }
};

/// Since the cache was made. Every question is one of hits, shared_hits, joined, loads and failures.
struct SeriesCacheMetrics {
  std::int64_t questions = 0;
  std::int64_t hits = 0;         // from memory
  std::int64_t shared_hits = 0;  // from Redis
  std::int64_t joined = 0;       // waited for the same question of another, and took its answer
  std::int64_t loads = 0;        // from the database
  std::int64_t failures = 0;
  std::int64_t evictions = 0;      // to make room
  std::int64_t invalidations = 0;  // since something was written
  std::int64_t expirations = 0;
  std::int64_t unsettled = 0;  // reads during which something was written, so that their answers were not kept
  std::int64_t bytes = 0, bytes_max = 0, entries = 0;
  std::chrono::nanoseconds load_time{0}, load_time_max{0};  // of loads
  std::optional<RedisMetrics> redis{};

  /// Share of answered questions for which no bars were read; none when there was none.
  std::optional<double> hit_rate() const;
};

struct WarmLimits {
  std::chrono::milliseconds time_max{30'000};
  std::int64_t bytes_max = 64 << 20;
};
struct WarmReport {
  std::int64_t warmed = 0, failed = 0;
  std::int64_t left_out = 0;  // since a limit was reached
};

/// Answers for bars, kept. An answer is given only while everything that it was made of is in the database unchanged,
/// whichever process writes there: each question costs one short query for that (catalogue/content_version.hpp). So what a
/// caller sees is what store::answer would have read at some moment during the call. Those who ask the same at the same
/// time wait for one read. The least recently used goes first; reads of different questions rarely meet at a lock.
///
/// Every method may be called from any thread. The store must outlive it.
class SeriesCache {
 public:
  /// kInvalidArgument when the URL of Redis is none. A server that is away is no error.
  static base::Result<std::unique_ptr<SeriesCache>> create(MarketStore& store, SeriesCacheOptions options = {});
  ~SeriesCache();

  /// As store::answer, with its errors, which are not kept. The class is the question's own where none is given.
  base::Result<CachedAnswer> answer(const BarQuery& query, std::optional<CacheClass> kind = {});

  /// Asks the queries, in order, so that their answers are here when somebody wants them. Gives way: it begins none
  /// while others read, and stops where more would push out what others asked for. Takes the time of the caller, at
  /// most about time_max.
  WarmReport warm(std::span<const BarQuery> queries, const WarmLimits& limits = {}, std::stop_token stop = {});

  SeriesCacheMetrics metrics() const;
  MarketStore& store() const;

 private:
  struct State;
  explicit SeriesCache(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tradeassist::store
