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
    "SELECT number, at, actor, action, target, outcome, request_id, hash FROM audit_entry ";

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
  TRY_ASSIGN(const std::string hash, quick_hash(text));
  return base::hexadecimal(hash);
}

}  // namespace

base::Result<std::unique_ptr<AuditLog>> AuditLog::open(const store::DatabaseAddress& address) {
  TRY_ASSIGN(auto connection, store::open_connection(address));
  TRY(store::migrate(*connection, store::app_migrations()));
  return std::unique_ptr<AuditLog>(new AuditLog(std::move(connection)));
}

base::Result<void> AuditLog::append(const AuditEntry& entry) {
  const std::lock_guard lock(mutex_);
  return store::in_transaction(*connection_, store::ConnectionOptions().outage_timeout,
                               [&] { return append_next(entry); });
}

base::Result<void> AuditLog::append_next(const AuditEntry& entry) {
  // Others wait here, so that numbers and hashes follow on each other.
  TRY(connection_->query_integer(std::string("SELECT id FROM app_state") + store::row_lock(*connection_)));
  TRY_ASSIGN(const auto last,
             connection_->query_first(std::string(kColumns) + "ORDER BY number DESC LIMIT 1", {}, read_entry));
  KeptAuditEntry kept;
  kept.number = last ? last->number + 1 : 1;
  kept.at = base::now();
  kept.actor = plain(entry.actor);
  kept.action = plain(entry.action);
  kept.target = plain(entry.target);
  kept.outcome = plain(entry.outcome);
  kept.request_id = plain(entry.request_id);
  TRY_ASSIGN(kept.hash, hash_of(last ? last->hash : "", kept));
  TRY(connection_->run(
      "INSERT INTO audit_entry (number, at, actor, action, target, outcome, request_id, hash) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7, $8)",
      {kept.number, base::to_nanoseconds(kept.at), kept.actor, kept.action, kept.target, kept.outcome, kept.request_id,
       kept.hash}));
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
