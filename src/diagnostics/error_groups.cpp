#include "diagnostics/error_groups.hpp"

#include <algorithm>

#include "base/hidden_text.hpp"
#include "base/sha256.hpp"
#include "base/trace_context.hpp"

namespace tradeassist::diagnostics {
namespace {

constexpr std::string_view kSecretNames[] = {"password", "secret", "token", "authorization", "dsn", "cookie"};

bool names_a_secret(std::string_view name) {
  return std::ranges::any_of(kSecretNames, [&](std::string_view each) { return name.find(each) != name.npos; });
}

/// Not cut within a character of UTF-8.
std::string bounded(std::string_view text) {
  std::size_t size = std::min(text.size(), ErrorEvent::kTextBytesMax);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  std::string out(text.substr(0, size));
  std::ranges::replace_if(out, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return out;
}

}  // namespace

std::string ErrorEvent::group_id() const {
  constexpr std::size_t kDigits = 16;
  return base::sha256_of_text(message + '\0' + place).value_or("").substr(0, kDigits);
}

ErrorEvent make_error_event(std::string_view message, std::span<const base::LogField> fields,
                            const base::LogContext& context, base::Time at) {
  ErrorEvent event;
  event.message = bounded(message);
  event.place = context.route;
  event.at = at;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty() || event.fields.size() >= ErrorEvent::kFieldsMax) return;
    const bool is_there = std::ranges::find(event.fields, name, [](const auto& field) {
                            return std::string_view(field.first);
                          }) != event.fields.end();
    if (is_there) return;
    event.fields.emplace_back(bounded(name), names_a_secret(name) ? "***" : bounded(base::without_secrets(value)));
  };
  for (const auto& [name, value] : fields) {
    if (name == "where") {
      event.place = bounded(value);
    } else {
      add(name, value);
    }
  }
  add("request_id", context.request_id);
  add("key", context.key_id);
  add("job", context.job_id);
  if (const auto trace = base::parse_traceparent(context.traceparent)) {
    event.trace_id = trace->trace_id;
    event.parent_id = trace->parent_id;
  }
  return event;
}

void ErrorGroups::add(ErrorEvent event) {
  CountedErrors one{event.group_id(), 1, event.at, std::move(event)};
  const std::lock_guard lock(mutex_);
  merge(std::move(one));
}

void ErrorGroups::merge(CountedErrors counted) {
  const auto known = std::ranges::find(waiting_, counted.group_id, &CountedErrors::group_id);
  if (known == waiting_.end()) {
    if (waiting_.size() >= kGroupsMax) {
      lost_ += counted.count;
    } else {
      waiting_.push_back(std::move(counted));
    }
    return;
  }
  known->count += counted.count;
  known->first_at = std::min(known->first_at, counted.first_at);
  if (counted.last.at >= known->last.at) known->last = std::move(counted.last);
}

std::vector<CountedErrors> ErrorGroups::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

void ErrorGroups::put_back(std::vector<CountedErrors> counted) {
  const std::lock_guard lock(mutex_);
  for (CountedErrors& each : counted) merge(std::move(each));
}

std::int64_t ErrorGroups::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace tradeassist::diagnostics
