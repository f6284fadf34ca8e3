#include "mcp/stdio_transport.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "base/json.hpp"
#include "base/pause.hpp"

namespace tradeassist::mcp {
namespace {

std::unexpected<base::Error> system_failure(const char* what) {
  return base::failure(base::ErrorCode::kIo, fmt::format("{}: {}", what, std::strerror(errno)));
}

/// Wakes a poll() from any thread.
class Waker {
 public:
  Waker() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {}
  ~Waker() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  void wake() const {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(descriptor_, &one, sizeof one));
  }
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

/// Writes whole lines; any thread.
class Lines {
 public:
  Lines(int output, const Waker& waker) : output_(output), waker_(waker) {}

  void write(std::string line) {
    line.push_back('\n');
    const std::lock_guard lock(mutex_);
    for (std::string_view rest = line; !rest.empty() && !broken_;) {
      const ssize_t written = ::write(output_, rest.data(), rest.size());
      if (written >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        broken_ = true;
        waker_.wake();
      }
    }
  }
  bool broken() const { return broken_; }

 private:
  const int output_;
  const Waker& waker_;
  std::mutex mutex_;
  std::atomic<bool> broken_ = false;
};

/// Asks for a stop when its time is over or `stop` comes.
class TimeLimit {
 public:
  TimeLimit(std::chrono::milliseconds limit, const std::stop_token& stop)
      : pass_on_(stop, [source = source_]() mutable { source.request_stop(); }),
        thread_([limit, source = source_](const std::stop_token& over) mutable {
          if (base::pause(over, limit)) source.request_stop();
        }) {}

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::stop_callback<std::function<void()>> pass_on_;
  std::jthread thread_;
};

/// Cuts what is read into lines of a bounded length. What is longer is passed over to its end.
class LineReader {
 public:
  explicit LineReader(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// `on_line` gets each line; `on_too_long` is told of each that is not given.
  template <class OnLine, class OnTooLong>
  void take(std::string_view bytes, OnLine on_line, OnTooLong on_too_long) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view part = bytes.substr(0, end);
      if (!is_too_long_ && line_.size() + part.size() > bytes_max_) {
        is_too_long_ = true;
        line_.clear();
        on_too_long();
      }
      if (!is_too_long_) line_ += part;
      if (end == std::string_view::npos) return;
      if (!is_too_long_) on_line(std::exchange(line_, {}));
      is_too_long_ = false;
      bytes.remove_prefix(end + 1);
    }
  }

  /// What is left of an input whose last line does not end.
  std::string rest() { return std::exchange(line_, {}); }

 private:
  const std::size_t bytes_max_;
  std::string line_;
  bool is_too_long_ = false;
};

class Transport {
 public:
  Transport(Session& session, const StdioOptions& options, const std::stop_token& stop)
      : session_(session),
        options_(options),
        stop_(stop),
        lines_(options.output, waker_),
        pool_(static_cast<std::size_t>(options.threads)) {}

  base::Result<void> run() {
    if (waker_.descriptor() < 0) return system_failure("an eventfd cannot be made");
    auto ended = read_all();
    if (stop_.stop_requested() || lines_.broken()) session_.cancel_all();
    pool_.join();
    if (lines_.broken() && !stop_.stop_requested())
      return base::failure(base::ErrorCode::kIo, "standard output cannot be written: the client has gone");
    return ended;
  }

 private:
  base::Result<void> read_all() {
    const std::stop_callback wake(stop_, [this] { waker_.wake(); });
    LineReader reader(options_.message_bytes_max);
    std::array<char, 64 * 1024> bytes{};
    std::array<pollfd, 2> waits{pollfd{options_.input, POLLIN, 0}, pollfd{waker_.descriptor(), POLLIN, 0}};
    while (!stop_.stop_requested() && !lines_.broken()) {
      if (::poll(waits.data(), waits.size(), -1) < 0) {
        if (errno == EINTR) continue;
        return system_failure("standard input cannot be waited for");
      }
      if (waits[0].revents == 0) continue;  // woken
      const ssize_t count = ::read(options_.input, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return system_failure("standard input cannot be read");
      if (count == 0) {
        take(reader.rest());
        return {};
      }
      reader.take(
          {bytes.data(), static_cast<std::size_t>(count)}, [&](std::string line) { take(std::move(line)); },
          [&] { refuse_length(); });
    }
    return {};
  }

  void take(std::string line) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) return;
    auto incoming = std::make_shared<Session::Incoming>(session_.take(line, options_.message_bytes_max));
    if (!incoming->calls_a_tool()) return answer(*incoming, stop_);
    boost::asio::post(pool_, [this, incoming] {
      const TimeLimit limit(options_.call_time_max, stop_);
      answer(*incoming, limit.token());
    });
  }

  void answer(const Session::Incoming& incoming, const std::stop_token& stop) {
    if (auto text = session_.answer(incoming, stop)) lines_.write(std::move(*text));
  }

  void refuse_length() {
    lines_.write(base::json_text(
        rpc_error({kInvalidRequest, fmt::format("a message may have {} bytes", options_.message_bytes_max), nullptr})));
  }

  Session& session_;
  const StdioOptions options_;
  const std::stop_token stop_;
  Waker waker_;
  Lines lines_;
  boost::asio::thread_pool pool_;
};

}  // namespace

base::Result<void> serve_stdio(Session& session, const StdioOptions& options, const std::stop_token& stop) {
  return Transport(session, options, stop).run();
}

}  // namespace tradeassist::mcp
