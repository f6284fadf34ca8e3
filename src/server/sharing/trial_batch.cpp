#include "server/sharing/trial_batch.hpp"

#include <fmt/format.h>

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "optimize/search.hpp"
#include "server/sharing/trial_row.hpp"

namespace tradeassist::server {

namespace json = boost::json;

/// The task of a batch in JSON.
struct BatchDocument {
  std::size_t entrant = 0, bars = 0;
  std::string data, script;
  std::size_t first = 0, end = 0;
  json::value known;
  std::vector<json::value> trials;
};
BOOST_DESCRIBE_STRUCT(BatchDocument, (), (entrant, bars, data, script, first, end, known, trials))

namespace {

constexpr std::size_t kTextBytesMax = 4 << 20;

/// FNV-1a.
std::string hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return fmt::format("{:016x}", hash);
}

base::Error unreadable() {
  return {base::ErrorCode::kDataLoss,
          "a batch of trials in the database cannot be read; it was not written by this "
          "program"};
}

}  // namespace

SearchIdentity identify(const pine::Program& program, const market::Series& series, std::size_t entrant) {
  std::string script = pine::disassemble(program);
  if (program.source != nullptr) script += program.source->text();
  return {entrant, series.size(), optimize::data_fingerprint(series), hash_of(script)};
}

std::string batch_text(const TrialBatch& batch) {
  BatchDocument document{batch.search.entrant, batch.search.bars, batch.search.data,      batch.search.script,
                         batch.bars.first,     batch.bars.end,    trial_row(batch.known), {}};
  for (const optimize::Trial& trial : batch.trials) document.trials.emplace_back(trial_row(trial));
  return base::json_text(base::to_json(document));
}

base::Result<TrialBatch> read_batch(std::string_view text) {
  const auto value = base::parse_json(text, kTextBytesMax);
  if (!value) return std::unexpected(unreadable());
  auto document = base::from_json<BatchDocument>(*value);
  if (!document) return std::unexpected(unreadable());
  TrialBatch batch;
  batch.search = {document->entrant, document->bars, std::move(document->data), std::move(document->script)};
  batch.bars = {document->first, document->end};
  if (batch.bars.first >= batch.bars.end || batch.bars.end > batch.search.bars) return std::unexpected(unreadable());
  auto known = read_trial_row(document->known);
  if (!known) return std::unexpected(unreadable());
  batch.known = *std::move(known);
  for (const json::value& row : document->trials) {
    auto trial = read_trial_row(row);
    if (!trial) return std::unexpected(unreadable());
    batch.trials.push_back(*std::move(trial));
  }
  return batch;
}

std::string trials_text(const std::vector<optimize::Trial>& trials) {
  json::array rows;
  for (const optimize::Trial& trial : trials) rows.push_back(trial_row(trial));
  return base::json_text(rows);
}

base::Result<std::vector<optimize::Trial>> read_trials(std::string_view text) {
  const auto value = base::parse_json(text, kTextBytesMax);
  if (!value || !value->is_array()) return std::unexpected(unreadable());
  std::vector<optimize::Trial> trials;
  for (const json::value& row : value->get_array()) {
    auto trial = read_trial_row(row);
    if (!trial) return std::unexpected(unreadable());
    trials.push_back(*std::move(trial));
  }
  return trials;
}

bool is_same_trial(const optimize::Trial& a, const optimize::Trial& b) {
  return a.trial == b.trial && a.bar_share == b.bar_share && optimize::same_point(a.point, b.point);
}

bool has_same_figures(const optimize::Trial& a, const optimize::Trial& b) {
  // Rows tell all bits that matter: all but those that NaNs carry.
  return trial_row(a) == trial_row(b);
}

}  // namespace tradeassist::server
