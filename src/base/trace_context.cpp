#include "base/trace_context.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/random_id.hpp"

namespace tradeassist::base {
namespace {

constexpr std::size_t kTraceDigits = 32, kParentDigits = 16;
constexpr std::size_t kHeaderBytes = 2 + 1 + kTraceDigits + 1 + kParentDigits + 1 + 2;
constexpr std::size_t kHeaderBytesMax = 512;  // of a later version

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
  return is_lower_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

}  // namespace

std::optional<TraceContext> parse_traceparent(std::string_view header) {
  if (header.size() < kHeaderBytes || header.size() > kHeaderBytesMax) return std::nullopt;
  const std::string_view version = header.substr(0, 2);
  const std::string_view trace = header.substr(3, kTraceDigits);
  const std::string_view parent = header.substr(4 + kTraceDigits, kParentDigits);
  const std::string_view flags = header.substr(kHeaderBytes - 2, 2);
  if (!is_lower_hex(version) || version == "ff" || !is_id(trace) || !is_id(parent) || !is_lower_hex(flags)) {
    return std::nullopt;
  }
  if (header[2] != '-' || header[3 + kTraceDigits] != '-' || header[kHeaderBytes - 3] != '-') return std::nullopt;
  const bool ends_here = header.size() == kHeaderBytes;
  if (!ends_here && (version == "00" || header[kHeaderBytes] != '-')) return std::nullopt;
  return TraceContext{std::string(trace), std::string(parent), digit(flags[0]) * 16 + digit(flags[1])};
}

std::string child_traceparent(const TraceContext& context) {
  const auto parent = random_hex(kParentDigits / 2);
  if (!parent) return "";
  constexpr unsigned kSampled = 1;  // the only flag of version 00
  return fmt::format("00-{}-{}-{:02x}", context.trace_id, *parent, context.flags & kSampled);
}

}  // namespace tradeassist::base
