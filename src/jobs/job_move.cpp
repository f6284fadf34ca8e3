#include "jobs/job_move.hpp"

#include <string>
#include <vector>

namespace tradeassist::jobs {
namespace {

constexpr const char* kColumns =
    "job_id, kind, state, phase, progress, detail, request, error, note, attempts, "
    "cancel_requested, created_at, started_at, finished_at, priority, rank, not_before, pause_requested, dead_letter, "
    "retry_of, lease_owner, fence, owner";

base::Result<std::int64_t> copy_job(store::Connection& from, store::Connection& to, const std::string& id) {
  TRY_ASSIGN(store::Rows row, from.query(std::string("SELECT ") + kColumns + " FROM job WHERE job_id = $1", {id}));
  TRY_ASSIGN(const bool found, row.next());
  if (!found) return 0;
  const auto text = [&](int column) { return row->text(column); };
  const auto integer = [&](int column) { return row->integer(column); };
  return to.run(std::string("INSERT INTO job (") + kColumns +
                    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
                    "$20, $21, $22, $23) ON CONFLICT (job_id) DO NOTHING",
                {text(0),
                 text(1),
                 text(2),
                 text(3),
                 row->real(4),
                 text(5),
                 text(6),
                 text(7),
                 text(8),
                 integer(9),
                 integer(10),
                 integer(11),
                 row->optional_integer(12),
                 row->optional_integer(13),
                 integer(14),
                 integer(15),
                 integer(16),
                 integer(17),
                 integer(18),
                 text(19),
                 text(20),
                 integer(21),
                 text(22)});
}

/// The job's result or checkpoint, where it has one.
base::Result<void> copy_text(store::Connection& from, store::Connection& to, const std::string& table,
                             const std::string& id) {
  TRY_ASSIGN(const auto text, from.query_first("SELECT text FROM " + table + " WHERE job_id = $1", {id},
                                               [](const store::Row& row) { return std::string(row.text(0)); }));
  if (text) TRY(to.run("INSERT INTO " + table + " (job_id, text) VALUES ($1, $2)", {id, *text}));
  return {};
}

base::Result<void> copy_log(store::Connection& from, store::Connection& to, const std::string& id) {
  TRY_ASSIGN(store::Rows row, from.query("SELECT line, at, level, text FROM job_log WHERE job_id = $1", {id}));
  while (true) {
    TRY_ASSIGN(const bool more, row.next());
    if (!more) return {};
    TRY(to.run("INSERT INTO job_log (job_id, line, at, level, text) VALUES ($1, $2, $3, $4, $5)",
               {id, row->integer(0), row->integer(1), row->text(2), row->text(3)}));
  }
}

}  // namespace

base::Result<std::int64_t> copy_jobs(store::Connection& from, store::Connection& to) {
  TRY_ASSIGN(const std::vector<std::string> ids,
             from.query_all("SELECT job_id FROM job ORDER BY sequence", {},
                            [](const store::Row& row) { return std::string(row.text(0)); }));
  TRY_ASSIGN(auto transaction, store::Transaction::begin(to, store::TransactionKind::kWrite));
  std::int64_t copied = 0;
  for (const std::string& id : ids) {
    TRY_ASSIGN(const std::int64_t is_new, copy_job(from, to, id));
    if (is_new == 0) continue;
    TRY(copy_text(from, to, "job_result", id));
    TRY(copy_text(from, to, "job_checkpoint", id));
    TRY(copy_log(from, to, id));
    ++copied;
  }
  TRY(transaction.commit());
  return copied;
}

}  // namespace tradeassist::jobs
