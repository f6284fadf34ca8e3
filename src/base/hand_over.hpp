#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "base/inherited_sockets.hpp"
#include "base/result.hpp"

namespace tradeassist::base {

// How a new server of a folder follows the one that runs, without a connection being refused. Over a Unix socket in the
// folder, for the same user only:
//
//   successor    "take over"       that runs                  (HandOverPoint::ask)
//   predecessor  the listening socket, by SCM_RIGHTS; then it accepts no more: who connects now waits in its queue
//   predecessor  "yours"           when it has let go of the folder
//   successor    "serving"         when it accepts; then the predecessor ends
//
// A successor that ends before "serving" gives everything back by that: the predecessor goes on. A predecessor that
// ends before "yours" leaves the socket with the successor, and the folder to whoever locks it.

/// One end of that conversation. Each side is used by one thread at a time.
class HandOver {
 public:
  explicit HandOver(Descriptor connection) : connection_(std::move(connection)) {}

  Result<void> send_socket(const Descriptor& socket) const;
  Result<Descriptor> receive_socket() const;
  Result<void> say(std::string_view word) const;
  /// Waits for it: true when it was said, false when the other side ended, said something else, or `stop` was asked.
  bool hears(std::string_view word, const std::stop_token& stop = {}) const;

 private:
  Descriptor connection_;
};

constexpr std::string_view kYours = "yours", kServing = "serving";

/// Where a running server can be asked; it can as long as this lives. One successor at a time: others are refused
/// until `on_asked` has returned, and from a thread of its own.
class HandOverPoint {
 public:
  using OnAsked = std::function<void(HandOver)>;

  /// A socket that a killed server left is replaced: call while the folder's lock is held. kIo.
  static Result<std::unique_ptr<HandOverPoint>> open(const std::filesystem::path& folder, OnAsked on_asked);

  /// Asks the server of a folder to hand over, as its successor; nothing where none can be asked.
  static std::optional<HandOver> ask(const std::filesystem::path& folder);

  HandOverPoint(const HandOverPoint&) = delete;
  HandOverPoint& operator=(const HandOverPoint&) = delete;
  ~HandOverPoint();  // and its socket

 private:
  HandOverPoint(std::filesystem::path file, Descriptor socket, OnAsked on_asked);
  void serve(const std::stop_token& stop) const;

  const std::filesystem::path file_;
  const Descriptor socket_;
  const OnAsked on_asked_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace tradeassist::base
