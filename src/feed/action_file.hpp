#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/catalogue/corporate_actions.hpp"

namespace tradeassist::feed {

/// What a file of splits and dividends holds.
struct ActionFile {
  std::vector<store::ActionOf> actions;  // in the order of the file
  std::vector<std::string> bad_lines;    // "FILE:LINE: what is wrong", the first kBadLinesMax of them
  std::size_t bad_count = 0;             // of all
};

constexpr std::size_t kBadLinesMax = 20;

/// Reads a CSV with a header: `ex_date` (2020-08-31), `kind` (split or dividend), `value`, and `symbol` unless one is
/// given, which then is that of every line without its own. May be gzip. A date and kind that come twice make a bad
/// line, whatever their values.
///
/// kNotFound when the file cannot be read; kInvalidArgument: a column is missing; kResourceExhausted: more actions than
/// store::kActionsPutMax.
base::Result<ActionFile> read_actions(const std::filesystem::path& path, const std::string& symbol);

}  // namespace tradeassist::feed
