#include "notify/deliverer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "feed/providers/http_client.hpp"
#include "notify/address_rules.hpp"
#include "notify/channels/notice.hpp"
#include "notify/channels/slack.hpp"
#include "notify/signature.hpp"

namespace tradeassist::notify {
namespace {

constexpr std::chrono::milliseconds kPause{30'000};  // after what was not the receiver's fault
constexpr std::chrono::milliseconds kPoll{100};      // while something runs

bool is_channel(const Delivery& delivery) { return delivery.target == kSlackTarget || delivery.target == kEmailTarget; }

std::string lines_of(const std::vector<std::pair<std::string, std::string>>& headers) {
  constexpr std::array<std::string_view, 4> kSecret = {"set-cookie", "authorization", "proxy-authenticate",
                                                       "www-authenticate"};
  std::string text;
  for (const auto& [name, value] : headers) {
    const bool is_secret = std::ranges::find(kSecret, name) != kSecret.end();
    text += name + ": " + (is_secret ? std::string("(left out)") : value) + "\n";
  }
  return text;
}

std::optional<std::chrono::seconds> retry_after(const TransferResult& result, base::Time now) {
  const auto text = result.header("retry-after");
  const auto pause = text ? feed::parse_retry_after(*text, now) : std::nullopt;
  if (!pause) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(*pause);
}

void log_failure(const char* what, const Delivery& delivery, const base::Error& error) {
  base::log(base::LogLevel::kWarning, what,
            {{"delivery", delivery.id}, {"target", delivery.target}, {"reason", error.message}});
}

}  // namespace

base::Result<Transfer> webhook_transfer(const Delivery& delivery, const std::vector<std::string>& secrets,
                                        base::Time now, bool private_allowed) {
  TRY_ASSIGN(const std::string signature, sign(secrets, delivery.event_id, now, delivery.body));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  Transfer transfer;
  transfer.url = delivery.url;
  transfer.headers = {{"Content-Type", "application/json"},
                      {"webhook-id", delivery.event_id},
                      {"webhook-timestamp", std::to_string(seconds)},
                      {"webhook-signature", signature}};
  transfer.body = delivery.body;
  transfer.private_allowed = private_allowed;
  return transfer;
}

Outcome outcome_of(const TransferResult& result, bool is_channel, base::Time now) {
  constexpr int kGone = 410;
  Outcome outcome;
  Attempt& attempt = outcome.attempt;
  attempt.took = result.took;
  attempt.status = result.status;
  attempt.received_headers = lines_of(result.headers);
  attempt.received_body = result.body;
  attempt.is_cut = result.is_cut;
  const int hundreds = result.status / 100;
  if (!result.error.empty()) {
    attempt.error = result.error;
    // A mail server that says no for good is not asked again (RFC 5321, 4.2.1).
    outcome.is_final = is_channel && hundreds == 5;
    return outcome;
  }
  outcome.is_delivered = hundreds == 2;
  if (outcome.is_delivered) return outcome;
  outcome.is_gone = result.status == kGone;
  outcome.retry_after = retry_after(result, now);
  attempt.error = hundreds == 3
                      ? "the answer is a redirect, " + std::to_string(result.status) + "; give the address it leads to"
                      : "the answer is " + std::to_string(result.status);
  return outcome;
}

Deliverer::Deliverer(Outbox& outbox, WebhookStore& webhooks, DelivererOptions options)
    : outbox_(outbox), webhooks_(webhooks), options_(std::move(options)), transfers_(options_.ca_file) {}

Deliverer::~Deliverer() { stop(std::chrono::milliseconds(0)); }

void Deliverer::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Deliverer::wake() { transfers_.wake(); }

void Deliverer::stop(std::chrono::milliseconds drain) {
  if (!thread_.joinable()) return;
  drain_ms_ = drain.count();
  thread_.request_stop();
  transfers_.wake();
  thread_.join();
}

void Deliverer::work(const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> deadline;
  while (true) {
    if (stop.stop_requested() && !deadline) deadline = Clock::now() + std::chrono::milliseconds(drain_ms_);
    if (deadline && Clock::now() >= *deadline) break;
    const bool has_begun = start_due();
    if (deadline && !has_begun && running_.empty()) break;
    const auto wait = deadline ? kPoll : options_.look_every;
    transfers_.run(has_begun ? std::chrono::milliseconds(0) : wait);
  }
  while (!running_.empty()) give_back(Delivery(running_.begin()->second), std::chrono::milliseconds(0));
}

/// Whether something was taken.
bool Deliverer::start_due() {
  TakeLimits limits;
  limits.deliveries_max = options_.running_max - static_cast<int>(running_.size());
  limits.of_target_max = options_.of_target_max;
  if (options_.slack_url.empty()) limits.left_out.emplace_back(kSlackTarget);
  if (!options_.mail) limits.left_out.emplace_back(kEmailTarget);
  auto taken = outbox_.take(limits);
  if (!taken) {
    base::log(base::LogLevel::kError, "deliveries could not be looked for", {{"reason", taken.error().message}});
    return false;
  }
  bool has_begun = false;
  for (const Delivery& each : *taken) {
    constexpr std::chrono::milliseconds kOwnerPause{1'000};
    if (!each.owner.empty() && of_owner_[each.owner] >= options_.of_owner_max) {
      give_back(each, kOwnerPause);
      continue;
    }
    begin(each);
    has_begun = true;
  }
  return has_begun;
}

void Deliverer::begin(const Delivery& delivery) {
  if (delivery.target == kSlackTarget)
    return begin_transfer(delivery, slack_transfer(options_.slack_url, notice_of(delivery)));
  if (delivery.target == kEmailTarget)
    return begin_transfer(delivery, mail_transfer(*options_.mail, notice_of(delivery)));
  const auto secrets = webhooks_.secrets(delivery.target);
  auto transfer = secrets ? webhook_transfer(delivery, *secrets, base::now(), options_.private_allowed)
                          : base::Result<Transfer>(std::unexpected(secrets.error()));
  if (transfer) return begin_transfer(delivery, *std::move(transfer));
  // Not the receiver's fault, and no try of it: another server may have the right key.
  log_failure("a webhook could not be signed; all servers of a database need the same secret_key", delivery,
              transfer.error());
  give_back(delivery, kPause);
}

void Deliverer::begin_transfer(const Delivery& delivery, Transfer transfer) {
  running_.emplace(delivery.number, delivery);
  ++of_owner_[delivery.owner];
  const std::string sent = transfer.envelope ? std::string() : lines_of(transfer.headers);
  transfers_.start(std::move(transfer), [this, delivery, sent, at = base::now()](const TransferResult& result) {
    end(delivery, sent, at, result);
  });
}

void Deliverer::end(const Delivery& delivery, const std::string& sent_headers, base::Time at,
                    const TransferResult& result) {
  running_.erase(delivery.number);
  if (--of_owner_[delivery.owner] == 0) of_owner_.erase(delivery.owner);
  Outcome outcome = outcome_of(result, is_channel(delivery), base::now());
  outcome.attempt.at = at;
  outcome.attempt.sent_headers = sent_headers;
  if (!outcome.is_delivered) {
    base::log(base::LogLevel::kInfo, "an event was not delivered",
              {{"delivery", delivery.id},
               {"target", delivery.target},
               {"to", delivery.url.empty() ? delivery.target : origin_of(delivery.url)},
               {"reason", outcome.attempt.error}});
  }
  if (const auto kept = outbox_.finish(delivery, outcome); !kept)
    log_failure("what came of a delivery could not be stored", delivery, kept.error());
}

void Deliverer::give_back(const Delivery& delivery, std::chrono::milliseconds delay) {
  if (const auto back = outbox_.put_back(delivery, delay); !back)
    log_failure("a delivery could not be put back", delivery, back.error());
  running_.erase(delivery.number);
}

base::Result<bool> Deliverer::deliver_one(std::string_view delivery) {
  TRY_ASSIGN(const std::optional<Delivery> taken, outbox_.take_one(delivery));
  if (!taken) return false;
  begin(*taken);
  while (!running_.empty()) transfers_.run(kPoll);
  return true;
}

}  // namespace tradeassist::notify
