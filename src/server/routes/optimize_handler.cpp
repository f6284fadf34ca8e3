// The job behind POST /api/v1/optimize/single.
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/log.hpp"
#include "report/json_rows.hpp"
#include "report/search_report.hpp"
#include "server/routes/services.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kStoredTrialsMax = 10'000;      // of a result
constexpr std::size_t kCheckpointTrialsMax = 50'000;  // a search with more keeps only the first so many
constexpr std::chrono::seconds kCheckpointEvery{2};
constexpr std::size_t kCheckpointCells = 13;  // of a trial

json::array trial_json(const optimize::Trial& t) {
  json::array point;
  for (const double entry : t.point) point.push_back(report::number(entry));
  json::array objectives;
  for (const double value : t.objectives) objectives.push_back(report::number(value));
  return {t.trial,
          std::move(point),
          report::number(t.objective),
          report::number(t.net_profit),
          report::number(t.net_profit_percent),
          report::number(t.max_drawdown_percent),
          report::number(t.sharpe_ratio),
          report::number(t.profit_factor),
          report::number(t.percent_profitable),
          t.total_closed_trades,
          report::number(t.violation),
          t.bar_share,
          std::move(objectives)};
}

/// Trials of an interrupted search; none when they are of other bars, or cannot be read.
std::vector<optimize::Trial> read_checkpoint(const std::string& text, const std::string& fingerprint) {
  std::vector<optimize::Trial> trials;
  const auto value = base::parse_json(text, text.size());
  if (!value || !value->is_object()) return trials;
  const json::value* bars = value->get_object().if_contains("data_fingerprint");
  const json::value* rows = value->get_object().if_contains("trials");
  if (bars == nullptr || rows == nullptr || !bars->is_string() || bars->get_string() != fingerprint ||
      !rows->is_array())
    return trials;
  for (const json::value& row : rows->get_array()) {
    if (!row.is_array() || row.get_array().size() != kCheckpointCells) return {};
    const json::array& cells = row.get_array();
    const auto number = [](const json::value& cell) {
      return cell.is_number() ? cell.to_number<double>() : std::numeric_limits<double>::quiet_NaN();
    };
    const auto real = [&](std::size_t i) { return number(cells[i]); };
    if (!cells[1].is_array() || !cells[12].is_array()) return {};
    optimize::Trial t;
    t.trial = static_cast<std::uint64_t>(real(0));
    for (const json::value& entry : cells[1].get_array()) t.point.push_back(number(entry));
    t.objective = real(2);
    t.net_profit = real(3);
    t.net_profit_percent = real(4);
    t.max_drawdown_percent = real(5);
    t.sharpe_ratio = real(6);
    t.profit_factor = real(7);
    t.percent_profitable = real(8);
    t.total_closed_trades = static_cast<std::int64_t>(real(9));
    t.violation = real(10);
    t.bar_share = real(11);
    for (const json::value& entry : cells[12].get_array()) t.objectives.push_back(number(entry));
    trials.push_back(std::move(t));
  }
  return trials;
}

base::Result<std::string> optimise(jobs::JobContext& context, store::SeriesCache& cache,
                                   const pine::Catalogue& catalogue, int threads) {
  context.report(0, "data_preparation", "");
  TRY_ASSIGN(const json::value value, base::parse_json(context.request(), context.request().size()));
  TRY_ASSIGN(const OptimizeBody body, base::from_json<OptimizeBody>(value));
  std::string name;
  auto prepared = prepare_search(body, cache, catalogue, &name);
  if (const auto* problem = std::get_if<Problem>(&prepared)) {
    return base::failure(base::ErrorCode::kInvalidArgument, problem->detail);
  }
  auto& request = std::get<optimize::SearchRequest>(prepared);
  if (request.threads == 0) request.threads = threads;
  const std::string fingerprint = optimize::data_fingerprint(*request.series);
  request.completed = read_checkpoint(context.last_checkpoint(), fingerprint);

  std::string kept;  // the checkpoint's rows, joined as they come
  std::size_t kept_count = 0;
  const auto keep = [&](const std::vector<optimize::Trial>& trials) {
    for (const optimize::Trial& trial : trials) {
      if (kept_count >= kCheckpointTrialsMax) return;
      kept += (kept.empty() ? "" : ",") + base::json_text(trial_json(trial));
      ++kept_count;
    }
  };
  keep(request.completed);
  auto last_checkpoint = std::chrono::steady_clock::now();
  const auto result = optimize::search(
      request,
      [&](const optimize::SearchProgress& progress) {
        const double share = static_cast<double>(progress.trials_done) /
                             static_cast<double>(std::max<std::uint64_t>(1, progress.trials_total));
        const bool walks = progress.phase == optimize::SearchPhase::kWalkForward;
        context.report(share * 0.99, walks ? "performance_analysis" : "hyperparameter_optimization",
                       base::json_text(report::progress_json(request, progress)));
      },
      context.stop(),
      [&](const std::vector<optimize::Trial>& fresh) {
        keep(fresh);
        const auto now = std::chrono::steady_clock::now();
        if (now - last_checkpoint < kCheckpointEvery && !context.stop().stop_requested()) return;
        last_checkpoint = now;
        const std::string text = R"({"data_fingerprint":")" + fingerprint + R"(","trials":[)" + kept + "]}";
        if (const auto written = context.checkpoint(text); !written) {
          base::log(base::LogLevel::kError, "checkpoint failed", {{"reason", written.error().message}});
        }
      });
  if (!result) return std::unexpected(result.error());
  return base::json_text(report::search_json(name, request, *result, kStoredTrialsMax));
}

}  // namespace

jobs::JobHandler optimize_handler(store::SeriesCache& cache, const pine::Catalogue& catalogue, int threads) {
  return
      [&cache, &catalogue, threads](jobs::JobContext& context) { return optimise(context, cache, catalogue, threads); };
}

}  // namespace tradeassist::server
