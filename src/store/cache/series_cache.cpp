#include "store/cache/series_cache.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/hexadecimal.hpp"
#include "store/cache/answer_codec.hpp"
#include "store/cache/lru_entries.hpp"

namespace tradeassist::store {
namespace {

using Clock = std::chrono::steady_clock;

// More than cores that would ask at the same time.
constexpr std::size_t kShards = 16;

// While something is written without pause, an answer could be read for ever without being known to be of one moment.
constexpr int kAttemptsMax = 2;

// How long warming waits before it looks again whether others still read.
constexpr std::chrono::milliseconds kGiveWay{5};

// Bars take 3 to 16 bytes compressed, and RedisOptions::value_bytes_max bounds what is sent: longer answers would be
// encoded in vain.
constexpr std::size_t kSharedBarsMax = 1'000'000;

constexpr auto kRelaxed = std::memory_order_relaxed;

/// What a load came to. No result: what was read may not be of one moment, or the load was given up.
struct Outcome {
  std::optional<base::Result<CachedAnswer>> result;
};

/// A load that others may wait for.
class Flight {
 public:
  Outcome wait() {
    std::unique_lock lock(mutex_);
    landed_.wait(lock, [&] { return outcome_.has_value(); });
    return *outcome_;
  }
  void land(Outcome outcome) {
    {
      const std::lock_guard lock(mutex_);
      outcome_ = std::move(outcome);
    }
    landed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable landed_;
  std::optional<Outcome> outcome_;
};

/// A question's bytes end where they say, so that the two cannot be taken apart in another way.
std::string flight_name(const std::string& question, std::int64_t version) {
  return question + std::to_string(version);
}

struct Shard {
  std::mutex mutex;
  LruEntries entries;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights;  // by flight_name()
};

struct Counters {
  std::atomic<std::int64_t> questions = 0, hits = 0, shared_hits = 0, joined = 0, loads = 0, failures = 0;
  std::atomic<std::int64_t> evictions = 0, invalidations = 0, expirations = 0, unsettled = 0;
  std::atomic<std::int64_t> bytes = 0, load_nanoseconds = 0, load_nanoseconds_max = 0;
};

void raise_to(std::atomic<std::int64_t>& maximum, std::int64_t value) {
  std::int64_t before = maximum.load(kRelaxed);
  while (before < value && !maximum.compare_exchange_weak(before, value, kRelaxed)) {}
}

}  // namespace

CacheClass cache_class_of(const BarQuery& query, base::Time now) {
  if (query.last || !query.to) return CacheClass::kMarket;
  return *query.to <= now - std::chrono::days(1) ? CacheClass::kHistorical : CacheClass::kQuery;
}

std::optional<double> SeriesCacheMetrics::hit_rate() const {
  const std::int64_t without_reading = hits + shared_hits + joined;
  if (without_reading + loads == 0) return std::nullopt;
  return static_cast<double>(without_reading) / static_cast<double>(without_reading + loads);
}

struct SeriesCache::State {
  State(MarketStore& market, SeriesCacheOptions given) : store(market), options(std::move(given)) {}

  Shard& shard_of(const std::string& question) { return shards[std::hash<std::string>()(question) % kShards]; }

  std::chrono::seconds time_to_live(CacheClass kind) const {
    switch (kind) {
      case CacheClass::kQuery: return options.query_ttl;
      case CacheClass::kHistorical: return options.historical_ttl;
      case CacheClass::kMarket: return options.market_ttl;
      case CacheClass::kSavedQuery: return options.saved_query_ttl;
    }
    return options.query_ttl;
  }

  /// What is kept, if it is right. An entry of a later version than the caller's was right after the caller asked.
  std::optional<CachedAnswer> find(Shard& shard, const std::string& question, std::int64_t version);

