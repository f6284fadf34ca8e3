#include "backup/verify_backup.hpp"

#include "backup/streams.hpp"
#include "base/hexadecimal.hpp"
#include "base/sha256.hpp"

namespace tradeassist::backup {
namespace {

constexpr std::size_t kProblemsMax = 1'000;

/// Every damaged block of a stream is named, not only the first.
void verify_stream(const Repository& repository, const Stream& stream, const std::string& what, Verification& outcome) {
  bool is_whole = true;
  const auto note = [&](const base::Error& error) {
    is_whole = false;
    if (outcome.problems.size() < kProblemsMax) outcome.problems.push_back(what + ": " + error.message);
  };
  base::Sha256 sum;
  std::size_t names_left = stream.index.size();  // these come first
  const auto named = visit_block_names(repository, stream, [&](std::string_view name) {
    ++outcome.blocks;
    const auto content = repository.get(name);
    if (!content) return note(content.error());
    outcome.bytes += static_cast<std::int64_t>(content->size());
    if (names_left > 0) {
      --names_left;
    } else {
      sum.add(*content);
    }
  });
  if (!named) return note(named.error());
  const auto actual = sum.finish();
  if (is_whole && (!actual || base::hexadecimal(*actual) != stream.sha256))
    note({base::ErrorCode::kDataLoss, "its blocks together are not what was backed up: the SHA-256 does not match"});
}

}  // namespace

base::Result<Verification> verify_backup(const Repository& repository, const std::string& id) {
  Verification outcome{.id = id, .problems = {}};
  const auto manifest = repository.read(id);
  if (!manifest) {
    if (manifest.error().code != base::ErrorCode::kDataLoss) return std::unexpected(manifest.error());
    outcome.problems.push_back(manifest.error().message);
    return outcome;
  }
  for (const BackedUpSchema& schema : manifest->schemas) {
    for (const BackedUpTable& table : schema.tables)
      verify_stream(repository, table.stream, schema.name + "." + table.name, outcome);
  }
  for (const BackedUpFile& file : manifest->files) verify_stream(repository, file.stream, file.path, outcome);
  if (manifest->series) verify_stream(repository, *manifest->series, "fingerprints of series", outcome);
  return outcome;
}

}  // namespace tradeassist::backup
