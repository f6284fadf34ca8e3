#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock_watch.hpp"
#include "base/result.hpp"
#include "notify/delivery.hpp"
#include "notify/event.hpp"
#include "notify/record_event.hpp"
#include "notify/retry_schedule.hpp"
#include "notify/webhook.hpp"
#include "store/database/database_address.hpp"
#include "store/database/retry.hpp"

namespace tradeassist::notify {

struct OutboxOptions {
  /// Who delivers here: one name for one process at a time, the same after its restart. Empty: nobody does.
  std::string taker{};
  std::vector<ChannelRule> channels{};
  RetrySchedule schedule{};
  int channel_tries_max = 5;                 // of Slack and e-mail: old news is of no use there
  std::chrono::hours disable_after{5 * 24};  // of nothing but failures
  std::chrono::milliseconds lease{60'000};   // longer than a try may take
  std::function<base::Time()> clock{};       // none: the database's
};

/// What one look for due deliveries may bring.
struct TakeLimits {
  int deliveries_max = 64;
  int of_target_max = 2;                // at once, of all servers together
  std::vector<std::string> left_out{};  // targets that nothing is taken of
};

/// Events and their deliveries in the app database, SQLite or PostgreSQL: durable when a call returns. Any number of
/// processes may have it open and share the work: each delivery is one's at a time, by a lease. Every method may be
/// called from any thread.
class Outbox {
 public:
  static constexpr std::int64_t kReplayedMax = 1'000;  // by one call
  static constexpr std::size_t kErrorBytesMax = 500;

  /// Opens it, the app schema brought to the newest version. What the same taker was delivering is due at once.
  static base::Result<std::unique_ptr<Outbox>> open(const store::DatabaseAddress& address, OutboxOptions options);

  /// As record_event(), in a transaction of its own.
  base::Result<int> publish(const Event& event);

  // What owners ask for. `webhook` is one that the caller has found to be theirs.

  base::Result<DeliveryPage> list(const DeliveryFilter& filter);
  /// kNotFound when the webhook has none of that id.
  base::Result<Delivery> get(std::string_view webhook, std::string_view delivery);
  base::Result<std::vector<Attempt>> attempts(std::int64_t delivery_number);
  /// A new delivery of an event of the type kTestEvent. kFailedPrecondition for a disabled webhook, kResourceExhausted
  /// where kPendingMax wait for it; so below.
  base::Result<Delivery> test(const Webhook& webhook);
  /// A new delivery of the same event; kFailedPrecondition while the old one is not over.
  base::Result<Delivery> replay(const Webhook& webhook, std::string_view delivery);
  /// New deliveries of the events with from <= time < to that the webhook asks for, the oldest first, at most
  /// kReplayedMax and as many as may wait; those that were delivered to it only where `delivered_too`. Gives their
  /// number.
  base::Result<std::int64_t> replay(const Webhook& webhook, base::Time from, base::Time to, bool delivered_too);

  // For who delivers. A delivery is named by what take() gave: where another has it since, nothing is changed.

  /// Deliveries that are due, now this taker's; those whose lease ran out among them.
  base::Result<std::vector<Delivery>> take(const TakeLimits& limits);
  /// The one delivery, if it is due and nobody else's, however many of its target are tried.
  base::Result<std::optional<Delivery>> take_one(std::string_view delivery);
  /// Stores a try and what follows: delivered, due again, failed for good; a webhook that is gone, or that failed for
  /// too long, is disabled, and its owner's other webhooks are told.
  base::Result<void> finish(const Delivery& taken, const Outcome& outcome);
  /// As if it had not been taken; due again after `delay`.
  base::Result<void> put_back(const Delivery& taken, std::chrono::milliseconds delay);

  /// Removes events older than `time` with their deliveries; how many. Some at a time. Those that a webhook still waits
  /// for stay; those of channels do not: they are tried for hours, and who is configured no more is never told.
  base::Result<std::int64_t> remove_before(base::Time time);

 private:
  Outbox(std::unique_ptr<store::Connection> connection, OutboxOptions options)
      : connection_(std::move(connection)), options_(std::move(options)) {}

  // These are called while mutex_ is held.

  template <class Work>
  std::invoke_result_t<Work> repeated(Work work) {
    return store::repeated(*connection_, store::ConnectionOptions().outage_timeout, std::move(work));
  }
  template <class Work>
  std::invoke_result_t<Work> in_transaction(Work work) {
    return store::in_transaction(*connection_, store::ConnectionOptions().outage_timeout, std::move(work));
  }
  base::Result<base::Time> clock();
  base::Result<void> follow_clock(base::Time now);
  base::Result<std::int64_t> room_for(const Webhook& webhook);
  base::Result<std::optional<Delivery>> find(std::string_view delivery);
  base::Result<Delivery> find_made(std::string_view delivery);
  base::Result<std::vector<Delivery>> take_of(std::string_view target, int count, base::Time now,
                                              std::string_view only);
  base::Result<void> store_end(const Delivery& taken, const Outcome& outcome, base::Time now);
  base::Result<void> judge_webhook(const Delivery& taken, const Outcome& outcome, base::Time now);

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
  const OutboxOptions options_;
  base::ClockWatch watch_;
  base::Nanoseconds set_back_{0};  // the clock, and what waits does not know it yet
};

}  // namespace tradeassist::notify