  /// One attempt; no result when something was written meanwhile. `unsettled` gets what was read then.
  Outcome attempt(const std::string& question, const BarQuery& query, CacheClass kind, std::int64_t version,
                  std::optional<CachedAnswer>& unsettled);
  /// A load that others can join.
  Outcome fly(const std::string& question, const BarQuery& query, CacheClass kind, std::int64_t version, Flight& flight,
              std::optional<CachedAnswer>& unsettled);
  Outcome load(const std::string& question, const BarQuery& query, CacheClass kind, std::int64_t version,
               std::optional<CachedAnswer>& unsettled);
  std::optional<CachedAnswer> load_shared(const std::string& question, CacheClass kind, std::int64_t version);

  void keep(const std::string& question, const CachedAnswer& made, std::int64_t version, std::chrono::seconds ttl);
  void make_room();
  std::string shared_key(std::string_view question) const;
  void share(const std::string& question, const CachedAnswer& made, std::int64_t version, std::chrono::seconds ttl);

  MarketStore& store;
  const SeriesCacheOptions options;
  std::string identity;  // of the database; set where there is Redis
  std::unique_ptr<RedisClient> redis;
  std::array<Shard, kShards> shards;
  std::atomic<std::uint64_t> uses = 0;
  std::atomic<int> loading = 0;
  Counters counters;
};

std::optional<CachedAnswer> SeriesCache::State::find(Shard& shard, const std::string& question, std::int64_t version) {
  CacheEntry* const entry = shard.entries.find(question);
  if (entry == nullptr) return std::nullopt;
  const bool is_old = entry->version < version;
  if (!is_old && options.clock() < entry->expires_at) {
    shard.entries.touch(question, uses.fetch_add(1, kRelaxed));
    return CachedAnswer{entry->answer, true, entry->read_at};
  }
  (is_old ? counters.invalidations : counters.expirations).fetch_add(1, kRelaxed);
  counters.bytes.fetch_sub(shard.entries.erase(question));
  return std::nullopt;
}

void SeriesCache::State::keep(const std::string& question, const CachedAnswer& made, std::int64_t version,
                              std::chrono::seconds ttl) {
  CacheEntry entry;
  // The question is kept, and so are the nodes of a list and of a map.
  entry.bytes = memory_bytes(*made.answer) + static_cast<std::int64_t>(question.capacity() + sizeof(CacheEntry) + 128);
  if (entry.bytes > options.bytes_max / kEntryShareMax) return;
  entry.answer = made.answer;
  entry.version = version;
  entry.read_at = made.read_at;
  entry.expires_at = options.clock() + ttl;
  counters.bytes.fetch_add(entry.bytes);
  make_room();
  Shard& shard = shard_of(question);
  const std::lock_guard lock(shard.mutex);
  if (const CacheEntry* other = shard.entries.find(question); other != nullptr && other->version > version) {
    counters.bytes.fetch_sub(entry.bytes);
    return;
  }
  entry.last_use = uses.fetch_add(1, kRelaxed);
  counters.bytes.fetch_sub(shard.entries.put(question, std::move(entry)));
}

void SeriesCache::State::make_room() {
  while (counters.bytes.load() > options.bytes_max) {
    Shard* oldest = nullptr;
    std::uint64_t oldest_use = 0;
    for (Shard& shard : shards) {
      const std::lock_guard lock(shard.mutex);
      const auto use = shard.entries.oldest_use();
      if (!use || (oldest != nullptr && *use >= oldest_use)) continue;
      oldest = &shard;
      oldest_use = *use;
    }
    if (oldest == nullptr) return;
    const std::lock_guard lock(oldest->mutex);
    // Another may have used or removed it since; then its successor goes.
    const std::int64_t freed = oldest->entries.erase_oldest();
    counters.bytes.fetch_sub(freed);
    if (freed > 0) counters.evictions.fetch_add(1, kRelaxed);
  }
}

std::string SeriesCache::State::shared_key(std::string_view question) const {
  return "tradeassist:1:" + identity + ":" + base::hexadecimal(question);
}

std::optional<CachedAnswer> SeriesCache::State::load_shared(const std::string& question, CacheClass kind,
                                                            std::int64_t version) {
  const auto bytes = redis->get(shared_key(question));
  if (!bytes) return std::nullopt;
  auto stored = decode_answer(*bytes, question, version);
  if (!stored) return std::nullopt;
  const CachedAnswer made{std::make_shared<const BarAnswer>(std::move(stored->answer)), true, stored->read_at};
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(base::now() - made.read_at);
  keep(question, made, version, time_to_live(kind) - std::clamp(age, std::chrono::seconds(0), time_to_live(kind)));
  return made;
}

void SeriesCache::State::share(const std::string& question, const CachedAnswer& made, std::int64_t version,
                               std::chrono::seconds ttl) {
  if (made.answer->bars.size() > kSharedBarsMax) return;
  redis->set(shared_key(question), encode_answer(question, version, *made.answer, made.read_at), ttl);
}

Outcome SeriesCache::State::load(const std::string& question, const BarQuery& query, CacheClass kind,
                                 std::int64_t version, std::optional<CachedAnswer>& unsettled) {
  if (redis) {
    if (auto shared = load_shared(question, kind, version)) {
      counters.shared_hits.fetch_add(1, kRelaxed);
      return {std::move(*shared)};
    }
  }
  const auto began = Clock::now();
  const base::Time read_at = base::now();
  auto answer = store::answer(store, query);
  const std::chrono::nanoseconds took = Clock::now() - began;
  if (!answer) {
    counters.failures.fetch_add(1, kRelaxed);
    return {std::unexpected(std::move(answer).error())};
  }
  release_spare_memory(*answer);
  const CachedAnswer made{std::make_shared<const BarAnswer>(std::move(*answer)), false, read_at};
  const auto after = store.content_version(query.symbol);
  if (!after || *after != version) {
    counters.unsettled.fetch_add(1, kRelaxed);
    unsettled = made;
    return {};
  }
  counters.loads.fetch_add(1, kRelaxed);
  counters.load_nanoseconds.fetch_add(took.count(), kRelaxed);
  raise_to(counters.load_nanoseconds_max, took.count());
  keep(question, made, version, time_to_live(kind));
  return {made};
}

Outcome SeriesCache::State::fly(const std::string& question, const BarQuery& query, CacheClass kind,
                                std::int64_t version, Flight& flight, std::optional<CachedAnswer>& unsettled) {
  // Lands on every way out, since others wait.
  struct Landing {
    State& state;
    const std::string& question;
    std::int64_t version;
    Flight& flight;
    Outcome outcome{};
    ~Landing() {
      state.loading.fetch_sub(1);
      Shard& shard = state.shard_of(question);
      {
        const std::lock_guard lock(shard.mutex);
        shard.flights.erase(flight_name(question, version));
      }
      flight.land(outcome);
    }
  };
  loading.fetch_add(1);
  Landing landing{*this, question, version, flight};
  landing.outcome = load(question, query, kind, version, unsettled);
  return landing.outcome;
}

Outcome SeriesCache::State::attempt(const std::string& question, const BarQuery& query, CacheClass kind,
                                    std::int64_t version, std::optional<CachedAnswer>& unsettled) {
  std::shared_ptr<Flight> flight;
  bool is_mine = false;
  {
    Shard& shard = shard_of(question);
    const std::lock_guard lock(shard.mutex);
    if (auto found = find(shard, question, version)) {
      counters.hits.fetch_add(1, kRelaxed);
      return {std::move(*found)};
    }
    std::shared_ptr<Flight>& known = shard.flights[flight_name(question, version)];
    is_mine = known == nullptr;
    if (is_mine) known = std::make_shared<Flight>();
    flight = known;
  }
  if (!is_mine) {
    Outcome outcome = flight->wait();
    if (outcome.result) (*outcome.result ? counters.joined : counters.failures).fetch_add(1, kRelaxed);
    return outcome;
  }
  Outcome outcome = fly(question, query, kind, version, *flight, unsettled);
  if (redis && outcome.result && *outcome.result && !(*outcome.result)->is_cached) {
    share(question, **outcome.result, version, time_to_live(kind));  // nobody waits for this
  }
  return outcome;
}

SeriesCache::SeriesCache(std::unique_ptr<State> state) : state_(std::move(state)) {}
SeriesCache::~SeriesCache() = default;

base::Result<std::unique_ptr<SeriesCache>> SeriesCache::create(MarketStore& store, SeriesCacheOptions options) {
  auto state = std::make_unique<State>(store, std::move(options));
  if (state->options.redis) {
    TRY_ASSIGN(state->redis, RedisClient::create(*state->options.redis));
    TRY_ASSIGN(state->identity, store.identity());
  }
  return std::unique_ptr<SeriesCache>(new SeriesCache(std::move(state)));
}

base::Result<CachedAnswer> SeriesCache::answer(const BarQuery& query, std::optional<CacheClass> kind) {
  State& state = *state_;
  state.counters.questions.fetch_add(1, kRelaxed);
  const std::string question = question_bytes(query);
  const CacheClass known_kind = kind.value_or(cache_class_of(query, base::now()));
  std::optional<CachedAnswer> unsettled;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto version = state.store.content_version(query.symbol);
    if (!version) {
      state.counters.failures.fetch_add(1, kRelaxed);
      return std::unexpected(version.error());
    }
    Outcome outcome = state.attempt(question, query, known_kind, *version, unsettled);
    if (outcome.result) return *std::move(outcome.result);
  }
  if (unsettled) {
    state.counters.loads.fetch_add(1, kRelaxed);
    return *unsettled;
  }
  auto read = store::answer(state.store, query);
  (read ? state.counters.loads : state.counters.failures).fetch_add(1, kRelaxed);
  if (!read) return std::unexpected(std::move(read).error());
  return CachedAnswer{std::make_shared<const BarAnswer>(std::move(*read)), false, base::now()};
}

WarmReport SeriesCache::warm(std::span<const BarQuery> queries, const WarmLimits& limits, std::stop_token stop) {
  State& state = *state_;
  WarmReport report;
  const auto deadline = Clock::now() + limits.time_max;
  // With so much room left, one more entry pushes out nothing.
  const std::int64_t full = state.options.bytes_max - state.options.bytes_max / kEntryShareMax;
  std::int64_t bytes = 0;
  const auto is_over = [&] {
    return stop.stop_requested() || Clock::now() >= deadline || bytes >= limits.bytes_max ||
           state.counters.bytes.load() > full;
  };
  for (std::size_t i = 0; i < queries.size(); ++i) {
    while (!is_over() && state.loading.load() > 0) std::this_thread::sleep_for(kGiveWay);
    if (is_over()) {
      report.left_out = static_cast<std::int64_t>(queries.size() - i);
      break;
    }
    const auto made = answer(queries[i], CacheClass::kSavedQuery);
    ++(made ? report.warmed : report.failed);
    if (made) bytes += memory_bytes(*made->answer);
  }
  return report;
}

SeriesCacheMetrics SeriesCache::metrics() const {
  const Counters& now = state_->counters;
  SeriesCacheMetrics metrics{.questions = now.questions,
                             .hits = now.hits,
                             .shared_hits = now.shared_hits,
                             .joined = now.joined,
                             .loads = now.loads,
                             .failures = now.failures,
                             .evictions = now.evictions,
                             .invalidations = now.invalidations,
                             .expirations = now.expirations,
                             .unsettled = now.unsettled,
                             .bytes = now.bytes,
                             .bytes_max = state_->options.bytes_max,
                             .load_time = std::chrono::nanoseconds(now.load_nanoseconds),
                             .load_time_max = std::chrono::nanoseconds(now.load_nanoseconds_max)};
  for (Shard& shard : state_->shards) {
    const std::lock_guard lock(shard.mutex);
    metrics.entries += static_cast<std::int64_t>(shard.entries.size());
  }
  if (state_->redis) metrics.redis = state_->redis->metrics();
  return metrics;
}

MarketStore& SeriesCache::store() const { return state_->store; }

}  // namespace tradeassist::store
