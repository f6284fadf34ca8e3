#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"
#include "notify/channels/email.hpp"
#include "notify/outbox.hpp"
#include "notify/transfers.hpp"
#include "notify/webhook_store.hpp"

namespace tradeassist::notify {

struct DelivererOptions {
  std::string slack_url{};             // empty: no Slack
  std::optional<MailSettings> mail{};  // none: no e-mail
  bool private_allowed = false;        // webhooks may be on addresses that are not public
  std::string ca_file{};               // of certificates to trust instead of the system's; empty: those
  int running_max = 128;               // deliveries at once
  int of_owner_max = 16;               // of one owner's webhooks
  int of_target_max = 2;               // of one webhook or channel, of all servers together
  std::chrono::milliseconds look_every{500};
};

/// Delivers what is due, on a thread of its own, many at once: a receiver that does not answer keeps nobody waiting but
/// its own deliveries.
class Deliverer {
 public:
  /// `outbox` and `webhooks` outlive it.
  Deliverer(Outbox& outbox, WebhookStore& webhooks, DelivererOptions options);
  ~Deliverer();  // stops at once
  Deliverer(const Deliverer&) = delete;
  Deliverer& operator=(const Deliverer&) = delete;

  void start();
  /// Something was published: look now.
  void wake();
  /// Goes on for up to `drain` while something is due, then puts back what still runs, for whoever comes next.
  void stop(std::chrono::milliseconds drain);

  /// Instead of start(): tries one delivery on the caller's thread, if it is due and nobody else's, and waits for the
  /// end of the try; false where it was not.
  base::Result<bool> deliver_one(std::string_view delivery);

 private:
  void work(const std::stop_token& stop);
  bool start_due();
  void begin(const Delivery& delivery);
  void begin_transfer(const Delivery& delivery, Transfer transfer);
  void end(const Delivery& delivery, const std::string& sent_headers, base::Time at, const TransferResult& result);
  void give_back(const Delivery& delivery, std::chrono::milliseconds delay);

  Outbox& outbox_;
  WebhookStore& webhooks_;
  const DelivererOptions options_;
  Transfers transfers_;
  std::map<std::int64_t, Delivery> running_;  // by number
  std::map<std::string, int> of_owner_;       // how many of running_
  std::atomic<std::int64_t> drain_ms_ = 0;
  std::jthread thread_;
};

/// A webhook's delivery as it is sent, its signatures with it.
base::Result<Transfer> webhook_transfer(const Delivery& delivery, const std::vector<std::string>& secrets,
                                        base::Time now, bool private_allowed);

/// What the answer to a delivery means. Success is 2xx; a redirect is none; 410 ends it. `channel`: of Slack or e-mail.
Outcome outcome_of(const TransferResult& result, bool is_channel, base::Time now);

}  // namespace tradeassist::notify
