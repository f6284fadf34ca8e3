#pragma once

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tradeassist::store {

/// A forked process that runs `work(write_end)` and then exits without unwinding; what it writes to `write_end` can be
/// read from `read_end()`. Fork before starting threads.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<void(int write_end)>& work) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    id_ = ::fork();
    if (id_ < 0) throw std::runtime_error("fork");
    if (id_ == 0) {
      ::close(ends[0]);
      work(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    read_end_ = ends[0];
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    if (id_ > 0) kill_and_wait();
    ::close(read_end_);
  }

  int read_end() const { return read_end_; }

  /// Waits until the child has written something, or has ended.
  void wait_for_output() const {
    pollfd waited{read_end_, POLLIN, 0};
    while (::poll(&waited, 1, -1) < 0 && errno == EINTR) {}
  }

  void kill_and_wait() {
    ::kill(id_, SIGKILL);
    wait();
  }

  void wait() {
    int status = 0;
    ::waitpid(std::exchange(id_, -1), &status, 0);
  }

  /// Everything the child writes until it ends.
  std::string read_all() const {
    std::string text;
    char buffer[4096];
    for (ssize_t size; (size = ::read(read_end_, buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  pid_t id_ = -1;
  int read_end_ = -1;
};

}  // namespace tradeassist::store
