#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>

#include "base/time.hpp"

namespace tradeassist::base {
namespace {

/// The sink of the process. spdlog carries the lines; the layout is ours, so that text and JSON have the same fields.
struct Sink {
  std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("tradeassist", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  std::atomic<LogLevel> level = LogLevel::kWarning;
  std::atomic<LogFormat> format = LogFormat::kText;
};

Sink& sink() {
  static Sink the_sink;
  return the_sink;
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
}

std::string json_line(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  std::string line = fmt::format(R"({{"time":"{}","level":"{}","message":")", format_time(now()), to_string(level));
  append_escaped(line, message);
  line += '"';
  for (const auto& [key, value] : fields) {
    line += fmt::format(R"(,"{}":")", key);
    append_escaped(line, value);
    line += '"';
  }
  return line + "}";
}

std::string text_line(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  std::string line =
      fmt::format("{} {:<7} ", format_time(std::chrono::floor<std::chrono::milliseconds>(now())), to_string(level));
  append_escaped(line, message);
  for (const auto& [key, value] : fields) {
    line += fmt::format(" {}=", key);
    const bool quoted = value.empty() || value.find_first_of(" =\"") != std::string::npos;
    if (quoted) line += '"';
    append_escaped(line, value);
    if (quoted) line += '"';
  }
  return line;
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError, LogLevel::kOff}) {
    if (text == to_string(level)) return level;
  }
  return failure(ErrorCode::kInvalidArgument,
                 fmt::format("log level '{}' is not one of debug, info, warning, error, off", text));
}

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
    case LogLevel::kOff: return "off";
  }
  return "off";
}

void configure_log(LogLevel level, LogFormat format) {
  sink().level = level;
  sink().format = format;
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) noexcept {
  try {
    const Sink& target = sink();
    const LogLevel from = target.level;
    if (level < from || from == LogLevel::kOff) return;
    const std::string line =
        target.format == LogFormat::kJson ? json_line(level, message, fields) : text_line(level, message, fields);
    target.logger->info("{}", line);
  } catch (...) {
    // A log line that cannot be written must not stop the work it tells of.
  }
}

}  // namespace tradeassist::base
