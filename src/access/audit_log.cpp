#include "access/audit_log.hpp"

#include <algorithm>

#include "access/secret.hpp"
#include "base/hexadecimal.hpp"
#include "store/database/retry.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::access {
namespace {

constexpr std::int64_t kPageMax = 1'000;
constexpr const char* kColumns =
    "SELECT number, at, actor, action, target, outcome, request_id, hash, address FROM audit_entry ";

/// Without control characters, and not cut within a character of UTF-8.
std::string plain(std::string_view text) {
  std::size_t size = std::min(text.size(), AuditLog::kTextBytesMax);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  std::string out(text.substr(0, size));
  std::ranges::replace_if(out, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return out;
}

KeptAuditEntry read_entry(const store::Row& row) {
  KeptAuditEntry entry;
  entry.number = row.integer(0);
  entry.at = base::time_from_nanoseconds(row.integer(1));
  entry.actor = row.text(2);
  entry.action = row.text(3);
  entry.target = row.text(4);
  entry.outcome = row.text(5);
  entry.request_id = row.text(6);
  entry.hash = row.text(7);
  entry.address = row.text(8);
  return entry;
}

/// Each field with its length before it: no two entries have the same text.
base::Result<std::string> hash_of(std::string_view before, const KeptAuditEntry& entry) {
  std::string text;
  const auto add = [&](std::string_view field) { text += std::to_string(field.size()) + ":" + std::string(field); };
  add(before);
  add(std::to_string(entry.number));
  add(std::to_string(base::to_nanoseconds(entry.at)));
  for (const std::string* field : {&entry.actor, &entry.action, &entry.target, &entry.outcome, &entry.request_id}) {
    add(*field);
  }
  if (!entry.address.empty()) add(entry.address);  // entries from before there were addresses keep their hashes
  TRY_ASSIGN(const std::string hash, quick_hash(text));
  return base::hexadecimal(hash);
}

}  // namespace

base::Result<std::unique_ptr<AuditLog>> AuditLog::open(const store::DatabaseAddress& address) {
  TRY_ASSIGN(auto connection, store::open_connection(address));
  TRY(store::migrate(*connection, store::app_migrations()));
  return std::unique_ptr<AuditLog>(new AuditLog(std::move(connection)));
}

base::Result<void> AuditLog::prepare() {
  const std::lock_guard lock(mutex_);
  return write_waiting();
}

base::Result<void> AuditLog::append(const AuditEntry& entry) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= kWaitingMax) {
    return base::failure(base::ErrorCode::kResourceExhausted,
                         "the audit log cannot be written, and too many entries wait for it");
  }
  waiting_.push_back({entry, base::now()});
  return write_waiting();
}

std::size_t AuditLog::waiting() {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

base::Result<void> AuditLog::write_waiting() {
  const auto write = [&]() -> base::Result<void> {
    for (const Waiting& each : waiting_) TRY(append_next(each));
    // Changes nothing, but has to reach the disk.
    if (waiting_.empty()) TRY(connection_->run("UPDATE app_state SET key_version = key_version"));
    return {};
  };
  TRY(store::in_transaction(*connection_, store::ConnectionOptions().outage_timeout, write));
  waiting_.clear();
  return {};
}

base::Result<void> AuditLog::append_next(const Waiting& waiting) {
  const AuditEntry& entry = waiting.entry;
  // Others wait here, so that numbers and hashes follow on each other.
  TRY(connection_->query_integer(std::string("SELECT id FROM app_state") + store::row_lock(*connection_)));
  TRY_ASSIGN(const auto last,
             connection_->query_first(std::string(kColumns) + "ORDER BY number DESC LIMIT 1", {}, read_entry));
  KeptAuditEntry kept;
  kept.number = last ? last->number + 1 : 1;
  kept.at = waiting.at;
  kept.actor = plain(entry.actor);
  kept.action = plain(entry.action);
  kept.target = plain(entry.target);
  kept.outcome = plain(entry.outcome);
  kept.request_id = plain(entry.request_id);
  kept.address = plain(entry.address);
  TRY_ASSIGN(kept.hash, hash_of(last ? last->hash : "", kept));
  TRY(connection_->run(
      "INSERT INTO audit_entry (number, at, actor, action, target, outcome, request_id, hash, address) VALUES ($1, $2, "
      "$3, $4, $5, $6, $7, $8, $9)",
      {kept.number, base::to_nanoseconds(kept.at), kept.actor, kept.action, kept.target, kept.outcome, kept.request_id,
       kept.hash, kept.address}));
  return {};
}

base::Result<std::vector<KeptAuditEntry>> AuditLog::list(std::int64_t before, std::int64_t limit) {
  const std::lock_guard lock(mutex_);
  return connection_->query_all(std::string(kColumns) + "WHERE number < $1 ORDER BY number DESC LIMIT $2",
                                {before, std::clamp<std::int64_t>(limit, 1, kPageMax)}, read_entry);
}

base::Result<AuditVerdict> AuditLog::verify() {
  AuditVerdict verdict;
  while (true) {
    const std::lock_guard lock(mutex_);  // a page at a time: others write meanwhile
    TRY_ASSIGN(const auto page,
               connection_->query_all(std::string(kColumns) + "WHERE number > $1 ORDER BY number LIMIT $2",
                                      {verdict.entries, kPageMax}, read_entry));
    for (const KeptAuditEntry& entry : page) {
      TRY_ASSIGN(const std::string expected, hash_of(verdict.last_hash, entry));
      if (entry.number != verdict.entries + 1 || entry.hash != expected) {
        verdict.broken_at = verdict.entries + 1;
        return verdict;
      }
      ++verdict.entries;
      verdict.last_hash = entry.hash;
    }
    if (page.size() < static_cast<std::size_t>(kPageMax)) return verdict;
  }
}

}  // namespace tradeassist::access
