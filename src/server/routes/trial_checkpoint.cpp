#include "server/routes/trial_checkpoint.hpp"

#include <boost/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "server/sharing/trial_row.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kWriteEvery{2};

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
    auto trial = read_trial_row(row);
    if (!trial) return {};
    trials.push_back(*std::move(trial));
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
    rows_ += (rows_.empty() ? "" : ",") + base::json_text(trial_row(trial));
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
