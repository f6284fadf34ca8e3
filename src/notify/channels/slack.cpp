#include "notify/channels/slack.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "base/json.hpp"

namespace tradeassist::notify {
namespace {

namespace json = boost::json;

constexpr std::size_t kFieldsOfBlockMax = 10;  // Slack takes no more

/// As Slack asks for: & < > are control characters of its markup.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

const char* sign_of(Severity severity) {
  switch (severity) {
    case Severity::kInfo: return ":information_source:";
    case Severity::kWarning: return ":warning:";
    case Severity::kCritical: return ":rotating_light:";
  }
  return "";
}

/// Verbatim: what looks like a link or a name is none.
json::object markdown(std::string text) { return {{"type", "mrkdwn"}, {"text", std::move(text)}, {"verbatim", true}}; }

json::object plain(std::string_view text) { return {{"type", "plain_text"}, {"text", text}}; }

}  // namespace

std::string slack_body(const Notice& notice) {
  json::array blocks;
  blocks.push_back(
      json::object{{"type", "section"},
                   {"text", markdown(std::string(sign_of(notice.severity)) + " *" + escaped(notice.title) + "*")}});
  if (!notice.text.empty()) blocks.push_back(json::object{{"type", "section"}, {"text", plain(notice.text)}});
  json::array fields;
  for (const auto& [name, value] : notice.fields) {
    if (fields.size() == kFieldsOfBlockMax) {
      blocks.push_back(json::object{{"type", "section"}, {"fields", std::exchange(fields, {})}});
    }
    fields.push_back(markdown("*" + escaped(name) + "*\n" + escaped(value)));
  }
  if (!fields.empty()) blocks.push_back(json::object{{"type", "section"}, {"fields", std::move(fields)}});
  const std::string when = base::format_time(std::chrono::floor<std::chrono::seconds>(notice.at)) + "  " + notice.type;
  blocks.push_back(json::object{{"type", "context"}, {"elements", json::array{plain(when)}}});
  return base::json_text(json::object{{"text", escaped(notice.title)}, {"blocks", std::move(blocks)}});
}

Transfer slack_transfer(const std::string& url, const Notice& notice) {
  Transfer transfer;
  transfer.url = url;
  transfer.headers = {{"Content-Type", "application/json"}};
  transfer.body = slack_body(notice);
  transfer.private_allowed = true;  // the operator named the address
  return transfer;
}

}  // namespace tradeassist::notify
