#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/service_notify.hpp"

namespace tradeassist::base {

/// A file descriptor that closes itself; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return number_; }
  int release();
  explicit operator bool() const { return number_ >= 0; }
  /// Another number for the same; none where there are no more.
  Descriptor duplicate() const;

 private:
  int number_ = -1;
};

/// A socket that whoever started the process opened before, with the name it was given.
struct InheritedSocket {
  Descriptor descriptor;
  std::string name;  // "" where there are no names
};

/// Socket activation (sd_listen_fds(3)): the descriptors from 3 on that LISTEN_FDS counts and LISTEN_FDNAMES names,
/// where LISTEN_PID is this process; else none. They are not inherited further. Call once.
std::vector<InheritedSocket> inherited_sockets(const ServiceNotifier::Lookup& environment);

/// Where a listening TCP socket listens.
struct SocketAddress {
  std::string host;  // "127.0.0.1", "::1"
  std::uint16_t port = 0;
};

/// kInvalidArgument when it is no listening TCP socket.
Result<SocketAddress> listening_address(const Descriptor& socket);

}  // namespace tradeassist::base
