#include "base/service_notify.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace tradeassist::base {
namespace {

constexpr std::size_t kStatusMax = 500;  // bytes

std::optional<std::int64_t> number(const std::optional<std::string>& text) {
  std::int64_t value = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value <= 0) return std::nullopt;
  return value;
}

}  // namespace

ServiceNotifier::ServiceNotifier(const Lookup& environment) {
  const auto socket = environment("NOTIFY_SOCKET");
  const bool is_address = socket && socket->size() > 1 && (socket->front() == '/' || socket->front() == '@');
  if (!is_address || socket->size() >= sizeof(sockaddr_un::sun_path)) return;
  descriptor_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  address_ = *socket;
  if (address_.front() == '@') address_.front() = '\0';
  const auto interval = number(environment("WATCHDOG_USEC"));
  const auto process = environment("WATCHDOG_PID");
  if (interval && (!process || number(process) == ::getpid())) watchdog_.emplace(*interval);
}

ServiceNotifier::~ServiceNotifier() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ServiceNotifier::ready(std::string_view status) const { send("READY=1", status); }

void ServiceNotifier::reloading(std::string_view status) const {
  // systemd 253 and later match the end of a reload to its beginning by this.
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t microseconds = static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds), status);
}

void ServiceNotifier::stopping(std::string_view status) const { send("STOPPING=1", status); }
void ServiceNotifier::status(std::string_view status) const { send("", status); }
void ServiceNotifier::alive() const { send("WATCHDOG=1", ""); }

void ServiceNotifier::send(std::string_view assignments, std::string_view status) const {
  if (descriptor_ < 0) return;
  std::string message(assignments);
  if (!status.empty()) {
    std::string line(status.substr(0, kStatusMax));
    std::ranges::replace(line, '\n', ' ');
    message += fmt::format("{}STATUS={}", message.empty() ? "" : "\n", line);
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  // An abstract name ends where the length says, a path at its zero byte.
  const bool is_abstract = address_.front() == '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size() + (is_abstract ? 0 : 1));
  (void)::sendto(descriptor_, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address),
                 size);
}

}  // namespace tradeassist::base
