#include "notify/webhook_move.hpp"

#include <string>
#include <vector>

namespace tradeassist::notify {
namespace {

base::Result<void> copy_secrets(store::Connection& from, store::Connection& to, const std::string& webhook) {
  TRY_ASSIGN(store::Rows row,
             from.query("SELECT sealed, created_at, valid_until FROM webhook_secret WHERE webhook_id = $1 ORDER BY id",
                        {webhook}));
  while (true) {
    TRY_ASSIGN(const bool more, row.next());
    if (!more) return {};
    TRY(to.run("INSERT INTO webhook_secret (webhook_id, sealed, created_at, valid_until) VALUES ($1, $2, $3, $4)",
               {webhook, row->text(0), row->integer(1), row->optional_integer(2)}));
  }
}

/// What a process that ended had in work is due, as what waits.
base::Result<void> copy_waiting(store::Connection& from, store::Connection& to, const std::string& webhook) {
  TRY_ASSIGN(store::Rows row,
             from.query("SELECT event_id, owner, type, severity, at, body, delivery.id, is_replay, attempts, next_at, "
                        "delivery.created_at FROM delivery JOIN outgoing_event ON outgoing_event.id = event_id WHERE "
                        "target = $1 AND state IN ('pending', 'delivering') ORDER BY number",
                        {webhook}));
  while (true) {
    TRY_ASSIGN(const bool more, row.next());
    if (!more) return {};
    TRY(
        to.run("INSERT INTO outgoing_event (id, owner, type, severity, at, body) VALUES ($1, $2, $3, $4, $5, $6) ON "
               "CONFLICT (id) DO NOTHING",
               {row->text(0), row->text(1), row->text(2), row->text(3), row->integer(4), row->text(5)}));
    TRY(to.run(
        "INSERT INTO delivery (id, event_id, target, state, is_replay, attempts, next_at, created_at) VALUES "
        "($1, $2, $3, 'pending', $4, $5, $6, $7)",
        {row->text(6), row->text(0), webhook, row->integer(7), row->integer(8), row->integer(9), row->integer(10)}));
  }
}

base::Result<std::int64_t> copy_webhook(store::Connection& from, store::Connection& to, const std::string& id) {
  TRY_ASSIGN(store::Rows row, from.query("SELECT owner, url, description, events, is_enabled, disabled_reason, "
                                         "failing_since, created_at, updated_at FROM webhook WHERE id = $1",
                                         {id}));
  TRY_ASSIGN(const bool found, row.next());
  if (!found) return 0;
  TRY_ASSIGN(const std::int64_t is_new,
             to.run("INSERT INTO webhook (id, owner, url, description, events, is_enabled, disabled_reason, "
                    "failing_since, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON "
                    "CONFLICT (id) DO NOTHING",
                    {id, row->text(0), row->text(1), row->text(2), row->text(3), row->integer(4), row->text(5),
                     row->optional_integer(6), row->integer(7), row->integer(8)}));
  if (is_new == 0) return 0;
  TRY(copy_secrets(from, to, id));
  TRY(copy_waiting(from, to, id));
  return 1;
}

}  // namespace

base::Result<std::int64_t> copy_webhooks(store::Connection& from, store::Connection& to) {
  TRY_ASSIGN(const std::vector<std::string> ids,
             from.query_all("SELECT id FROM webhook ORDER BY created_at, id", {},
                            [](const store::Row& row) { return std::string(row.text(0)); }));
  TRY_ASSIGN(auto transaction, store::Transaction::begin(to, store::TransactionKind::kWrite));
  std::int64_t copied = 0;
  for (const std::string& id : ids) {
    TRY_ASSIGN(const std::int64_t is_new, copy_webhook(from, to, id));
    copied += is_new;
  }
  TRY(transaction.commit());
  return copied;
}

}  // namespace tradeassist::notify
