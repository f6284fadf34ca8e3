#pragma once

#include "server/openapi/answers/market_answers.hpp"
#include "store/benchmark/benchmark_run.hpp"

namespace tradeassist::server::openapi {

struct ProcessStatus {
  std::string status;
};
BOOST_DESCRIBE_STRUCT(ProcessStatus, (), (status))

struct Version {
  std::string version;  // of the program
  std::string release;  // what its installation is called; empty where it is none
};
BOOST_DESCRIBE_STRUCT(Version, (), (version, release))

/// What `benchmark` of PerformanceMetricsResponse is.
struct BenchmarkStory {
  std::optional<store::StoredRun> run, baseline;
  std::optional<std::vector<store::Comparison>> comparisons;
  std::optional<std::vector<std::string>> regressions;
  std::vector<store::Trend> trend;
};
BOOST_DESCRIBE_STRUCT(BenchmarkStory, (), (run, baseline, comparisons, regressions, trend))

struct BenchmarkStatus {
  std::string job_id, state, phase;
  double progress;
  OptionalText error;
  boost::json::value result;
};
BOOST_DESCRIBE_STRUCT(BenchmarkStatus, (), (job_id, state, phase, progress, error, result))

struct RedisHealth {
  std::int64_t commands, failures, skipped;
  bool is_away;
};
BOOST_DESCRIBE_STRUCT(RedisHealth, (), (commands, failures, skipped, is_away))

struct CacheHealth {
  std::int64_t questions, hits, shared_hits, joined, loads, failures;
  OptionalNumber hit_rate;
  std::int64_t evictions, invalidations, expirations, unsettled, entries, bytes, bytes_max;
  OptionalNumber load_seconds_mean, load_seconds_max;
  std::optional<RedisHealth> redis;
};
BOOST_DESCRIBE_STRUCT(CacheHealth, (),
                      (questions, hits, shared_hits, joined, loads, failures, hit_rate, evictions, invalidations,
                       expirations, unsettled, entries, bytes, bytes_max, load_seconds_mean, load_seconds_max, redis))

struct ApiKey {
  std::string id, name, owner;
  std::vector<std::string> scopes;
  std::string state;
  base::Time created_at;
  OptionalTime expires_at, last_used_at, revoked_at;
};
BOOST_DESCRIBE_STRUCT(ApiKey, (), (id, name, owner, scopes, state, created_at, expires_at, last_used_at, revoked_at))

struct IssuedApiKey : ApiKey {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(IssuedApiKey, (ApiKey), (token))

struct ApiKeys {
  std::vector<ApiKey> keys;
};
BOOST_DESCRIBE_STRUCT(ApiKeys, (), (keys))

struct AuditEntry {
  std::int64_t number;
  base::Time at;
  std::string actor, action;
  OptionalText target;
  std::string outcome;
  OptionalText request_id, address;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(AuditEntry, (), (number, at, actor, action, target, outcome, request_id, address, hash))

struct AuditPage {
  std::vector<AuditEntry> entries;
  OptionalText next_cursor;
};
BOOST_DESCRIBE_STRUCT(AuditPage, (), (entries, next_cursor))

struct AuditVerification {
  std::int64_t entries;
  OptionalText last_hash;
  std::optional<std::int64_t> broken_at;
};
BOOST_DESCRIBE_STRUCT(AuditVerification, (), (entries, last_hash, broken_at))

}  // namespace tradeassist::server::openapi
