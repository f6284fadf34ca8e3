#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "server/realtime/publisher.hpp"

namespace tradeassist::server {

/// Every bound of what is kept for those who listen.
struct HubLimits {
  std::size_t channels_max = 10'000;
  std::size_t subscribers_max = 1'024;
  std::size_t subscriptions_max = 256;  // of one subscriber
  // What a channel keeps for those who come back, and all of them together.
  std::size_t replay_messages_max = 1'000;
  std::size_t replay_bytes_max = 2 << 20, replay_bytes_total_max = 64 << 20;
  // What waits for one subscriber.
  std::size_t queued_messages_max = 4'096;
  std::size_t queued_bytes_max = 8 << 20;
  std::size_t conflate_from = 64;  // with so many waiting, only the newest bar and quote of a channel waits
};

/// Counts since the hub was made, and what there is now.
struct HubMetrics {
  std::int64_t published = 0, delivered = 0, conflated = 0, overflows = 0;
  std::int64_t unchanneled = 0;  // messages of channels for which there was no room
  std::size_t channels = 0, subscribers = 0, replay_bytes = 0;
};

/// A message as it goes out: the text is shared by all who get it.
using MessageText = std::shared_ptr<const std::string>;

/// Why a subscriber's connection is to end (RFC 6455, 7.4.1); none while it is not.
enum class CloseReason : std::uint16_t { kNone = 0, kGoingAway = 1001, kTryAgainLater = 1013 };

/// Gives the messages of each channel to those who subscribed to it, without ever waiting for them. Each is written
/// once, in the envelope {messageType, version, timestamp, sequence, channel, data}.
///
/// The sequence of a channel ascends by one a message and begins at the microseconds since 1970 when the channel was
/// made, so that what somebody saw of an earlier server or of a channel that was dropped meanwhile is always less:
/// `subscribe` with `after` then tells of a gap instead of passing it over.
///
/// Every method may be called from any thread.
class Hub : public Publisher {
 public:
  using Clock = std::function<base::Time()>;
  class Subscriber;

  explicit Hub(const HubLimits& limits = {}, Clock clock = base::now);
  ~Hub() override;

  void publish(std::string_view channel, std::string_view message_type, boost::json::object data) override;
  bool publish_when_ready(std::string_view channel, std::string_view message_type, boost::json::object data,
                          const std::stop_token& stop) override;
  bool has_subscribers(std::string_view channel) const override;

  /// A new subscriber, of nothing yet. `wake` is called, from any thread and under a lock, when something came for one
  /// that has nothing to send; it must only pass that on. kResourceExhausted when there are too many.
  base::Result<std::shared_ptr<Subscriber>> connect(std::function<void()> wake);
  /// Gets nothing more; what waits is dropped.
  void disconnect(Subscriber& subscriber);

  /// Confirms with `subscribed` and the channel's sequence; with `after`, first what is kept of the messages after it:
  /// a `gap` with the range that is not, the messages, `replay_complete`. Again: only the replay. kInvalidArgument for
  /// a name that is none; kResourceExhausted beyond a bound.
  base::Result<void> subscribe(Subscriber& subscriber, std::string_view channel,
                               std::optional<std::int64_t> after = {});
  /// Confirms with `unsubscribed`, also where there was no subscription.
  void unsubscribe(Subscriber& subscriber, std::string_view channel);

  /// A message for one subscriber alone, of no channel.
  void send(Subscriber& subscriber, std::string_view message_type, boost::json::object data);

  /// Up to `count` messages that wait, oldest first. Whoever takes them sends them.
  std::vector<MessageText> take(Subscriber& subscriber, std::size_t count);
  CloseReason close_reason(const Subscriber& subscriber) const;

  /// Asks every connection to end with 1001, also those that come later.
  void close_all();

  HubMetrics metrics() const;

 private:
  struct Kept {
    std::int64_t sequence;
    MessageText text;
  };
  struct Channel {
    std::int64_t sequence = 0;  // of the newest message
    std::deque<Kept> replay;
    std::size_t replay_bytes = 0;
    std::unordered_set<Subscriber*> subscribers;
    std::uint64_t last_use = 0;
  };
  struct Queued {
    MessageText text;
    std::string channel;  // empty of those for one subscriber alone
  };

  Channel* find_channel(const std::string& name);
  void deliver(Channel& channel, const std::string& name, std::string_view message_type, boost::json::object data);
  void keep(Channel& channel, MessageText text);
  void drop_oldest(Channel& channel);
  void enqueue(Subscriber& subscriber, MessageText text, const std::string& channel, bool may_conflate);
  void end(Subscriber& subscriber, CloseReason reason);
  bool is_ready(const Channel& channel) const;
  std::string envelope(std::string_view message_type, const std::string* channel, std::int64_t sequence,
                       boost::json::object data) const;

  const HubLimits limits_;
  const Clock clock_;
  mutable std::mutex mutex_;
  std::condition_variable_any has_room_;
  std::unordered_map<std::string, Channel> channels_;
  std::unordered_set<std::shared_ptr<Subscriber>> subscribers_;
  std::uint64_t uses_ = 0;
  bool is_closing_ = false;
  HubMetrics metrics_;
};

/// One who listens. Only the hub looks inside.
class Hub::Subscriber {
 private:
  friend class Hub;
  std::function<void()> wake_;
  std::unordered_set<std::string> channels_;
  std::deque<Queued> queue_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t taken_ = 0;  // messages that left the queue
  // Where the last message of a channel waits, while it is one whose place a newer one may take.
  std::unordered_map<std::string, std::uint64_t> newest_;
  CloseReason close_reason_ = CloseReason::kNone;
};

}  // namespace tradeassist::server
