#include "notify/transfers.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "notify/address_rules.hpp"

namespace tradeassist::notify {
namespace {

using Clock = std::chrono::steady_clock;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

/// False without memory.
bool append(List& list, const std::string& text) {
  curl_slist* const longer = curl_slist_append(list.get(), text.c_str());
  if (longer == nullptr) return false;
  static_cast<void>(list.release());
  list.reset(longer);
  return true;
}

struct Running {
  Transfer transfer;
  std::function<void(const TransferResult&)> done;
  TransferResult result;
  List headers, recipients;
  std::size_t sent = 0, body_bytes = 0, header_bytes = 0, kept_header_bytes = 0;
  bool was_refused = false;  // an address that is not public
  bool has_connected = false;
  char message[CURL_ERROR_SIZE] = "";
  Clock::time_point started = Clock::now();
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* target) {
  auto& running = *static_cast<Running*>(target);
  running.body_bytes += size;
  std::string& body = running.result.body;
  const std::size_t kept = std::min(size, Transfers::kBodyBytesKept - body.size());
  body.append(data, kept);
  running.result.is_cut |= kept < size;
  return running.body_bytes > Transfers::kBodyBytesRead ? 0 : size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* target) {
  auto& running = *static_cast<Running*>(target);
  running.header_bytes += size;
  if (running.header_bytes > Transfers::kHeaderBytesRead) return 0;
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) running.result.headers.clear();  // of an interim answer before
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || running.transfer.envelope) return size;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' '))
    value.remove_suffix(1);
  running.kept_header_bytes += name.size() + value.size();
  if (running.kept_header_bytes <= Transfers::kHeaderBytesKept)
    running.result.headers.emplace_back(std::move(name), std::string(value));
  return size;
}

std::size_t give_mail(char* buffer, std::size_t size, std::size_t count, void* source) {
  auto& running = *static_cast<Running*>(source);
  const std::string_view left = std::string_view(running.transfer.body).substr(running.sent);
  const std::size_t given = std::min(size * count, left.size());
  std::memcpy(buffer, left.data(), given);
  running.sent += given;
  return given;
}

/// Asked for each address before it is connected to.
curl_socket_t open_socket(void* target, curlsocktype, curl_sockaddr* address) {
  auto& running = *static_cast<Running*>(target);
  if (!running.transfer.private_allowed && !is_public_address(address->addr)) {
    running.was_refused = true;
    return CURL_SOCKET_BAD;
  }
  running.has_connected = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool set_http(CURL* easy, Running& running) {
  for (const auto& [name, value] : running.transfer.headers) {
    if (!append(running.headers, name + ": " + value)) return false;
  }
  if (!append(running.headers, "Expect:")) return false;
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, running.headers.get());
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(running.transfer.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, running.transfer.body.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  return true;
}

bool set_mail(CURL* easy, Running& running) {
  const Envelope& envelope = *running.transfer.envelope;
  for (const std::string& each : envelope.to) {
    if (!append(running.recipients, each)) return false;
  }
  if (!envelope.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, envelope.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, envelope.password.c_str());
  }
  const bool is_open = envelope.security == Envelope::Security::kNone;
  curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(is_open ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, envelope.from.c_str());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, running.recipients.get());
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1l);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_mail);
  curl_easy_setopt(easy, CURLOPT_READDATA, &running);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  return true;
}

bool set_options(CURL* easy, Running& running, const std::string& ca_file) {
  curl_easy_setopt(easy, CURLOPT_URL, running.transfer.url.c_str());
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0l);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1l);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1l);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1l);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2l);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1l);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "TradeAssist");
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(running.transfer.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(running.transfer.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &running);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &running);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &running);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, running.message);
  if (!ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
  return running.transfer.envelope ? set_mail(easy, running) : set_http(easy, running);
}

/// In words of ours where they matter, so that they are the same whatever libcurl says.
std::string error_text(const Running& running, CURLcode code) {
  const Transfer& transfer = running.transfer;
  if (running.was_refused && !running.has_connected)
    return "its host stands for an address of this machine or a private network, which is not allowed";
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return "no complete answer within " + std::to_string(transfer.timeout.count() / 1'000) + " seconds";
    case CURLE_COULDNT_RESOLVE_HOST: return "its host is not known";
    case CURLE_COULDNT_CONNECT: return "nothing answers at its address";
    case CURLE_PEER_FAILED_VERIFICATION: return "its certificate is not trusted";
    case CURLE_LOGIN_DENIED: return "the mail server does not accept the user and password";
    case CURLE_USE_SSL_FAILED: return "the mail server does not offer TLS";
    default: return running.message[0] != '\0' ? running.message : curl_easy_strerror(code);
  }
}

void finish(CURL* easy, Running& running, CURLcode code) {
  TransferResult& result = running.result;
  result.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - running.started);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  const bool body_was_too_long = running.body_bytes > Transfers::kBodyBytesRead;
  const bool has_answer = status > 0 && (code == CURLE_OK || body_was_too_long);
  if (has_answer || running.transfer.envelope) result.status = static_cast<int>(status);
  if (!has_answer) result.error = error_text(running, code);
  running.done(result);
}

}  // namespace

std::optional<std::string> TransferResult::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return std::nullopt;
}

struct Transfers::State {
  std::string ca_file;
  CURLM* multi = nullptr;
  std::map<CURL*, std::unique_ptr<Running>> running;
};

Transfers::Transfers(std::string ca_file) : state_(std::make_unique<State>()) {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
  state_->ca_file = std::move(ca_file);
  state_->multi = curl_multi_init();
}

Transfers::~Transfers() {
  for (const auto& [easy, running] : state_->running) {
    curl_multi_remove_handle(state_->multi, easy);
    curl_easy_cleanup(easy);
  }
  curl_multi_cleanup(state_->multi);
}

void Transfers::start(Transfer transfer, std::function<void(const TransferResult&)> done) {
  auto running = std::make_unique<Running>();
  running->transfer = std::move(transfer);
  running->done = std::move(done);
  CURL* const easy = curl_easy_init();
  if (easy == nullptr || !set_options(easy, *running, state_->ca_file) ||
      curl_multi_add_handle(state_->multi, easy) != CURLM_OK) {
    curl_easy_cleanup(easy);
    running->result.error = "libcurl has no memory";
    return running->done(running->result);
  }
  state_->running.emplace(easy, std::move(running));
}

void Transfers::run(std::chrono::milliseconds wait) {
  int left = 0;
  curl_multi_perform(state_->multi, &left);
  if (static_cast<std::size_t>(left) == state_->running.size()) {
    curl_multi_poll(state_->multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
    curl_multi_perform(state_->multi, &left);
  }
  int queued = 0;
  while (const CURLMsg* const event = curl_multi_info_read(state_->multi, &queued)) {
    if (event->msg != CURLMSG_DONE) continue;
    CURL* const easy = event->easy_handle;
    const CURLcode code = event->data.result;
    const auto found = state_->running.find(easy);
    const std::unique_ptr<Running> running = std::move(found->second);
    state_->running.erase(found);
    finish(easy, *running, code);
    curl_multi_remove_handle(state_->multi, easy);
    curl_easy_cleanup(easy);
  }
}

std::size_t Transfers::running() const { return state_->running.size(); }

void Transfers::wake() { curl_multi_wakeup(state_->multi); }

}  // namespace tradeassist::notify
