#include "base/hand_over.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tradeassist::base {
namespace {

constexpr const char* kFile = "server.sock";
constexpr std::string_view kTakeOver = "take over";
constexpr int kLookEveryMs = 100;      // for a stop that was asked
constexpr int kGreetingMaxMs = 5'000;  // for what the other side has to say first

std::unexpected<Error> io_failure(const std::string& what) {
  return failure(ErrorCode::kIo, what + ": " + std::strerror(errno));
}

/// A path of any length, where an address has room for 107 bytes: through the folder's descriptor.
struct Address {
  Descriptor folder;
  sockaddr_un name{};

  explicit Address(const std::filesystem::path& file)
      : folder(::open(file.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    name.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(folder.get()) + "/" + file.filename().string();
    std::memcpy(name.sun_path, path.data(), std::min(path.size(), sizeof name.sun_path - 1));
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

/// Whether there is something to read within `milliseconds`; the end of the other side is.
bool has_news(const Descriptor& socket, int milliseconds) {
  pollfd waited{socket.get(), POLLIN, 0};
  return ::poll(&waited, 1, milliseconds) > 0;
}

/// Only the same user, or root, may have the socket.
bool may_ask(const Descriptor& connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == ::geteuid() || peer.uid == 0);
}

/// A message of this kind of socket comes whole or not at all.
std::optional<std::string> receive(const Descriptor& connection) {
  std::array<char, 64> text{};
  const ssize_t size = ::recv(connection.get(), text.data(), text.size(), 0);
  if (size <= 0) return std::nullopt;
  return std::string(text.data(), static_cast<std::size_t>(size));
}

}  // namespace

Result<void> HandOver::send_socket(const Descriptor& socket) const {
  char word[] = "socket";
  iovec part{word, sizeof word - 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  const int number = socket.get();
  std::memcpy(CMSG_DATA(header), &number, sizeof number);
  if (::sendmsg(connection_.get(), &message, MSG_NOSIGNAL) < 0) return io_failure("the socket cannot be handed over");
  return {};
}

Result<Descriptor> HandOver::receive_socket() const {
  std::array<char, 64> word{};
  iovec part{word.data(), word.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size =
      has_news(connection_, kGreetingMaxMs) ? ::recvmsg(connection_.get(), &message, MSG_CMSG_CLOEXEC) : 0;
  const cmsghdr* header = size > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(int))) {
    return failure(ErrorCode::kUnavailable,
                   "the server that runs did not hand over its socket; another may be taking over, try again");
  }
  int number = -1;
  std::memcpy(&number, CMSG_DATA(header), sizeof number);
  return Descriptor(number);
}

Result<void> HandOver::say(std::string_view word) const {
  if (::send(connection_.get(), word.data(), word.size(), MSG_NOSIGNAL) < 0)
    return io_failure("'" + std::string(word) + "' cannot be said to the other server");
  return {};
}

bool HandOver::hears(std::string_view word, const std::stop_token& stop) const {
  while (!stop.stop_requested()) {
    if (has_news(connection_, kLookEveryMs)) return receive(connection_) == word;
  }
  return false;
}

Result<std::unique_ptr<HandOverPoint>> HandOverPoint::open(const std::filesystem::path& folder, OnAsked on_asked) {
  std::filesystem::path file = std::filesystem::absolute(folder) / kFile;
  const Address address(file);
  Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  const mode_t before = ::umask(0177);
  const bool is_bound = socket && ::bind(socket.get(), address.get(), sizeof address.name) == 0;
  ::umask(before);
  if (!is_bound || ::listen(socket.get(), 1) != 0) return io_failure(file.string() + ": cannot be listened on");
  return std::unique_ptr<HandOverPoint>(new HandOverPoint(std::move(file), std::move(socket), std::move(on_asked)));
}

std::optional<HandOver> HandOverPoint::ask(const std::filesystem::path& folder) {
  const Address address(std::filesystem::absolute(folder) / kFile);
  Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), address.get(), sizeof address.name) != 0) return std::nullopt;
  HandOver asked(std::move(socket));
  if (!asked.say(kTakeOver)) return std::nullopt;
  return asked;
}

HandOverPoint::HandOverPoint(std::filesystem::path file, Descriptor socket, OnAsked on_asked)
    : file_(std::move(file)),
      socket_(std::move(socket)),
      on_asked_(std::move(on_asked)),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

HandOverPoint::~HandOverPoint() {
  thread_ = {};
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

void HandOverPoint::serve(const std::stop_token& stop) const {
  while (!stop.stop_requested()) {
    if (!has_news(socket_, kLookEveryMs)) continue;
    Descriptor connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection || !may_ask(connection) || !has_news(connection, kGreetingMaxMs)) continue;
    if (receive(connection) == kTakeOver) on_asked_(HandOver(std::move(connection)));
  }
}

}  // namespace tradeassist::base
