#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "notify/delivery.hpp"

namespace tradeassist::notify {

/// An event as people read it, in Slack or in a mail.
struct Notice {
  std::string title;                                        // one line: "Critical: a backup could not be made"
  std::string text;                                         // what it says itself; empty: nothing
  std::vector<std::pair<std::string, std::string>> fields;  // what else is known: name and value
  base::Time at;
  std::string type, event_id;
  Severity severity = Severity::kInfo;
};

constexpr std::size_t kFieldsMax = 20, kFieldBytesMax = 300, kTextBytesMax = 2'000;

/// Texts are cut to the bounds above and have no control characters but line ends in `text`.
Notice notice_of(const Delivery& delivery);

}  // namespace tradeassist::notify
