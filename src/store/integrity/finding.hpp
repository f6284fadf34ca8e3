#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace tradeassist::store {

enum class Severity {
  kNote,    // worth knowing; everything is there and right
  kBroken,  // something is wrong or lost
};

/// What repair() can do about a finding.
enum class Remedy {
  kNone,     // the user has to
  kRecount,  // the series row is renewed from the rows there are
  kMove,     // the chunk is given the partition of its time
  kDiscard,  // the chunk is removed, so that its range can be imported again; only when that was asked for
};

/// Something that the doctor came upon.
struct Finding {
  Severity severity = Severity::kBroken;
  Remedy remedy = Remedy::kNone;
  std::int64_t series_id = 0;  // 0: of the database as a whole
  std::string symbol{}, timeframe{}, source{};
  std::optional<base::Time> first_time{}, last_time{};  // of the bars concerned, inclusive
  std::string reason{};                                 // "checksum does not match"
  std::string advice{};                                 // what to do
};

/// "SPY 1m csv, 2020-01-02T14:30:00Z to 2020-01-22T20:59:00Z: checksum does not match; discard … and import …".
std::string to_string(const Finding& finding);

}  // namespace tradeassist::store
