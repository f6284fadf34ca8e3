#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::access {

/// Something that somebody did, or was refused.
struct AuditEntry {
  std::string actor;         // "key 3f9c2d71a04b (ann)", "command line (ann)"
  std::string action;        // "PUT /api/v1/instruments/{symbol}", "key create"
  std::string target;        // what it was done to; empty: nothing that has a name
  std::string outcome;       // "201", "refused: SCOPE_MISSING", "done"
  std::string request_id;    // of the log; empty: none
  std::string address = {};  // where it came from; empty: not over the network
};

/// An entry as it is kept. Its hash is SHA-256 over the hash before it and all that it says, so that no entry can be
/// changed, taken out or put in without all hashes after it.
struct KeptAuditEntry : AuditEntry {
  std::int64_t number = 0;  // from 1, without gaps
  base::Time at;
  std::string hash;  // hexadecimal
};

/// What verify() found.
struct AuditVerdict {
  std::int64_t entries = 0;  // that were looked at
  std::string last_hash;     // of the newest: whoever notes it elsewhere can tell later that nothing before it changed
  std::optional<std::int64_t> broken_at;  // the first entry that does not follow from those before it
};

/// The log of what was changed by whom, in the app database: entries are added, never changed, and the database refuses
/// to change them. Any number of processes may have it open; every method may be called from any thread.
class AuditLog {
 public:
  static constexpr std::size_t kTextBytesMax = 500;  // of a field; what is longer is cut

  /// Opens the log, the app schema brought to the newest version.
  static base::Result<std::unique_ptr<AuditLog>> open(const store::DatabaseAddress& address);

  static constexpr std::size_t kWaitingMax = 1'000;

  /// Whether an entry could be written now, by writing: what waits, or a page of the database. For before what is done
  /// only when it can be noted.
  base::Result<void> prepare();
  /// Durable when it returns. An entry that cannot be written waits in memory for the next call of this or prepare().
  base::Result<void> append(const AuditEntry& entry);
  /// How many entries wait.
  std::size_t waiting();
  /// The newest before number `before`, newest first, at most `limit` (1,000).
  base::Result<std::vector<KeptAuditEntry>> list(std::int64_t before = INT64_MAX, std::int64_t limit = 100);
  /// Computes every hash again.
  base::Result<AuditVerdict> verify();

 private:
  explicit AuditLog(std::unique_ptr<store::Connection> connection) : connection_(std::move(connection)) {}

  struct Waiting {
    AuditEntry entry;
    base::Time at;
  };
  // While mutex_ is held.
  base::Result<void> write_waiting();
  base::Result<void> append_next(const Waiting& waiting);  // in a transaction

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
  std::deque<Waiting> waiting_;
};

}  // namespace tradeassist::access
