#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/log_context.hpp"
#include "base/log_file.hpp"
#include "base/result.hpp"

namespace tradeassist::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };
enum class LogFormat { kText, kJson };

Result<LogLevel> parse_log_level(std::string_view text);
std::string_view to_string(LogLevel level);

/// Whether lines of this level are written: for what costs something to put together. Thread-safe.
bool is_logged(LogLevel level);

/// Sets what the process writes from now on, and where: into a file, or to standard error without one. Call once,
/// before other threads log; when it fails, the log is as it was. kIo when the file cannot be opened.
Result<void> configure_log(LogLevel level, LogFormat format, const std::optional<LogFileOptions>& file = std::nullopt);

/// From which level on, and in which format, lines are written from now on. Thread-safe.
void change_log(LogLevel level, LogFormat format);

/// Opens the file of the log again by its name, where there is one: for whoever moved it away. Thread-safe.
void reopen_log();

/// Lines that are in the file, and those that could not be written; nothing where there is no file. Thread-safe.
std::optional<LogFileMetrics> log_metrics();

using LogField = std::pair<std::string_view, std::string>;

/// One event: a fixed message and fields that vary, so that equal events can be grouped. Thread-safe; never throws.
/// JSON: {"time","level","message",fields…} a line; text: `time level message key=value …`. What the thread is busy
/// with (LogContext) is added. Control characters in values are escaped, so that a value cannot forge a line, and
/// secrets are replaced (base/hidden_text.hpp).
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {}) noexcept;

/// Is told of each event of level error, whatever the level of the log; on the thread that logs, which must not wait.
/// Fields are as they were given, without what the thread is busy with. Call with nothing before what it uses goes.
using ErrorObserver =
    std::function<void(std::string_view message, std::span<const LogField> fields, const LogContext& context)>;
void observe_errors(ErrorObserver observer);

}  // namespace tradeassist::base
