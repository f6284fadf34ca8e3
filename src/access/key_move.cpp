#include "access/key_move.hpp"

#include <string>
#include <vector>

namespace tradeassist::access {
namespace {

base::Result<void> copy_secrets(store::Connection& from, store::Connection& to, const std::string& id) {
  TRY_ASSIGN(
      store::Rows row,
      from.query("SELECT hash, created_at, valid_until FROM api_key_secret WHERE key_id = $1 ORDER BY id", {id}));
  while (true) {
    TRY_ASSIGN(const bool more, row.next());
    if (!more) return {};
    TRY(to.run("INSERT INTO api_key_secret (key_id, hash, created_at, valid_until) VALUES ($1, $2, $3, $4)",
               {id, row->text(0), row->integer(1), row->optional_integer(2)}));
  }
}

base::Result<std::int64_t> copy_key(store::Connection& from, store::Connection& to, const std::string& id) {
  TRY_ASSIGN(store::Rows row,
             from.query("SELECT owner, name, scopes, created_at, expires_at, last_used_at, revoked_at FROM api_key "
                        "WHERE id = $1",
                        {id}));
  TRY_ASSIGN(const bool found, row.next());
  if (!found) return 0;
  TRY_ASSIGN(const std::int64_t is_new,
             to.run("INSERT INTO api_key (id, owner, name, scopes, created_at, expires_at, last_used_at, revoked_at) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
                    {id, row->text(0), row->text(1), row->text(2), row->integer(3), row->optional_integer(4),
                     row->optional_integer(5), row->optional_integer(6)}));
  if (is_new > 0) TRY(copy_secrets(from, to, id));
  return is_new;
}

}  // namespace

base::Result<std::int64_t> copy_keys(store::Connection& from, store::Connection& to) {
  TRY_ASSIGN(const std::vector<std::string> ids,
             from.query_all("SELECT id FROM api_key ORDER BY created_at", {},
                            [](const store::Row& row) { return std::string(row.text(0)); }));
  TRY_ASSIGN(auto transaction, store::Transaction::begin(to, store::TransactionKind::kWrite));
  std::int64_t copied = 0;
  for (const std::string& id : ids) {
    TRY_ASSIGN(const std::int64_t is_new, copy_key(from, to, id));
    copied += is_new;
  }
  if (copied > 0) TRY(to.run("UPDATE app_state SET key_version = key_version + 1", {}));
  TRY(transaction.commit());
  return copied;
}

}  // namespace tradeassist::access
