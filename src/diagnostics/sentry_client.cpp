#include "diagnostics/sentry_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/random_id.hpp"

namespace tradeassist::diagnostics {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kGroupsMax = 1'000;
constexpr std::chrono::seconds kPauseUsual{60}, kPauseMax{3'600}, kLastWords{1};
constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 10;

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

}  // namespace

base::Result<SentryAddress> parse_sentry_dsn(std::string_view dsn) {
  const auto refuse = [](const char* why) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         std::string("sentry_dsn must be https://KEY@HOST/PROJECT: ") + why);
  };
  const std::size_t scheme_end = dsn.find("://");
  if (scheme_end == std::string_view::npos) return refuse("it has no https://");
  const std::string_view scheme = dsn.substr(0, scheme_end);
  std::string_view rest = dsn.substr(scheme_end + 3);
  const std::size_t at = rest.find('@');
  if (at == std::string_view::npos) return refuse("it has no key");
  std::string_view key = rest.substr(0, at);
  key = key.substr(0, key.find(':'));  // of old DSNs with a secret, which is not sent any more
  rest.remove_prefix(at + 1);
  const std::size_t slash = rest.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return refuse("it has no project");
  const std::string_view project = rest.substr(slash + 1), host_and_path = rest.substr(0, slash);
  if (!is_word(key)) return refuse("the key has other characters than letters and digits");
  if (!is_word(project)) return refuse("the project has other characters than letters and digits");
  const bool is_local = host_and_path.starts_with("127.0.0.1:") || host_and_path.starts_with("localhost:");
  if (scheme != "https" && !(scheme == "http" && is_local)) return refuse("it has no https://");
  const std::size_t path_begin = std::min(host_and_path.find('/'), host_and_path.size());
  return SentryAddress{fmt::format("{}://{}{}/api/{}/envelope/", scheme, host_and_path.substr(0, path_begin),
                                   host_and_path.substr(path_begin), project),
                       std::string(key)};
}

base::Result<std::string> sentry_envelope(const ErrorEvent& event, const SentryOptions& options) {
  TRY_ASSIGN(const std::string id, base::random_hex(16));
  boost::json::object extra;
  for (const auto& [name, value] : event.fields) extra[name] = value;
  boost::json::object body{{"event_id", id},
                           {"timestamp", base::format_time(event.at)},
                           {"platform", "native"},
                           {"level", "error"},
                           {"logger", "tradeassist"},
                           {"release", "tradeassist@" + options.version},
                           {"server_name", options.server_name},
                           {"message", {{"formatted", event.message}}},
                           {"fingerprint", {event.group_id()}},
                           {"extra", std::move(extra)}};
  if (!event.place.empty()) {
    body["transaction"] = event.place;
    body["tags"] = {{"place", event.place}};
  }
  if (!event.trace_id.empty()) {
    body["contexts"] = {{"trace", {{"trace_id", event.trace_id}, {"span_id", event.parent_id}}}};
  }
  const std::string payload = base::json_text(body);
  return fmt::format(
      "{}\n{}\n{}\n",
      base::json_text(boost::json::object{{"event_id", id}, {"sent_at", base::format_time(base::now())}}),
      base::json_text(
          boost::json::object{{"type", "event"}, {"content_type", "application/json"}, {"length", payload.size()}}),
      payload);
}

SentryClient::SentryClient(SentryAddress address, SentryOptions options)
    : address_(std::move(address)),
      options_(std::move(options)),
      http_({.connect_timeout = options_.timeout, .timeout = options_.timeout, .body_bytes_max = kAnswerBytesMax}),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

SentryClient::~SentryClient() {
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLastWords, [&] { return queue_.empty(); });
  }
  cut_off_.request_stop();
  thread_.request_stop();
  thread_.join();
}

SentryMetrics SentryClient::metrics() const {
  const std::lock_guard lock(mutex_);
  return metrics_;
}

bool SentryClient::may_send(const std::string& group, steady_clock::time_point now) {
  while (!of_last_minute_.empty() && now - of_last_minute_.front() > std::chrono::minutes(1))
    of_last_minute_.pop_front();
  if (now < not_before_ || queue_.size() >= options_.queued_max) return false;
  if (static_cast<int>(of_last_minute_.size()) >= options_.events_per_minute) return false;
  const auto last = last_of_group_.find(group);
  if (last != last_of_group_.end() && now - last->second < options_.same_group_every) return false;
  if (last_of_group_.size() >= kGroupsMax) last_of_group_.clear();
  last_of_group_[group] = now;
  of_last_minute_.push_back(now);
  return true;
}

void SentryClient::report(const ErrorEvent& event) {
  {
    const std::lock_guard lock(mutex_);
    if (!may_send(event.group_id(), steady_clock::now())) {
      ++metrics_.dropped;
      return;
    }
    queue_.push_back(event);
  }
  changed_.notify_all();
}

void SentryClient::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, stop, [&] { return !queue_.empty(); });
    if (stop.stop_requested()) return;
    const ErrorEvent event = queue_.front();
    lock.unlock();
    send(event, cut_off_.get_token());
    lock.lock();
    queue_.pop_front();
    changed_.notify_all();
  }
}

void SentryClient::send(const ErrorEvent& event, const std::stop_token& stop) {
  auto envelope = sentry_envelope(event, options_);
  if (!envelope) return;
  feed::HttpRequest request{.url = address_.url};
  request.headers = {
      {"Content-Type", "application/x-sentry-envelope"},
      {"X-Sentry-Auth", fmt::format("Sentry sentry_version=7, sentry_client=tradeassist/{}, sentry_key={}",
                                    options_.version, address_.public_key)}};
  request.body = std::move(*envelope);
  const auto response = http_.send(request, stop);
  const std::lock_guard lock(mutex_);
  if (response && response->status >= 200 && response->status < 300) {
    ++metrics_.sent;
    return;
  }
  ++metrics_.failed;
  if (response && response->status == 429) {
    const auto asked = response->retry_after(base::now());
    const auto pause = asked ? std::min<base::Nanoseconds>(*asked, kPauseMax) : base::Nanoseconds(kPauseUsual);
    not_before_ = steady_clock::now() + pause;
  }
}

}  // namespace tradeassist::diagnostics
