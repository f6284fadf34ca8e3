#include "feed/providers/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>

#include "base/log_context.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::size_t kHeaderBytesMax = std::size_t{64} * 1024;
constexpr int kPollMilliseconds = 250;

std::string without_query(const std::string& url) { return url.substr(0, url.find('?')); }

struct Received {
  HttpResponse response;
  std::size_t body_bytes_max = 0, header_bytes = 0, body_bytes = 0;
  bool too_large = false;
  CURL* easy = nullptr;
  const HttpRequest* request = nullptr;
  std::optional<base::Error> refusal;             // of HttpRequest::on_body
  std::chrono::steady_clock::time_point last_at;  // when something came

  bool goes_to_taker() const {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return request->on_body && status >= 200 && status < 300;
  }
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* target) {
  auto& received = *static_cast<Received*>(target);
  received.last_at = std::chrono::steady_clock::now();
  received.body_bytes += size;
  if (received.body_bytes > received.body_bytes_max) {
    received.too_large = true;
    return 0;
  }
  if (!received.goes_to_taker()) {
    received.response.body.append(data, size);
  } else if (const auto taken = received.request->on_body({data, size}); !taken) {
    received.refusal = taken.error();
    return 0;
  }
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* target) {
  auto& received = *static_cast<Received*>(target);
  received.last_at = std::chrono::steady_clock::now();
  received.header_bytes += size;
  if (received.header_bytes > kHeaderBytesMax) {
    received.too_large = true;
    return 0;
  }
  std::string_view line(data, size);
  if (line.starts_with("HTTP/")) received.response.headers.clear();  // of an interim answer before
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  line.remove_prefix(colon + 1);
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' ')) line.remove_suffix(1);
  received.response.headers[name] = line;
  return size;
}

ErrorCode code_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return ErrorCode::kInvalidArgument;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return ErrorCode::kFailedPrecondition;
    case CURLE_OUT_OF_MEMORY: return ErrorCode::kResourceExhausted;
    default: return ErrorCode::kUnavailable;
  }
}

void initialize_curl() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
}

}  // namespace

struct HttpClient::State {
  HttpOptions options;
  std::mutex mutex;
  CURLM* multi = nullptr;
  CURL* easy = nullptr;
};

HttpClient::HttpClient(const HttpOptions& options) : state_(std::make_unique<State>()) {
  initialize_curl();
  state_->options = options;
  state_->multi = curl_multi_init();
  state_->easy = curl_easy_init();
}

HttpClient::~HttpClient() {
  curl_easy_cleanup(state_->easy);
  curl_multi_cleanup(state_->multi);
}

base::Result<HttpResponse> HttpClient::send(const HttpRequest& request, const std::stop_token& stop) {
  const std::lock_guard lock(state_->mutex);
  CURL* const easy = state_->easy;
  CURLM* const multi = state_->multi;
  const HttpOptions& options = state_->options;
  if (easy == nullptr || multi == nullptr) return failure(ErrorCode::kResourceExhausted, "libcurl has no memory");

  Received received;
  received.body_bytes_max = options.body_bytes_max;
  received.easy = easy;
  received.request = &request;
  received.last_at = std::chrono::steady_clock::now();
  char message[CURL_ERROR_SIZE] = "";
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, curl_slist_free_all);
  for (const auto& [name, value] : request.headers) {
    curl_slist* const longer = curl_slist_append(headers.get(), (name + ": " + value).c_str());
    if (longer == nullptr) return failure(ErrorCode::kResourceExhausted, "libcurl has no memory");
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
  if (const std::string& trace = base::thread_log_context().traceparent; !trace.empty()) {
    curl_slist* const longer = curl_slist_append(headers.get(), ("traceparent: " + trace).c_str());
    if (longer == nullptr) return failure(ErrorCode::kResourceExhausted, "libcurl has no memory");
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
  curl_easy_reset(easy);  // keeps connections
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0l);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1l);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2l);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1l);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "tradeassist");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &received);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (const auto& sent = request.body ? request.body : request.form) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(sent->size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, sent->c_str());
  }

  const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
  curl_multi_add_handle(multi, easy);
  int running = 1;
  bool is_idle = false;
  while (running > 0 && !stop.stop_requested() && !is_idle) {
    if (curl_multi_perform(multi, &running) != CURLM_OK) break;
    is_idle =
        options.idle_timeout.count() > 0 && std::chrono::steady_clock::now() - received.last_at > options.idle_timeout;
    if (running > 0 && !is_idle) curl_multi_poll(multi, nullptr, 0, kPollMilliseconds, nullptr);
  }
  CURLcode outcome = CURLE_ABORTED_BY_CALLBACK;
  int left = 0;
  while (const CURLMsg* const event = curl_multi_info_read(multi, &left)) {
    if (event->msg == CURLMSG_DONE) outcome = event->data.result;
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_multi_remove_handle(multi, easy);

  const std::string where = without_query(request.url);
  if (received.too_large) {
    return failure(ErrorCode::kResourceExhausted,
                   fmt::format("{}: the answer has more than {} bytes", where, options.body_bytes_max));
  }
  if (received.refusal) return std::unexpected(*received.refusal);
  if (is_idle && outcome != CURLE_OK) {
    return failure(ErrorCode::kUnavailable,
                   fmt::format("{}: nothing came for {} ms", where, options.idle_timeout.count()));
  }
  if (stop.stop_requested() && outcome != CURLE_OK)
    return failure(ErrorCode::kCancelled, where + ": stopped on request");
  if (outcome != CURLE_OK) {
    return failure(code_of(outcome),
                   fmt::format("{}: {}", where, message[0] != '\0' ? message : curl_easy_strerror(outcome)));
  }
  received.response.status = static_cast<int>(status);
  return std::move(received.response);
}

std::optional<base::Nanoseconds> HttpResponse::retry_after(base::Time now) const {
  const auto found = headers.find("retry-after");
  if (found == headers.end()) return std::nullopt;
  return parse_retry_after(found->second, now);
}

std::optional<base::Nanoseconds> parse_retry_after(const std::string& text, base::Time now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) {
    const std::time_t date = curl_getdate(text.c_str(), nullptr);
    if (date < 0) return std::nullopt;
    seconds = static_cast<std::int64_t>(date) - base::to_milliseconds(now) / 1'000;
  }
  constexpr std::int64_t kDay = 86'400;
  return base::Nanoseconds(std::clamp<std::int64_t>(seconds, 0, kDay) * base::kNanosecondsPerSecond);
}

std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string url_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
      out.push_back(static_cast<char>(value));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

std::string form_encoded(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields)
    out += (out.empty() ? "" : "&") + url_encoded(name) + "=" + url_encoded(value);
  return out;
}

}  // namespace tradeassist::feed
