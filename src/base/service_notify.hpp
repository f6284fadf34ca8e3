#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tradeassist::base {

/// Tells a service manager how the process is, as sd_notify(3) does: datagrams to the Unix socket that NOTIFY_SOCKET
/// names, a path or, after an @, an abstract name. Where there is no such variable nothing is told. What cannot be sent
/// is lost: a manager that is away must not stop the service. Every method may be called from any thread.
class ServiceNotifier {
 public:
  using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

  /// NOTIFY_SOCKET, and WATCHDOG_USEC where WATCHDOG_PID is this process or absent.
  explicit ServiceNotifier(const Lookup& environment);
  ServiceNotifier(const ServiceNotifier&) = delete;
  ServiceNotifier& operator=(const ServiceNotifier&) = delete;
  ~ServiceNotifier();

  bool is_heard() const { return descriptor_ >= 0; }
  /// In which the manager wants a sign of life each time; nothing where it wants none.
  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

  void ready(std::string_view status) const;      // after the start, and after a reload
  void reloading(std::string_view status) const;  // until ready()
  void stopping(std::string_view status) const;
  void status(std::string_view status) const;
  void alive() const;

 private:
  void send(std::string_view assignments, std::string_view status) const;

  std::string address_;  // as sockaddr_un has it: an abstract name begins with a zero byte
  int descriptor_ = -1;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace tradeassist::base
