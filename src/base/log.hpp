#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace tradeassist::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };
enum class LogFormat { kText, kJson };

Result<LogLevel> parse_log_level(std::string_view text);
std::string_view to_string(LogLevel level);

/// Sets what the process writes to standard error from now on. Thread-safe.
void configure_log(LogLevel level, LogFormat format);

using LogField = std::pair<std::string_view, std::string>;

/// One event: a fixed message and fields that vary, so that equal events can be grouped. Thread-safe; never throws.
/// JSON: {"time","level","message",fields…} a line; text: `time level message key=value …`. Control characters in
/// values are escaped, so that a value cannot forge a line.
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {}) noexcept;

}  // namespace tradeassist::base
