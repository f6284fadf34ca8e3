#include "base/inherited_sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace tradeassist::base {
namespace {

constexpr int kFirst = 3;  // SD_LISTEN_FDS_START
constexpr int kCountMax = 64;

int number(const std::optional<std::string>& text) {
  int value = 0;
  if (!text) return 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc() && end == text->data() + text->size() ? value : 0;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (number_ >= 0) ::close(number_);
    number_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

int Descriptor::release() { return std::exchange(number_, -1); }

Descriptor Descriptor::duplicate() const { return Descriptor(number_ < 0 ? -1 : ::fcntl(number_, F_DUPFD_CLOEXEC, 0)); }

std::vector<InheritedSocket> inherited_sockets(const ServiceNotifier::Lookup& environment) {
  std::vector<InheritedSocket> sockets;
  if (number(environment("LISTEN_PID")) != ::getpid()) return sockets;
  const int count = std::min(number(environment("LISTEN_FDS")), kCountMax);
  const std::string names = environment("LISTEN_FDNAMES").value_or("");
  for (int i = 0, at = 0; i < count; ++i) {
    const auto begin = std::min(static_cast<std::size_t>(at), names.size());
    const std::size_t end = std::min(names.find(':', begin), names.size());
    ::fcntl(kFirst + i, F_SETFD, FD_CLOEXEC);
    sockets.push_back({Descriptor(kFirst + i), names.substr(begin, end - begin)});
    at = static_cast<int>(end) + 1;
  }
  return sockets;
}

Result<SocketAddress> listening_address(const Descriptor& socket) {
  int listens = 0;
  socklen_t size = sizeof listens;
  sockaddr_storage address{};
  socklen_t address_size = sizeof address;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens == 1 &&
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &address_size) == 0) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
      const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
      ::inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size());
      return SocketAddress{text.data(), ntohs(ipv4.sin_port)};
    }
    if (address.ss_family == AF_INET6) {
      const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
      ::inet_ntop(AF_INET6, &ipv6.sin6_addr, text.data(), text.size());
      return SocketAddress{text.data(), ntohs(ipv6.sin6_port)};
    }
  }
  return failure(ErrorCode::kInvalidArgument, "descriptor " + std::to_string(socket.get()) +
                                                  " was passed to the server and is no listening TCP socket");
}

}  // namespace tradeassist::base
