#include "store/benchmark/benchmark_history.hpp"

#include <string>

#include "base/json.hpp"

namespace tradeassist::store {
namespace {

constexpr std::size_t kRunBytesMax = 1 << 20;

base::Result<BenchmarkRun> read_run(const std::string& text) {
  TRY_ASSIGN(const auto value, base::parse_json(text, kRunBytesMax));
  return base::from_json<BenchmarkRun>(value);
}

base::Result<std::vector<StoredRun>> read_runs(Connection& connection, std::string_view sql, Parameters parameters) {
  struct Text {
    std::int64_t id;
    bool is_baseline;
    std::string result;
  };
  TRY_ASSIGN(const auto rows, connection.query_all(sql, parameters, [](const Row& row) {
    return Text{row.integer(0), row.integer(1) != 0, std::string(row.text(2))};
  }));
  std::vector<StoredRun> runs;
  for (const Text& row : rows) {
    auto run = read_run(row.result);
    if (!run) {
      return base::failure(base::ErrorCode::kDataLoss,
                           "benchmark run " + std::to_string(row.id) + ": " + run.error().message);
    }
    runs.push_back({row.id, row.is_baseline, std::move(*run)});
  }
  return runs;
}

}  // namespace

base::Result<StoredRun> put_benchmark_run(Connection& connection, const BenchmarkRun& run, bool set_baseline) {
  TRY_ASSIGN(const std::int64_t baselines,
             connection.query_integer("SELECT count(*) FROM benchmark_run WHERE is_baseline = 1"));
  const bool is_baseline = set_baseline || (baselines == 0 && run.is_complete());
  if (is_baseline) TRY(connection.run("UPDATE benchmark_run SET is_baseline = 0 WHERE is_baseline = 1"));
  TRY_ASSIGN(const std::int64_t id,
             connection.query_integer(
                 "INSERT INTO benchmark_run (started_at, is_baseline, result) VALUES ($1, $2, $3) RETURNING id",
                 {base::to_nanoseconds(run.started_at), is_baseline ? 1 : 0, base::json_text(base::to_json(run))}));
  TRY(connection.run("DELETE FROM benchmark_run WHERE is_baseline = 0 AND id <= $1", {id - kBenchmarkRunsKept}));
  return StoredRun{id, is_baseline, run};
}

base::Result<std::vector<StoredRun>> list_benchmark_runs(Connection& connection, std::int64_t limit) {
  return read_runs(connection, "SELECT id, is_baseline, result FROM benchmark_run ORDER BY id DESC LIMIT $1", {limit});
}

base::Result<std::optional<StoredRun>> benchmark_baseline(Connection& connection) {
  TRY_ASSIGN(auto runs,
             read_runs(connection, "SELECT id, is_baseline, result FROM benchmark_run WHERE is_baseline = 1", {}));
  return runs.empty() ? std::nullopt : std::optional(std::move(runs.front()));
}

}  // namespace tradeassist::store
