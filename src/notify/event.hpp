#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "notify/severity.hpp"

namespace tradeassist::notify {

/// Something that happened and that somebody may want to be told of.
struct Event {
  std::string id{};                    // "msg_…", the same at every try; empty: recording gives it one
  std::string type{};                  // of event_types()
  std::string owner{};                 // whose it is; empty: of the system, which every owner may ask for
  std::optional<Severity> severity{};  // none: that of its type
  base::Time at{};                     // the epoch: recording takes the time of the database
  boost::json::object data{};
};

/// One kind of event: the catalogue is what filters may name, what the documents list, and what is published.
struct EventType {
  std::string_view type;  // "group.what"
  Severity severity;      // of most; alerts bring their own
  bool is_of_system;      // else of an owner
  std::string_view summary;
  std::string_view example;  // of `data`, as JSON
};
std::span<const EventType> event_types();
/// Null for what is none.
const EventType* find_event_type(std::string_view type);
/// Its own, else that of its type.
Severity severity_of(const Event& event);

constexpr std::string_view kTestEvent = "webhook.test";  // only ever sent to the webhook that is tested

constexpr std::size_t kDataBytesMax = 64 * 1024;  // of an event's data as JSON
constexpr std::size_t kPatternsMax = 50;          // of one filter

/// {"type":…,"timestamp":…,"data":…}: what a webhook is sent.
std::string body_of(const Event& event);

/// Names of events, each in full, as a group ("job.*"), or all ("*"); without doubles. kInvalidArgument for none, too
/// many, and for a name that fits no event.
base::Result<std::vector<std::string>> check_patterns(const std::vector<std::string>& patterns);
/// The same of a text with blanks or commas between them.
base::Result<std::vector<std::string>> parse_patterns(std::string_view text);
bool matches(std::span<const std::string> patterns, std::string_view type);

}  // namespace tradeassist::notify
