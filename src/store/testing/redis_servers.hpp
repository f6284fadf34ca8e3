#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/testing/temporary_directory.hpp"

extern char** environ;

namespace tradeassist::store {

/// A socket on a free port of the loopback address, which nobody listens at yet.
class LoopbackSocket {
 public:
  LoopbackSocket() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    socklen_t size = sizeof address;
    auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    if (socket_ < 0 || ::bind(socket_, generic, size) != 0 || ::getsockname(socket_, generic, &size) != 0) {
      throw std::runtime_error("no free port");
    }
    port_ = ntohs(address.sin_port);
  }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;
  ~LoopbackSocket() { ::close(socket_); }

  int socket() const { return socket_; }
  int port() const { return port_; }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

/// A redis-server of one test, which may be stopped and started again at the same port.
class RedisServer {
 public:
  RedisServer() : port_(LoopbackSocket().port()) { start(); }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;
  ~RedisServer() { stop(); }

  void start() {
    std::vector<std::string> words = {"redis-server",
                                      "--bind",
                                      "127.0.0.1",
                                      "--port",
                                      std::to_string(port_),
                                      "--save",
                                      "",
                                      "--dir",
                                      directory_.path().string(),
                                      "--logfile",
                                      "redis.log"};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (::posix_spawnp(&process_, "redis-server", nullptr, nullptr, arguments.data(), environ) != 0) {
      throw std::runtime_error("redis-server is not installed");
    }
    while (!accepts()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(std::exchange(process_, -1), nullptr, 0);
  }

  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

 private:
  bool accepts() const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected =
        ::connect(socket, static_cast<const sockaddr*>(static_cast<const void*>(&address)), sizeof address) == 0;
    ::close(socket);
    return connected;
  }

  TemporaryDirectory directory_;
  int port_;
  pid_t process_ = -1;
};

/// A server that accepts connections and answers whatever comes with the same bytes; with none it never answers.
class WrongServer {
 public:
  explicit WrongServer(std::string answer) : answer_(std::move(answer)) {
    if (::listen(listener_.socket(), 16) != 0) throw std::runtime_error("listen");
    thread_ = std::jthread([this](std::stop_token stop) { serve(stop); });
  }

  std::string url() const { return listener_.url(); }

 private:
  void serve(std::stop_token stop) {
    std::vector<pollfd> sockets = {{listener_.socket(), POLLIN, 0}};
    while (!stop.stop_requested()) {
      ::poll(sockets.data(), sockets.size(), 5);
      for (std::size_t i = 1; i < sockets.size(); ++i) {
        char bytes[4'096];
        if (sockets[i].revents == 0) continue;
        if (::recv(sockets[i].fd, bytes, sizeof bytes, 0) <= 0) {
          ::close(sockets[i].fd);
          sockets[i].fd = -1;  // which poll() passes over
        } else if (!answer_.empty()) {
          (void)::send(sockets[i].fd, answer_.data(), answer_.size(), MSG_NOSIGNAL);
        }
      }
      if (sockets[0].revents != 0) {
        sockets.push_back({::accept4(listener_.socket(), nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
      }
    }
    for (std::size_t i = 1; i < sockets.size(); ++i) ::close(sockets[i].fd);
  }

  const std::string answer_;
  LoopbackSocket listener_;
  std::jthread thread_;
};

}  // namespace tradeassist::store
