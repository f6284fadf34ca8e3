#include "notify/channels/notice.hpp"

#include <algorithm>
#include <boost/json/value.hpp>

#include "base/json.hpp"
#include "jobs/stored_text.hpp"
#include "notify/event.hpp"

namespace tradeassist::notify {
namespace {

namespace json = boost::json;

std::string one_line(std::string_view text, std::size_t bytes_max) {
  std::string out = jobs::stored_text(text, bytes_max);
  std::ranges::replace_if(out, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return out;
}

std::string some_lines(std::string_view text) {
  std::string out = jobs::stored_text(text, kTextBytesMax);
  std::ranges::replace_if(out, [](unsigned char c) { return (c < ' ' && c != '\n') || c == 0x7f; }, ' ');
  return out;
}

/// "dead_letter" → "dead letter".
std::string words(std::string_view name) {
  std::string out = one_line(name, 60);
  std::ranges::replace(out, '_', ' ');
  return out;
}

std::string value_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : base::json_text(value);
}

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::kInfo: return "Info";
    case Severity::kWarning: return "Warning";
    case Severity::kCritical: return "Critical";
  }
  return "Info";
}

/// What is said in so many words comes first; the rest is a table.
void add_fields(Notice& notice, const json::object& data) {
  for (const auto& entry : data) {
    if (notice.fields.size() == kFieldsMax) return;
    if (entry.value().is_null() || entry.key() == "message" || entry.key() == "severity") continue;
    if (const json::object* inner = entry.value().if_object(); inner != nullptr) {
      add_fields(notice, *inner);
      continue;
    }
    notice.fields.emplace_back(words(entry.key()), one_line(value_text(entry.value()), kFieldBytesMax));
  }
}

}  // namespace

Notice notice_of(const Delivery& delivery) {
  Notice notice;
  notice.at = delivery.event_at;
  notice.type = delivery.event_type;
  notice.event_id = delivery.event_id;
  notice.severity = delivery.severity;
  const EventType* type = find_event_type(delivery.event_type);
  std::string what(type != nullptr ? type->summary : delivery.event_type);
  what = what.substr(0, what.find(';'));
  const auto body = base::parse_json(delivery.body, delivery.body.size());
  const json::value* data = body && body->is_object() ? body->get_object().if_contains("data") : nullptr;
  if (data != nullptr && data->is_object()) {
    const json::object& object = data->get_object();
    for (const char* name : {"message", "error"}) {
      const json::value* said = object.if_contains(name);
      if (said == nullptr || !said->is_string()) continue;
      notice.text = some_lines(value_text(*said));
      break;
    }
    add_fields(notice, object);
  }
  // Of an alert the message is what it is about.
  const bool is_alert = delivery.event_type.starts_with("alert.");
  if (is_alert && !notice.text.empty()) what = delivery.event_type.substr(6) + ": " + notice.text;
  notice.title = one_line(std::string(severity_word(delivery.severity)) + ": " + what, 200);
  return notice;
}

}  // namespace tradeassist::notify
