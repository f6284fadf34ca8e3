#include "server/routes/trial_checkpoint.hpp"

#include <boost/json.hpp>
#include <limits>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kWriteEvery{2};
constexpr std::size_t kCells = 13;  // of a trial

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
    if (!row.is_array() || row.get_array().size() != kCells) return {};
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

}  // namespace

TrialCheckpoint::TrialCheckpoint(jobs::JobContext& context, std::string fingerprint)
    : context_(context), fingerprint_(std::move(fingerprint)) {
  kept_ = read_checkpoint(context.last_checkpoint(), fingerprint_);
  append(kept_);
}

void TrialCheckpoint::append(const std::vector<optimize::Trial>& trials) {
  for (const optimize::Trial& trial : trials) {
    if (count_ >= kTrialsMax) return;
    rows_ += (rows_.empty() ? "" : ",") + base::json_text(trial_json(trial));
    ++count_;
  }
}

void TrialCheckpoint::add(const std::vector<optimize::Trial>& trials) {
  append(trials);
  const auto now = std::chrono::steady_clock::now();
  if (now - written_at_ < kWriteEvery && !context_.stop().stop_requested()) return;
  written_at_ = now;
  const std::string text = R"({"data_fingerprint":")" + fingerprint_ + R"(","trials":[)" + rows_ + "]}";
  if (const auto written = context_.checkpoint(text); !written)
    base::log(base::LogLevel::kError, "checkpoint failed", {{"reason", written.error().message}});
}

}  // namespace tradeassist::server
