#include <gtest/gtest.h>

#include <random>

#include "store/cache/plain_value.hpp"
#include "store/cache/series_cache.hpp"
#include "store/testing/bars_model.hpp"
#include "store/testing/market_store_fixture.hpp"
#include "store/testing/redis_servers.hpp"

namespace tradeassist::store {
namespace {

constexpr std::int64_t kHour = 3'600 * base::kNanosecondsPerSecond;
constexpr std::int64_t kStart = 1'767'225'600 * base::kNanosecondsPerSecond;  // 2026-01-01
constexpr std::uint64_t kHours = 24 * 90;

class SeriesCacheProperties : public MarketStoreOnBoth {
 protected:
  /// Two processes would share nothing but the database, and Redis; so do these.
  struct Process {
    std::unique_ptr<MarketStore> store;
    std::unique_ptr<SeriesCache> cache;
  };

  Process start(const std::optional<std::string>& redis) {
    Process process{std::move(MarketStore::open(database_.address()).value()), nullptr};
    SeriesCacheOptions options{.bytes_max = 2 << 20};
    if (redis) options.redis = RedisOptions{.url = *redis};
    process.cache = std::move(SeriesCache::create(*process.store, options).value());
    return process;
  }

  static market::Series random_hours(RandomBars& random) {
    market::Series bars;
    const std::uint64_t count = random.one_in(5) ? 1'500 : 1 + random.below(20);
    for (std::uint64_t hour = random.below(kHours), i = 0; i < count && hour < kHours; ++i, ++hour) {
      const double close = 100 + static_cast<double>(random.below(1'000)) / 100;
      bars.push_back({base::time_from_nanoseconds(kStart + static_cast<std::int64_t>(hour) * kHour), close, close + 1,
                      close - 1, close, static_cast<double>(random.below(50))});
    }
    return bars;
  }

  /// Few questions, so that they are asked again.
  static BarQuery random_query(RandomBars& random) {
    const char* symbols[] = {"SPY", "ESH2026", "ESM2026", "ES.c.0", "ES1!", "GONE"};
    const market::Timeframe timeframes[] = {
        {market::Timeframe::Unit::kHour, 1}, {market::Timeframe::Unit::kHour, 4}, {market::Timeframe::Unit::kDay, 1}};
    BarQuery query;
    query.symbol = symbols[random.below(6)];
    query.timeframe = timeframes[random.below(3)];
    if (random.one_in(3)) {
      query.last = 10 * static_cast<std::int64_t>(random.below(2)) + 1;
    } else if (random.one_in(2)) {
      query.from = base::time_from_nanoseconds(kStart + 240 * kHour);
      query.to = base::time_from_nanoseconds(kStart + 960 * kHour);
    }
    if (random.one_in(4)) query.adjustment = market::Adjustment::kRatioBackward;
    switch (random.below(5)) {
      case 0: query.with_gaps = true; break;
      case 1:
        query.price_adjustment = market::PriceAdjustment::kSplitsAndDividends;
        query.with_factors = true;
        query.vwap = market::VwapRule{.kind = market::VwapRule::Kind::kRolling, .length = 3};
        break;
      default: break;
    }
    return query;
  }

  void change(RandomBars& random, MarketStore& store) {
    const char* symbols[] = {"SPY", "ESH2026", "ESM2026"};
    const std::string symbol = symbols[random.below(3)];
    // What is deleted already, or not yet, refuses; that is as good.
    const auto kind =
        random.one_in(2) ? market::CorporateAction::Kind::kSplit : market::CorporateAction::Kind::kCashDividend;
    const std::int64_t ex_date = kStart / base::kNanosecondsPerDay + static_cast<std::int64_t>(random.below(60));
    switch (random.below(14)) {
      case 0: (void)store.delete_instrument(symbol); return;
      case 1: (void)store.delete_series(static_cast<std::int64_t>(1 + random.below(8))); return;
      case 2: {
        market::Instrument instrument{.symbol = symbol, .time_zone = "America/New_York"};
        if (random.one_in(2)) instrument.session = "0930-1600";
        (void)store.put_instrument(instrument);
        return;
      }
      case 3:
      case 4: (void)store.restore_instrument(symbol); return;
      case 5:
      case 6: (void)store.restore_series(static_cast<std::int64_t>(1 + random.below(8))); return;
      case 7: {
        const ActionOf action{symbol, {ex_date, kind, 0.5 + static_cast<double>(random.below(3))}};
        (void)store.put_corporate_actions(std::vector{action}, "csv");
        return;
      }
      case 8: (void)store.remove_corporate_action(symbol, ex_date, kind); return;
      default: break;
    }
    const auto series =
        store.ensure_series({symbol, {market::Timeframe::Unit::kHour, 1}, random.one_in(3) ? "another" : "csv"});
    if (!series) return;
    const auto import_id = store.begin_import(*series, "csv", "");
    if (import_id) (void)store.append(*series, random_hours(random), *import_id);
  }

  static std::string bytes_of(const BarAnswer& answer) {
    std::string bytes;
    append_plain(bytes, answer);
    return bytes;
  }

  /// Random changes and questions by two processes; every answer must be the one that is read without a cache.
  void run(const std::optional<std::string>& redis) {
    const std::uint64_t seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomBars random(seed);
    Process processes[] = {start(redis), start(redis)};
    for (const char* symbol : {"SPY", "ESH2026", "ESM2026"}) {
      ASSERT_TRUE(processes[0].store->put_instrument({.symbol = symbol}));
    }
    for (int step = 0; step < 2'000; ++step) {
      Process& process = processes[random.below(2)];
      if (random.one_in(15)) {
        change(random, *process.store);
        continue;
      }
      const BarQuery query = random_query(random);
      const auto given = process.cache->answer(query);
      const auto right = answer(*process.store, query);
      ASSERT_EQ(given.has_value(), right.has_value()) << "step " << step << " " << query.symbol;
      if (!right) {
        ASSERT_EQ(given.error().message, right.error().message) << "step " << step;
      } else {
        ASSERT_EQ(bytes_of(*given->answer), bytes_of(*right)) << "step " << step << " " << query.symbol;
      }
    }
    for (const Process& process : processes) {
      const SeriesCacheMetrics metrics = process.cache->metrics();
      EXPECT_GT(metrics.hits, 20);
      EXPECT_GT(metrics.invalidations, 20);
      if (redis) { EXPECT_GT(metrics.shared_hits, 5); }
      EXPECT_EQ(metrics.questions,
                metrics.hits + metrics.shared_hits + metrics.joined + metrics.loads + metrics.failures);
    }
  }
};

INSTANTIATE_ON_BOTH_DATABASES(SeriesCacheProperties);

TEST_P(SeriesCacheProperties, every_answer_is_the_one_without_a_cache) { run(std::nullopt); }

TEST_P(SeriesCacheProperties, every_answer_is_the_one_without_a_cache_when_redis_is_shared) {
  const RedisServer redis;
  run(redis.url());
}

}  // namespace
}  // namespace tradeassist::store
