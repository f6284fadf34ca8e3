#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "base/hidden_text.hpp"
#include "base/time.hpp"
#include "base/trace_context.hpp"
#include "base/utf8.hpp"

namespace tradeassist::base {
namespace {

/// The sink of the process. spdlog carries lines to standard error; the layout is ours, so that text and JSON have the
/// same fields.
struct Sink {
  std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("tradeassist", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  std::unique_ptr<LogFile> file;
  std::atomic<LogLevel> level = LogLevel::kWarning;
  std::atomic<LogFormat> format = LogFormat::kText;
  std::shared_mutex observer_mutex;
  ErrorObserver observer;
};

Sink& sink() {
  static Sink the_sink;
  return the_sink;
}

/// As in a JSON string, whatever the bytes are.
void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t bytes = utf8_character_size(text);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (bytes == 0) {
          out += "\\ufffd";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out += text.substr(0, bytes);
        }
    }
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
}

using Fields = std::vector<LogField>;

/// What was given, then what the thread is busy with, each name once.
Fields all_fields(std::initializer_list<LogField> given, const LogContext& context) {
  Fields fields(given);
  for (LogField& field : fields) field.second = without_secrets(std::move(field.second));
  const auto add = [&](std::string_view name, const std::string& value) {
    const bool is_there = std::ranges::find(fields, name, &LogField::first) != fields.end();
    if (!value.empty() && !is_there) fields.emplace_back(name, without_secrets(value));
  };
  add("request_id", context.request_id);
  add("key", context.key_id);
  add("route", context.route);
  add("job", context.job_id);
  if (const auto trace = parse_traceparent(context.traceparent)) add("trace_id", trace->trace_id);
  return fields;
}

std::string json_line(LogLevel level, std::string_view message, const Fields& fields) {
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

std::string text_line(LogLevel level, std::string_view message, const Fields& fields) {
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

std::string make_line(LogFormat format, LogLevel level, std::string_view message, const Fields& fields) {
  return format == LogFormat::kJson ? json_line(level, message, fields) : text_line(level, message, fields);
}

void tell_observer(Sink& target, std::string_view message, std::initializer_list<LogField> fields) {
  const std::shared_lock lock(target.observer_mutex);
  if (target.observer) target.observer(message, {fields.begin(), fields.size()}, thread_log_context());
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

Result<void> configure_log(LogLevel level, LogFormat format, const std::optional<LogFileOptions>& file) {
  std::unique_ptr<LogFile> opened;
  if (file) {
    TRY_ASSIGN(opened, LogFile::open(*file, [format](std::int64_t lines) {
                 return make_line(format, LogLevel::kWarning, "log lines were dropped",
                                  {{"lines", std::to_string(lines)}});
               }));
  }
  sink().level = level;
  sink().format = format;
  sink().file = std::move(opened);
  return {};
}

bool is_logged(LogLevel level) {
  const LogLevel from = sink().level;
  return level >= from && from != LogLevel::kOff;
}

void change_log(LogLevel level, LogFormat format) {
  sink().level = level;
  sink().format = format;
}

void reopen_log() {
  if (sink().file) sink().file->reopen();
}

std::optional<LogFileMetrics> log_metrics() {
  if (!sink().file) return std::nullopt;
  return sink().file->metrics();
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) noexcept {
  try {
    Sink& target = sink();
    if (level == LogLevel::kError) tell_observer(target, message, fields);
    if (!is_logged(level)) return;
    const std::string line = make_line(target.format, level, message, all_fields(fields, thread_log_context()));
    if (target.file) {
      target.file->write(line);
    } else {
      target.logger->info("{}", line);
    }
  } catch (...) {
    // A log line that cannot be written must not stop the work it tells of.
  }
}

void observe_errors(ErrorObserver observer) {
  const std::unique_lock lock(sink().observer_mutex);
  sink().observer = std::move(observer);
}

}  // namespace tradeassist::base
