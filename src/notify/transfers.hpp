#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace tradeassist::notify {

/// A message for a mail server, beside its text.
struct Envelope {
  enum class Security { kStartTls, kTls, kNone };
  Security security = Security::kStartTls;
  std::string user{}, password{};  // empty: without logging in
  std::string from{};
  std::vector<std::string> to{};
};

/// Something to send: POST of a body, or a mail.
struct Transfer {
  std::string url{};  // http://, https://, smtp:// or smtps://
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::optional<Envelope> envelope{};
  bool private_allowed = false;  // else only public addresses are connected to
  std::chrono::milliseconds timeout{15'000};
};

/// What came of it. Bodies and headers of any size are read up to a bound, and kept up to a smaller one.
struct TransferResult {
  int status = 0;       // 0: no answer
  std::string error{};  // why there is none; empty: there is one
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  bool is_cut = false;  // of the body only the beginning is there
  std::chrono::milliseconds took{0};

  std::optional<std::string> header(std::string_view lower_case_name) const;
};

/// Sends many things at once on one thread, over libcurl. TLS certificates are always verified, redirects never
/// followed, proxies of the environment never used, and no connection is used twice. Each address that a name stands
/// for is looked at at the moment of connecting to it, so that a name cannot mean something else by then.
class Transfers {
 public:
  static constexpr std::size_t kBodyBytesRead = 64 * 1024, kBodyBytesKept = 4 * 1024;
  static constexpr std::size_t kHeaderBytesRead = 64 * 1024, kHeaderBytesKept = 4 * 1024;

  /// `ca_file`: of certificates to trust instead of the system's; empty: those.
  explicit Transfers(std::string ca_file = {});
  ~Transfers();  // what still runs is given up
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  // For one thread.

  /// `done` is called by run().
  void start(Transfer transfer, std::function<void(const TransferResult&)> done);
  /// Does what can be done; waits up to `wait` until something can be. Calls `done` of those that ended.
  void run(std::chrono::milliseconds wait);
  std::size_t running() const;

  // For any thread.

  /// Ends the wait of run().
  void wake();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tradeassist::notify
