#include "store/cache/series_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "store/cache/answer_codec.hpp"
#include "store/testing/market_store_fixture.hpp"
#include "store/testing/redis_servers.hpp"

namespace tradeassist::store {
namespace {

using namespace std::chrono_literals;

class SeriesCaches : public MarketStoreOnBoth {
 protected:
  void SetUp() override {
    MarketStoreOnBoth::SetUp();
    append(minutes(0, 1'000));
    make_cache();
  }

  void make_cache(SeriesCacheOptions options = {}) {
    cache_.reset();
    options.clock = [this] { return now_.load(); };
    cache_ = std::move(SeriesCache::create(*store_, std::move(options)).value());
  }

  /// All bars of a symbol.
  static BarQuery all_of(std::string symbol, int count = 1) {
    BarQuery query;
    query.symbol = std::move(symbol);
    query.timeframe = {market::Timeframe::Unit::kMinute, count};
    return query;
  }
  static BarQuery last(std::int64_t count) {
    BarQuery query = all_of("SPY");
    query.last = count;
    return query;
  }

  CachedAnswer ask(const BarQuery& query) {
    auto answer = cache_->answer(query);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer.value_or(CachedAnswer{std::make_shared<const BarAnswer>(), false, {}});
  }

  /// Asks; tells whether bars were read from the database for it. They must be right either way.
  bool is_read_for(const BarQuery& query) {
    const CachedAnswer given = ask(query);
    const auto right = answer(*store_, query);
    EXPECT_TRUE(right) << right.error().message;
    if (right) {
      EXPECT_TRUE(same_bits(given.answer->bars, right->bars));
      EXPECT_EQ(given.answer->instrument, right->instrument);
      EXPECT_EQ(given.answer->series.appended_at, right->series.appended_at);
    }
    return !given.is_cached;
  }

  std::atomic<std::chrono::steady_clock::time_point> now_{std::chrono::steady_clock::now()};
  std::unique_ptr<SeriesCache> cache_;
};

INSTANTIATE_ON_BOTH_DATABASES(SeriesCaches);

TEST_P(SeriesCaches, the_same_question_gets_the_same_bars_without_a_copy) {
  const CachedAnswer first = ask(last(500)), second = ask(last(500));
  EXPECT_FALSE(first.is_cached);
  EXPECT_TRUE(second.is_cached);
  EXPECT_EQ(first.answer, second.answer);
  EXPECT_EQ(first.read_at, second.read_at);
  EXPECT_EQ(second.bars()->time.data(), first.answer->bars.time.data());
  EXPECT_FALSE(ask(last(501)).is_cached);
  const SeriesCacheMetrics metrics = cache_->metrics();
  EXPECT_EQ(metrics.questions, 3);
  EXPECT_EQ(metrics.hits, 1);
  EXPECT_EQ(metrics.loads, 2);
  EXPECT_EQ(metrics.entries, 2);
  EXPECT_EQ(metrics.hit_rate(), 1.0 / 3);
  EXPECT_GT(metrics.bytes, 1'001 * 48);
  EXPECT_GT(metrics.load_time_max, 0ns);
  EXPECT_GE(metrics.load_time, metrics.load_time_max);
}

TEST_P(SeriesCaches, an_answer_that_is_kept_takes_no_reader) {
  ask(last(500));
  const std::int64_t before = store_->metrics().readers.uses;
  EXPECT_TRUE(ask(last(500)).is_cached);
  EXPECT_EQ(store_->metrics().readers.uses, before);
}

TEST_P(SeriesCaches, the_hit_rate_is_unknown_before_anything_was_asked) {
  EXPECT_EQ(cache_->metrics().hit_rate(), std::nullopt);
  EXPECT_FALSE(cache_->answer(all_of("GONE")));
  EXPECT_EQ(cache_->metrics().hit_rate(), std::nullopt);
  EXPECT_EQ(cache_->metrics().failures, 1);
}

TEST_P(SeriesCaches, whatever_is_written_is_seen_by_the_next_question) {
  const BarQuery five = all_of("SPY", 5);
  ask(five);
  ASSERT_FALSE(is_read_for(five));
  const auto is_seen = [&](auto write) {
    EXPECT_TRUE(write());
    const bool seen = is_read_for(five);
    EXPECT_FALSE(is_read_for(five));
    return seen;
  };
  EXPECT_TRUE(is_seen([&] { return store_->append(series_, minutes(1'000, 1), import_); }));
  EXPECT_TRUE(is_seen([&] { return store_->append(series_, minutes(3, 1), import_); }));
  EXPECT_TRUE(is_seen([&] { return store_->put_instrument({.symbol = "SPY", .session = "0932-1600"}); }));
  const SeriesKey finer{"SPY", {market::Timeframe::Unit::kMinute, 5}, "other"};
  std::int64_t other = 0;
  EXPECT_TRUE(is_seen([&] { return (other = store_->ensure_series(finer).value()) > 0; }));
  EXPECT_TRUE(is_seen([&] { return store_->delete_series(other); }));
  EXPECT_TRUE(is_seen([&] { return store_->restore_series(other); }));
  EXPECT_EQ(cache_->metrics().invalidations, 6);

  ASSERT_TRUE(store_->delete_instrument("SPY"));
  const auto gone = cache_->answer(five);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(is_seen([&] { return store_->restore_instrument("SPY"); }));
}

TEST_P(SeriesCaches, what_another_process_writes_is_seen_too) {
  const auto other = MarketStore::open(database_.address()).value();
  ask(last(5));
  ASSERT_FALSE(is_read_for(last(5)));
  ASSERT_TRUE(other->append(series_, minutes(1'000, 1), import_));
  EXPECT_TRUE(is_read_for(last(5)));
}

TEST_P(SeriesCaches, what_is_written_of_another_symbol_changes_nothing) {
  ask(last(5));
  ASSERT_TRUE(store_->put_instrument({.symbol = "QQQ"}));
  const auto series = store_->ensure_series({"QQQ", {market::Timeframe::Unit::kMinute, 1}, "csv"}).value();
  ASSERT_TRUE(store_->append(series, minutes(0, 10), store_->begin_import(series, "csv", "").value()));
  EXPECT_FALSE(is_read_for(last(5)));
}

TEST_P(SeriesCaches, a_part_that_was_archived_and_dropped_is_told) {
  const BarQuery all = all_of("SPY");
  ask(all);
  const PartitionRange year = partition_of(PartitionKind::kBar, minutes(0, 1).time.front());
  const ChunkFingerprint sealed = store_->seal_partition(PartitionKind::kBar, year).value();
  ASSERT_TRUE(store_->set_partition_archived(
      PartitionKind::kBar, year,
      {.file = "2020.parquet", .sha256 = "0", .row_count = 1'000, .archived_at = base::now()}, sealed));
  ASSERT_TRUE(store_->drop_partition(PartitionKind::kBar, year));
  EXPECT_EQ(ask(all).answer->archived, std::vector{year});
  EXPECT_TRUE(ask(all).is_cached);
  ASSERT_TRUE(store_->open_partition(PartitionKind::kBar, year));
  EXPECT_TRUE(ask(all).answer->archived.empty());
}

TEST_P(SeriesCaches, an_answer_is_kept_for_the_time_of_its_class) {
  const base::Time now = base::now();
  BarQuery range = last(1);
  range.last.reset();
  range.from = now - std::chrono::days(30);
  EXPECT_EQ(cache_class_of(last(5), now), CacheClass::kMarket);
  EXPECT_EQ(cache_class_of(range, now), CacheClass::kMarket);
  range.to = now;
  EXPECT_EQ(cache_class_of(range, now), CacheClass::kQuery);
  range.to = now - std::chrono::days(2);
  EXPECT_EQ(cache_class_of(range, now), CacheClass::kHistorical);

  using Expected = std::pair<CacheClass, std::chrono::seconds>;
  for (const auto& [kind, ttl] :
       {Expected{CacheClass::kMarket, 60s}, Expected{CacheClass::kQuery, 300s},
        Expected{CacheClass::kSavedQuery, 1'800s}, Expected{CacheClass::kHistorical, 3'600s}}) {
    make_cache();
    ASSERT_TRUE(cache_->answer(last(5), kind));
    now_ = now_.load() + ttl - 1s;
    EXPECT_TRUE(ask(last(5)).is_cached);
    now_ = now_.load() + 1s;
    EXPECT_FALSE(ask(last(5)).is_cached);
    EXPECT_EQ(cache_->metrics().expirations, 1);
  }
}

TEST_P(SeriesCaches, memory_is_bounded_and_the_least_recently_used_goes_first) {
  constexpr std::int64_t kBytesMax = 400'000;
  make_cache({.bytes_max = kBytesMax});
  // About 24 kB each.
  for (std::int64_t i = 0; i < 40; ++i) {
    ask(last(400 + i));
    ask(last(400));
    const SeriesCacheMetrics metrics = cache_->metrics();
    ASSERT_LE(metrics.bytes, kBytesMax);
    ASSERT_EQ(metrics.entries, metrics.loads - metrics.evictions);
  }
  const SeriesCacheMetrics metrics = cache_->metrics();
  EXPECT_GT(metrics.evictions, 20);
  EXPECT_GT(metrics.bytes, kBytesMax / 2);
  EXPECT_TRUE(ask(last(400)).is_cached) << "used all the time";
  EXPECT_TRUE(ask(last(439)).is_cached) << "the newest";
  EXPECT_FALSE(ask(last(401)).is_cached) << "the oldest";
}

TEST_P(SeriesCaches, what_would_push_out_much_of_the_rest_is_not_kept) {
  make_cache({.bytes_max = 100'000});
  ask(last(20));
  EXPECT_FALSE(ask(last(1'000)).is_cached);
  EXPECT_FALSE(ask(last(1'000)).is_cached);
  EXPECT_TRUE(ask(last(20)).is_cached);
  make_cache({.bytes_max = 0});
  EXPECT_FALSE(ask(last(20)).is_cached);
  EXPECT_FALSE(ask(last(20)).is_cached);
  EXPECT_EQ(cache_->metrics().entries, 0);
}

TEST_P(SeriesCaches, many_who_ask_the_same_wait_for_one_read) {
  constexpr int kThreads = 10;
  for (int round = 0; round < 20; ++round) {
    make_cache();
    std::latch start(kThreads);
    std::vector<CachedAnswer> answers(kThreads);
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
          start.arrive_and_wait();
          answers[static_cast<std::size_t>(i)] = ask(last(900));
        });
      }
    }
    for (const CachedAnswer& answer : answers) EXPECT_EQ(answer.answer, answers.front().answer);
    const SeriesCacheMetrics metrics = cache_->metrics();
    EXPECT_EQ(metrics.loads, 1);
    EXPECT_EQ(metrics.hits + metrics.joined, kThreads - 1);
  }
}

TEST_P(SeriesCaches, an_error_reaches_all_who_wait_and_is_not_kept) {
  constexpr int kThreads = 8;
  std::latch start(kThreads);
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const auto answer = cache_->answer(all_of("QQQ"));
        failed += !answer && answer.error().code == base::ErrorCode::kNotFound;
      });
    }
  }
  EXPECT_EQ(failed, kThreads);
  EXPECT_EQ(cache_->metrics().failures, kThreads);
  ASSERT_TRUE(store_->put_instrument({.symbol = "QQQ"}));
  const auto series = store_->ensure_series({"QQQ", {market::Timeframe::Unit::kMinute, 1}, "csv"}).value();
  ASSERT_TRUE(store_->append(series, minutes(0, 1), store_->begin_import(series, "csv", "").value()));
  EXPECT_TRUE(cache_->answer(all_of("QQQ")));
}

// Bars only come, one an append, and all in order; so what a question sees can only grow, and never falls behind what
// was acknowledged before it was asked.
TEST_P(SeriesCaches, readers_see_every_append_that_was_acknowledged_before_they_asked) {
  make_cache({.bytes_max = 300'000});  // so that things are pushed out, too
  constexpr int kAppends = 150;
  std::atomic<std::size_t> acknowledged = 1'000;
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 4; ++reader) {
    readers.emplace_back([&, reader](std::stop_token stop) {
      std::size_t seen = 0;
      for (std::int64_t i = 0; !stop.stop_requested(); ++i) {
        const std::size_t before = acknowledged;
        const BarQuery query = i % 3 == 0 ? last(1 + (i + reader) % 50) : last(5);
        const CachedAnswer answer = ask(query);
        const std::int64_t newest = answer.answer->bars.time.empty() ? 0 : answer.answer->bars.time.back();
        ASSERT_GE(newest, minutes(before - 1, 1).time.front());
        ASSERT_GE(static_cast<std::size_t>(newest), seen);
        seen = static_cast<std::size_t>(newest);
      }
    });
  }
  for (int i = 0; i < kAppends; ++i) {
    append(minutes(acknowledged, 1));
    ++acknowledged;
  }
  readers.clear();
  const SeriesCacheMetrics metrics = cache_->metrics();
  EXPECT_EQ(metrics.questions, metrics.hits + metrics.joined + metrics.loads);
  EXPECT_LE(metrics.bytes, 300'000);
}

TEST_P(SeriesCaches, warming_reads_what_is_asked_for_later) {
  const WarmReport report = cache_->warm(std::vector{last(5), all_of("GONE"), last(6)});
  EXPECT_EQ(report.warmed, 2);
  EXPECT_EQ(report.failed, 1);
  EXPECT_EQ(report.left_out, 0);
  EXPECT_TRUE(ask(last(5)).is_cached);
  EXPECT_TRUE(ask(last(6)).is_cached);
}

TEST_P(SeriesCaches, warming_is_bounded_and_pushes_out_nothing) {
  std::vector<BarQuery> queries;
  for (std::int64_t i = 0; i < 40; ++i) queries.push_back(last(400 + i));
  EXPECT_EQ(cache_->warm(queries, {.time_max = 0ms}).left_out, 40);
  const WarmReport few = cache_->warm(queries, {.bytes_max = 100'000});
  EXPECT_GT(few.warmed, 0);
  EXPECT_LT(few.warmed, 8);
  EXPECT_EQ(few.warmed + few.left_out, 40);
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_EQ(cache_->warm(queries, {}, stopped.get_token()).left_out, 40);

  make_cache({.bytes_max = 400'000});
  const WarmReport full = cache_->warm(queries);
  EXPECT_GT(full.warmed, 0);
  EXPECT_GT(full.left_out, 0);
  EXPECT_EQ(cache_->metrics().evictions, 0);
}

// Several servers.

class SharedCaches : public SeriesCaches {
 protected:
  SeriesCacheOptions sharing(const std::string& url) {
    return {.redis = RedisOptions{.url = url, .backoff_first = 5ms, .backoff_max = 20ms}};
  }
  std::unique_ptr<SeriesCache> another(const std::string& url) {
    return std::move(SeriesCache::create(*store_, sharing(url)).value());
  }
};

INSTANTIATE_ON_BOTH_DATABASES(SharedCaches);

TEST_P(SharedCaches, what_one_server_read_the_other_need_not) {
  const RedisServer redis;
  make_cache(sharing(redis.url()));
  const auto other = another(redis.url());
  const CachedAnswer first = other->answer(last(900)).value();
  const CachedAnswer second = ask(last(900));
  EXPECT_FALSE(first.is_cached);
  EXPECT_TRUE(second.is_cached);
  EXPECT_EQ(second.read_at, first.read_at);
  EXPECT_TRUE(same_bits(second.answer->bars, first.answer->bars));
  EXPECT_EQ(cache_->metrics().shared_hits, 1);
  EXPECT_TRUE(ask(last(900)).is_cached);
  EXPECT_EQ(cache_->metrics().hits, 1);
  EXPECT_EQ(cache_->metrics().hit_rate(), 1.0);

  append(minutes(1'000, 1));
  EXPECT_TRUE(is_read_for(last(900))) << "what Redis has is of before";
  EXPECT_TRUE(other->answer(last(900)).value().is_cached);
}

TEST_P(SharedCaches, answers_of_another_database_are_not_taken) {
  const RedisServer redis;
  make_cache(sharing(redis.url()));
  ask(last(5));
  const TestDatabase elsewhere(GetParam());
  const auto store = MarketStore::open(elsewhere.address()).value();
  ASSERT_TRUE(store->put_instrument({.symbol = "SPY", .time_zone = "America/New_York"}));
  const auto series = store->ensure_series({"SPY", {market::Timeframe::Unit::kMinute, 1}, "csv"}).value();
  ASSERT_TRUE(store->append(series, minutes(7, 3), store->begin_import(series, "csv", "").value()));
  ASSERT_EQ(store->content_version("SPY").value(), store_->content_version("SPY").value());
  const auto other = SeriesCache::create(*store, sharing(redis.url())).value();
  const CachedAnswer answer = other->answer(last(5)).value();
  EXPECT_FALSE(answer.is_cached);
  EXPECT_TRUE(same_bits(answer.answer->bars, minutes(7, 3)));
}

TEST_P(SharedCaches, losing_redis_slows_and_never_breaks) {
  RedisServer redis;
  make_cache(sharing(redis.url()));
  EXPECT_TRUE(is_read_for(last(5)));
  redis.stop();
  EXPECT_FALSE(is_read_for(last(5))) << "memory is not lost";
  for (std::int64_t i = 6; i < 30; ++i) EXPECT_TRUE(is_read_for(last(i)));
  EXPECT_TRUE(cache_->metrics().redis->is_away);
  redis.start();
  for (std::int64_t i = 30; i < 10'000 && cache_->metrics().redis->is_away; ++i) {
    ask(last(i % 900 + 30));
    std::this_thread::sleep_for(2ms);
  }
  EXPECT_FALSE(cache_->metrics().redis->is_away);
}

TEST_P(SharedCaches, wrong_servers_are_as_good_as_none) {
  for (const std::string& answer : {std::string(), std::string("garbage\r\n"), std::string("$3\r\nabc\r\n")}) {
    const WrongServer server(answer);
    make_cache(sharing(server.url()));
    for (std::int64_t i = 5; i < 12; ++i) {
      EXPECT_TRUE(is_read_for(last(i)));
      EXPECT_FALSE(is_read_for(last(i)));
    }
  }
}

}  // namespace
}  // namespace tradeassist::store
