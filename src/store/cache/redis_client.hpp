#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::store {

struct RedisOptions {
  std::string url;                               // redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]
  std::chrono::milliseconds wait_max{50};        // for a connection, and for the next bytes of an answer
  std::chrono::milliseconds command_max{250};    // for a whole command
  std::chrono::milliseconds backoff_first{500};  // after a failure nothing is tried for so long, then for twice that…
  std::chrono::milliseconds backoff_max{30'000};
  int connections_max = 8;                // at the same time; what comes while all are in use goes without
  std::size_t value_bytes_max = 4 << 20;  // larger values are not sent: they would take longer than the database
};

struct RedisMetrics {
  std::int64_t commands = 0;  // answered
  std::int64_t failures = 0;  // not answered, or not in time
  std::int64_t skipped = 0;   // not tried, since the last one failed or all connections were in use
  bool is_away = false;
};

/// Values of a Redis server that may go away at any time: then reads find nothing and writes are dropped, at once, and
/// it is tried again by and by. Both ends of an outage are logged. Every method may be called from any thread.
class RedisClient {
 public:
  /// Does not connect yet. kInvalidArgument when the URL is none.
  static base::Result<std::unique_ptr<RedisClient>> create(RedisOptions options);
  ~RedisClient();

  /// Nothing when the key is not there, is no text, or the server is away.
  std::optional<std::string> get(std::string_view key);

  /// False when it was not kept.
  bool set(std::string_view key, std::string_view value, std::chrono::seconds time_to_live);

  /// The integers that a script answers with (EVAL, one key). Nothing when it fails, or the server is away.
  std::optional<std::vector<std::int64_t>> eval(std::string_view script, std::string_view key,
                                                std::initializer_list<std::string_view> arguments);

  RedisMetrics metrics() const;

 private:
  struct State;
  explicit RedisClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tradeassist::store
