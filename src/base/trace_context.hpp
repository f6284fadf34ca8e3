#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tradeassist::base {

/// Where a request belongs in a trace of several programs (W3C Trace Context, Level 1).
struct TraceContext {
  std::string trace_id;   // 32 hexadecimal digits
  std::string parent_id;  // 16: who called
  unsigned flags = 0;     // bit 0: sampled
};

/// Of a header `traceparent`. None: it is not valid, and is to be ignored (3.2.2.3). Of a version that is not known yet
/// what version 00 has is read.
std::optional<TraceContext> parse_traceparent(std::string_view header);

/// The header for whom we call: the same trace, a parent id of our own, version 00. Empty: there is no randomness.
std::string child_traceparent(const TraceContext& context);

}  // namespace tradeassist::base
