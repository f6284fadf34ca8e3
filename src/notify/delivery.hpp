#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "notify/severity.hpp"

namespace tradeassist::notify {

enum class DeliveryState {
  kPending,     // waits for its first try, or for the next
  kDelivering,  // some server tries it right now
  kDelivered,
  kFailed,     // in all its tries, or with one after which more make no sense
  kCancelled,  // its webhook was disabled before it was delivered
};
std::string_view to_string(DeliveryState state);
base::Result<DeliveryState> parse_delivery_state(std::string_view text);

/// One event on its way to one target.
struct Delivery {
  std::int64_t number = 0;  // the later the higher
  std::string id;           // "dlv_…"
  std::string target;       // a webhook's id, or a channel: kSlackTarget, kEmailTarget
  DeliveryState state = DeliveryState::kPending;
  bool is_replay = false;
  int attempts = 0;        // that have ended
  base::Time next_at;      // of the next one, while it is pending
  std::int64_t fence = 0;  // grows with each taking: what an earlier one writes is refused
  int last_status = 0;     // 0: no answer
  std::string last_error;
  base::Time created_at;
  std::optional<base::Time> finished_at;
  // Of the event.
  std::string event_id, event_type, event_owner;
  Severity severity = Severity::kInfo;
  base::Time event_at;
  std::string body;
  // Of the webhook; empty of a channel.
  std::string url, owner;
};

/// One try, as the delivery log shows it. Bodies and headers are cut; cookies and credentials are left out.
struct Attempt {
  int number = 0;  // from 1
  base::Time at;
  std::chrono::milliseconds took{0};
  int status = 0;                              // 0: no answer
  std::string error;                           // why it did not succeed; empty: it did
  std::string sent_headers, received_headers;  // "name: value" lines
  std::string received_body;
  bool is_cut = false;  // of the body received only the beginning is there
};

/// What one try came to.
struct Outcome {
  Attempt attempt;
  bool is_delivered = false;
  bool is_gone = false;                               // the receiver wants nothing any more
  bool is_final = false;                              // another try would fail the same way
  std::optional<std::chrono::seconds> retry_after{};  // what the receiver asked for
};

struct DeliveryFilter {
  std::string target;
  std::optional<DeliveryState> state{};
  std::string event_type{};  // empty: all
  std::string cursor{};      // of the page before; empty: the first
  int limit = 100;           // 1 to 1,000
};

struct DeliveryPage {
  std::vector<Delivery> deliveries;  // the newest first
  std::string next_cursor;           // empty on the last page
};

constexpr std::string_view kSlackTarget = "slack", kEmailTarget = "email";

}  // namespace tradeassist::notify
