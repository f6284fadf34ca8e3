#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/database/connection.hpp"
#include "store/integrity/finding.hpp"

namespace tradeassist::store {

/// How far an examination is.
struct ExaminationProgress {
  std::int64_t series_done = 0, series_count = 0;
  std::int64_t bars = 0;  // and ticks
};

struct ExaminationOptions {
  std::string symbol{};              // only its series; empty = all, and the database as a whole
  std::size_t findings_max = 1'000;  // more are counted and not described
  std::function<void(const ExaminationProgress&)> progress{};  // called after each page of chunks
};

/// What an examination found, and how much it looked at.
struct Examination {
  int schema_version = 0;
  std::int64_t series = 0, chunks = 0, bars = 0;  // bars: and ticks, of whole chunks and of tails
  std::vector<Finding> findings;
  std::int64_t broken = 0, notes = 0;  // findings of each severity, also those left out of the list
  // Series that each remedy would help, whether their findings are listed or not.
  std::set<std::int64_t> to_recount, to_move, to_discard;

  void add(Finding finding, std::size_t findings_max);
};

/// Reads everything that is stored of bars and ticks, over a connection that may be read-only, page by page (at most 32
/// chunks in memory), each series in one snapshot, so that others may write meanwhile. Checks, of every chunk, its
/// checksum, that it decodes to the rows that its columns say, that its times ascend, that it lies in its partition and
/// does not overlap the one before it; of every series, that its counts and times are those of its rows; the database's
/// own checks of its file, foreign keys and indexes; the schema's version. Notes imports that were not finished. What
/// bars say of prices is not looked at.
///
/// What is damaged is a finding, not an error: everything else is examined all the same. kNotFound for a symbol that
/// is not there.
base::Result<Examination> examine(Connection& connection, const ExaminationOptions& options = {});

struct RepairOptions {
  bool discard_damaged = false;    // else damaged chunks, and the counts of their series, stay as they are
  std::string_view by = "doctor";  // for the history
};

/// Applies the remedies of an examination, each series in a transaction of its own; a recount and whatever is removed
/// go to the history. Gives a sentence for each thing that was done or left. Examine again afterwards.
base::Result<std::vector<std::string>> repair(Connection& connection, const Examination& examination,
                                              const RepairOptions& options = {});

}  // namespace tradeassist::store
