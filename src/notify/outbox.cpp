#include "notify/outbox.hpp"

#include <algorithm>
#include <charconv>

#include "base/log.hpp"
#include "jobs/stored_text.hpp"
#include "notify/webhook_rows.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::notify {
namespace {

constexpr std::size_t kHeaderBytesKept = 8 * 1024, kBodyBytesKept = 4 * 1024;
constexpr std::int64_t kRemovedAtOnce = 500;
constexpr std::chrono::hours kRetryAfterMax{24};

constexpr const char* kColumns =
    "delivery.number, delivery.id, target, state, is_replay, attempts, next_at, fence, last_status, last_error, "
    "delivery.created_at, finished_at, event_id, type, outgoing_event.owner, severity, at, body, "
    "coalesce(webhook.url, ''), coalesce(webhook.owner, '')";
constexpr const char* kFrom =
    " FROM delivery JOIN outgoing_event ON outgoing_event.id = event_id LEFT JOIN webhook ON webhook.id = target ";

Delivery read_delivery(const store::Row& row) {
  Delivery out;
  out.number = row.integer(0);
  out.id = row.text(1);
  out.target = row.text(2);
  out.state = parse_delivery_state(row.text(3)).value_or(DeliveryState::kFailed);
  out.is_replay = row.integer(4) != 0;
  out.attempts = static_cast<int>(row.integer(5));
  out.next_at = base::time_from_nanoseconds(row.integer(6));
  out.fence = row.integer(7);
  out.last_status = static_cast<int>(row.integer(8));
  out.last_error = row.text(9);
  out.created_at = base::time_from_nanoseconds(row.integer(10));
  out.finished_at = optional_time(row, 11);
  out.event_id = row.text(12);
  out.event_type = row.text(13);
  out.event_owner = row.text(14);
  out.severity = parse_severity(row.text(15)).value_or(Severity::kInfo);
  out.event_at = base::time_from_nanoseconds(row.integer(16));
  out.body = row.text(17);
  out.url = row.text(18);
  out.owner = row.text(19);
  return out;
}

std::string select() { return std::string("SELECT ") + kColumns + kFrom; }

bool is_channel(const Delivery& delivery) { return delivery.target == kSlackTarget || delivery.target == kEmailTarget; }

base::Result<void> must_be_enabled(const Webhook& webhook) {
  if (webhook.is_enabled) return {};
  return base::failure(base::ErrorCode::kFailedPrecondition, "webhook " + webhook.id + " is disabled; enable it first");
}

/// " job.completed job.failed ": for LIKE, since a list as a parameter is not the same SQL everywhere. That `_` stands
/// there for any character does no harm: no two words differ by one.
std::string for_like(const std::vector<std::string>& words) { return " " + joined(words) + " "; }

std::string wanted_types(const Webhook& webhook) {
  std::vector<std::string> types;
  for (const EventType& each : event_types()) {
    if (each.type != kTestEvent && matches(webhook.events, each.type)) types.emplace_back(each.type);
  }
  return for_like(types);
}

base::Error not_yours(const Delivery& taken) {
  return {base::ErrorCode::kFailedPrecondition, "delivery " + taken.id + " was taken by another meanwhile"};
}

}  // namespace

base::Result<std::unique_ptr<Outbox>> Outbox::open(const store::DatabaseAddress& address, OutboxOptions options) {
  TRY_ASSIGN(auto connection, store::open_connection(address));
  TRY(store::migrate(*connection, store::app_migrations()));
  std::unique_ptr<Outbox> outbox(new Outbox(std::move(connection), std::move(options)));
  const std::string& taker = outbox->options_.taker;
  if (taker.empty()) return outbox;
  const std::lock_guard lock(outbox->mutex_);
  TRY(outbox->in_transaction([&] {
    return outbox->connection_->run(
        "UPDATE delivery SET state = 'pending' WHERE state = 'delivering' AND lease_owner = $1", {taker});
  }));
  return outbox;
}

base::Result<base::Time> Outbox::clock() {
  if (options_.clock) return options_.clock();
  return database_clock(*connection_);
}

/// What waits for its next try waits no longer when the clock is set back. Of a clock that others see, too, nothing is
/// known here.
base::Result<void> Outbox::follow_clock(base::Time now) {
  if (!options_.clock && connection_->dialect() != store::Dialect::kSqlite) return {};
  set_back_ += watch_.set_back(now);
  if (set_back_ == base::Nanoseconds(0)) return {};
  TRY(in_transaction([&] {
    return connection_->run("UPDATE delivery SET next_at = next_at - $2 WHERE state = 'pending' AND next_at > $1",
                            {base::to_nanoseconds(now), set_back_.count()});
  }));
  set_back_ = base::Nanoseconds(0);
  return {};
}

base::Result<int> Outbox::publish(const Event& event) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<int> {
    TRY_ASSIGN(const base::Time now, clock());
    return record_event(*connection_, event, options_.channels, now);
  });
}

// What owners ask for.

base::Result<std::optional<Delivery>> Outbox::find(std::string_view delivery) {
  return connection_->query_first(select() + "WHERE delivery.id = $1", {delivery}, read_delivery);
}

base::Result<Delivery> Outbox::find_made(std::string_view delivery) {
  TRY_ASSIGN(auto found, find(delivery));
  if (found) return *std::move(found);
  return base::failure(base::ErrorCode::kNotFound, "there is no delivery " + std::string(delivery.substr(0, 64)));
}

base::Result<DeliveryPage> Outbox::list(const DeliveryFilter& filter) {
  std::int64_t before = INT64_MAX;
  if (!filter.cursor.empty()) {
    const char* const end = filter.cursor.data() + filter.cursor.size();
    const auto parsed = std::from_chars(filter.cursor.data(), end, before);
    if (parsed.ec != std::errc() || parsed.ptr != end)
      return base::failure(base::ErrorCode::kInvalidArgument, "the cursor is not one that this list gave");
  }
  const int limit = std::clamp(filter.limit, 1, 1'000);
  const std::string state = filter.state ? std::string(to_string(*filter.state)) : "";
  const std::lock_guard lock(mutex_);
  DeliveryPage page;
  TRY_ASSIGN(page.deliveries, repeated([&] {
               return connection_->query_all(
                   select() +
                       "WHERE target = $1 AND delivery.number < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR type = "
                       "$4) ORDER BY delivery.number DESC LIMIT $5",
                   {filter.target, before, state, filter.event_type, limit + 1}, read_delivery);
             }));
  if (page.deliveries.size() > static_cast<std::size_t>(limit)) {
    page.deliveries.pop_back();
    page.next_cursor = std::to_string(page.deliveries.back().number);
  }
  return page;
}

base::Result<Delivery> Outbox::get(std::string_view webhook, std::string_view delivery) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(Delivery found, repeated([&] { return find_made(delivery); }));
  if (found.target == webhook) return found;
  return base::failure(base::ErrorCode::kNotFound, "there is no delivery " + std::string(delivery.substr(0, 64)));
}

base::Result<std::vector<Attempt>> Outbox::attempts(std::int64_t delivery_number) {
  const std::lock_guard lock(mutex_);
  return repeated([&] {
    return connection_->query_all(
        "SELECT attempt, at, took_ms, status, error, sent_headers, received_headers, received_body, is_cut FROM "
        "delivery_attempt WHERE delivery = $1 ORDER BY attempt",
        {delivery_number}, [](const store::Row& row) {
          Attempt out;
          out.number = static_cast<int>(row.integer(0));
          out.at = base::time_from_nanoseconds(row.integer(1));
          out.took = std::chrono::milliseconds(row.integer(2));
          out.status = static_cast<int>(row.integer(3));
          out.error = row.text(4);
          out.sent_headers = row.text(5);
          out.received_headers = row.text(6);
          out.received_body = row.text(7);
          out.is_cut = row.integer(8) != 0;
          return out;
        });
  });
}

/// How many more deliveries may wait for it: at least one.
base::Result<std::int64_t> Outbox::room_for(const Webhook& webhook) {
  TRY_ASSIGN(const std::int64_t waiting, count_pending(*connection_, webhook.id));
  if (waiting < kPendingMax) return kPendingMax - waiting;
  return base::failure(base::ErrorCode::kResourceExhausted, std::to_string(waiting) + " deliveries wait for webhook " +
                                                                webhook.id +
                                                                " already; try again when its receiver has taken some");
}

base::Result<Delivery> Outbox::test(const Webhook& webhook) {
  TRY(must_be_enabled(webhook));
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<Delivery> {
    TRY(room_for(webhook));
    TRY_ASSIGN(const base::Time now, clock());
    Event event;
    event.type = kTestEvent;
    event.owner = webhook.owner;
    event.at = now;
    event.data = {{"webhook_id", webhook.id}, {"message", "This is a test."}};
    TRY_ASSIGN(const std::string event_id, insert_event(*connection_, std::move(event)));
    TRY_ASSIGN(const std::string id, insert_delivery(*connection_, event_id, webhook.id, false, now));
    return find_made(id);
  });
}

base::Result<Delivery> Outbox::replay(const Webhook& webhook, std::string_view delivery) {
  TRY(must_be_enabled(webhook));
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<Delivery> {
    TRY_ASSIGN(const Delivery before, find_made(delivery));
    if (before.target != webhook.id) return base::failure(base::ErrorCode::kNotFound, "there is no such delivery");
    if (before.state == DeliveryState::kPending || before.state == DeliveryState::kDelivering) {
      return base::failure(base::ErrorCode::kFailedPrecondition,
                           "delivery " + before.id + " is not over yet; it is tried again by itself");
    }
    TRY(room_for(webhook));
    TRY_ASSIGN(const base::Time now, clock());
    TRY_ASSIGN(const std::string id, insert_delivery(*connection_, before.event_id, webhook.id, true, now));
    return find_made(id);
  });
}

base::Result<std::int64_t> Outbox::replay(const Webhook& webhook, base::Time from, base::Time to, bool delivered_too) {
  TRY(must_be_enabled(webhook));
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<std::int64_t> {
    TRY_ASSIGN(const std::int64_t room, room_for(webhook));
    TRY_ASSIGN(const base::Time now, clock());
    TRY_ASSIGN(
        const std::vector<std::string> events,
        connection_->query_all(
            "SELECT id FROM outgoing_event WHERE at >= $1 AND at < $2 AND (owner = $3 OR owner = '') AND $6 LIKE '% ' "
            "|| type || ' %' AND NOT EXISTS (SELECT 1 FROM delivery WHERE event_id = outgoing_event.id AND target = $4 "
            "AND (state IN ('pending', 'delivering') OR ($5 = 0 AND state = 'delivered'))) ORDER BY at, id LIMIT $7",
            {base::to_nanoseconds(from), base::to_nanoseconds(to), webhook.owner, webhook.id, delivered_too,
             wanted_types(webhook), std::min(room, kReplayedMax)},
            [](const store::Row& row) { return std::string(row.text(0)); }));
    for (const std::string& id : events) TRY(insert_delivery(*connection_, id, webhook.id, true, now));
    return static_cast<std::int64_t>(events.size());
  });
}

// What who delivers asks for.

/// `only`: that delivery alone; empty: whichever.
base::Result<std::vector<Delivery>> Outbox::take_of(std::string_view target, int count, base::Time now,
                                                    std::string_view only) {
  const char* const unlocked = connection_->dialect() == store::Dialect::kPostgres ? " FOR UPDATE SKIP LOCKED" : "";
  TRY_ASSIGN(
      const std::vector<std::string> ids,
      connection_->query_all(
          std::string("UPDATE delivery SET state = 'delivering', fence = fence + 1, lease_owner = $4, "
                      "lease_until = $5 WHERE number IN (SELECT number FROM delivery WHERE target = $1 AND state "
                      "= 'pending' AND next_at <= $2 AND ($6 = '' OR id = $6) ORDER BY next_at, number LIMIT "
                      "$3") +
              unlocked + ") RETURNING id",
          {target, base::to_nanoseconds(now), count, options_.taker, base::to_nanoseconds(now + options_.lease), only},
          [](const store::Row& row) { return std::string(row.text(0)); }));
  std::vector<Delivery> taken;
  for (const std::string& id : ids) {
    TRY_ASSIGN(Delivery each, find_made(id));
    taken.push_back(std::move(each));
  }
  std::ranges::sort(taken, {}, &Delivery::number);
  return taken;
}

base::Result<std::vector<Delivery>> Outbox::take(const TakeLimits& limits) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const base::Time seen_at, repeated([&] { return clock(); }));
  TRY(follow_clock(seen_at));
  const std::int64_t at = base::to_nanoseconds(seen_at);
  const std::string left_out = for_like(limits.left_out);
  TRY_ASSIGN(const std::int64_t waiting, repeated([&] {
               return connection_->query_integer(
                   "SELECT (CASE WHEN "
                   "EXISTS (SELECT 1 FROM delivery WHERE state = 'pending' AND next_at <= $1 AND "
                   "$2 NOT LIKE '% ' || target || ' %') OR "
                   "EXISTS (SELECT 1 FROM delivery WHERE state = 'delivering' AND lease_until <= $1) "
                   "THEN 1 ELSE 0 END)",
                   {at, left_out});
             }));
  std::vector<Delivery> taken;
  if (waiting == 0 || limits.deliveries_max <= 0) return taken;
  return in_transaction([&]() -> base::Result<std::vector<Delivery>> {
    taken.clear();
    // Else two servers would count the same places as free. Each statement after this sees what the other did.
    if (connection_->dialect() == store::Dialect::kPostgres)
      TRY(connection_->query("SELECT pg_advisory_xact_lock(hashtext('tradeassist deliveries'))"));
    TRY_ASSIGN(const base::Time now, clock());
    const std::int64_t nanoseconds = base::to_nanoseconds(now);
    TRY(connection_->run("UPDATE delivery SET state = 'pending' WHERE state = 'delivering' AND lease_until <= $1",
                         {nanoseconds}));
    // What was taken when its webhook was disabled, and came back since.
    TRY(connection_->run(
        "UPDATE delivery SET state = 'cancelled', finished_at = $1, last_error = 'the webhook was "
        "disabled' WHERE state = 'pending' AND target IN (SELECT id FROM webhook WHERE is_enabled = 0)",
        {nanoseconds}));
    // Targets whose places are all taken are left out here, so that they hide no others.
    TRY_ASSIGN(const auto due,
               connection_->query_all(
                   "SELECT target, (SELECT count(*) FROM delivery busy WHERE busy.state = 'delivering' AND busy.target "
                   "= delivery.target) FROM delivery WHERE state = 'pending' AND next_at <= $1 AND target NOT IN "
                   "(SELECT target FROM delivery WHERE state = 'delivering' GROUP BY target HAVING count(*) >= $2) "
                   "AND $3 NOT LIKE '% ' || target || ' %' GROUP BY target ORDER BY min(next_at), target",
                   {nanoseconds, limits.of_target_max, left_out}, [](const store::Row& row) {
                     return std::pair(std::string(row.text(0)), static_cast<int>(row.integer(1)));
                   }));
    for (const auto& [target, busy] : due) {
      const int room = limits.deliveries_max - static_cast<int>(taken.size());
      if (room <= 0) break;
      TRY_ASSIGN(std::vector<Delivery> some, take_of(target, std::min(room, limits.of_target_max - busy), now, ""));
      std::ranges::move(some, std::back_inserter(taken));
    }
    return std::move(taken);
  });
}

base::Result<std::optional<Delivery>> Outbox::take_one(std::string_view delivery) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<std::optional<Delivery>> {
    TRY_ASSIGN(const base::Time now, clock());
    TRY_ASSIGN(const Delivery wanted, find_made(delivery));
    TRY_ASSIGN(std::vector<Delivery> taken, take_of(wanted.target, 1, now, delivery));
    if (taken.empty()) return std::nullopt;
    return std::optional(std::move(taken.front()));
  });
}

base::Result<void> Outbox::finish(const Delivery& taken, const Outcome& outcome) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<void> {
    TRY_ASSIGN(const auto held, connection_->query_first(
                                    "SELECT attempts FROM delivery WHERE number = $1 AND fence = $2 AND state = "
                                    "'delivering'" +
                                        std::string(store::row_lock(*connection_)),
                                    {taken.number, taken.fence}, [](const store::Row& row) { return row.integer(0); }));
    if (!held) return std::unexpected(not_yours(taken));
    TRY_ASSIGN(const base::Time now, clock());
    const Attempt& attempt = outcome.attempt;
    TRY(connection_->run(
        "INSERT INTO delivery_attempt (delivery, attempt, at, took_ms, status, error, sent_headers, received_headers, "
        "received_body, is_cut) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        {taken.number, taken.attempts + 1, base::to_nanoseconds(attempt.at), attempt.took.count(), attempt.status,
         jobs::stored_text(attempt.error, kErrorBytesMax), jobs::stored_text(attempt.sent_headers, kHeaderBytesKept),
         jobs::stored_text(attempt.received_headers, kHeaderBytesKept),
         jobs::stored_text(attempt.received_body, kBodyBytesKept), attempt.is_cut}));
    TRY(store_end(taken, outcome, now));
    return judge_webhook(taken, outcome, now);
  });
}

base::Result<void> Outbox::store_end(const Delivery& taken, const Outcome& outcome, base::Time now) {
  const int tries = taken.attempts + 1;
  auto delay = options_.schedule.delay_after(tries, taken.id);
  if (is_channel(taken) && tries >= options_.channel_tries_max) delay.reset();
  const bool goes_on = !outcome.is_delivered && !outcome.is_gone && !outcome.is_final && delay;
  const DeliveryState state = outcome.is_delivered ? DeliveryState::kDelivered
                              : goes_on            ? DeliveryState::kPending
                                                   : DeliveryState::kFailed;
  base::Time next = now;
  if (goes_on) {
    std::chrono::milliseconds wait = *delay;
    if (outcome.retry_after) {
      wait = std::max(wait,
                      std::chrono::milliseconds(std::min<std::chrono::seconds>(*outcome.retry_after, kRetryAfterMax)));
    }
    next = now + wait;
  }
  TRY(
      connection_->run("UPDATE delivery SET state = $2, attempts = $3, next_at = $4, last_status = $5, last_error = "
                       "$6, finished_at = $7 "
                       "WHERE number = $1",
                       {taken.number, to_string(state), tries, base::to_nanoseconds(next), outcome.attempt.status,
                        jobs::stored_text(outcome.attempt.error, kErrorBytesMax),
                        goes_on ? std::nullopt : std::optional(base::to_nanoseconds(now))}));
  return {};
}

base::Result<void> Outbox::judge_webhook(const Delivery& taken, const Outcome& outcome, base::Time now) {
  if (is_channel(taken)) return {};
  if (outcome.is_delivered) {
    TRY(connection_->run("UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL",
                         {taken.target}));
    return {};
  }
  TRY(connection_->run("UPDATE webhook SET failing_since = $2 WHERE id = $1 AND failing_since IS NULL",
                       {taken.target, base::to_nanoseconds(now)}));
  const auto webhook = find_webhook(*connection_, taken.target, "");
  if (!webhook && webhook.error().code == base::ErrorCode::kNotFound) return {};  // removed meanwhile
  if (!webhook) return std::unexpected(webhook.error());
  if (!webhook->is_enabled) return {};
  const bool failed_long = webhook->failing_since && now - *webhook->failing_since >= options_.disable_after;
  if (!outcome.is_gone && !failed_long) return {};
  const std::string reason =
      outcome.is_gone ? std::string("its receiver answered 410 Gone")
                      : "nothing could be delivered since " +
                            base::format_time(std::chrono::floor<std::chrono::seconds>(*webhook->failing_since));
  TRY(disable_webhook(*connection_, taken.target, reason, now));
  base::log(base::LogLevel::kWarning, "a webhook was disabled", {{"webhook", taken.target}, {"reason", reason}});
  Event event;
  event.type = "webhook.disabled";
  event.owner = webhook->owner;
  event.data = {{"webhook_id", taken.target}, {"reason", reason}};
  TRY(record_event(*connection_, std::move(event), options_.channels, now));
  return {};
}

base::Result<void> Outbox::put_back(const Delivery& taken, std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<void> {
    TRY_ASSIGN(const base::Time now, clock());
    TRY_ASSIGN(const std::int64_t changed,
               connection_->run("UPDATE delivery SET state = 'pending', next_at = $3 WHERE number = $1 AND fence = $2 "
                                "AND state = 'delivering'",
                                {taken.number, taken.fence, base::to_nanoseconds(now + delay)}));
    if (changed == 0) return std::unexpected(not_yours(taken));
    return {};
  });
}

base::Result<std::int64_t> Outbox::remove_before(base::Time time) {
  std::int64_t removed = 0;
  while (true) {
    const std::lock_guard lock(mutex_);
    TRY_ASSIGN(
        const std::int64_t some, in_transaction([&] {
          return connection_->run(
              "DELETE FROM outgoing_event WHERE id IN (SELECT id FROM outgoing_event WHERE at < $1 AND NOT EXISTS "
              "(SELECT 1 FROM delivery WHERE event_id = outgoing_event.id AND (state = 'delivering' OR (state = "
              "'pending' AND target NOT IN ($3, $4)))) LIMIT $2)",
              {base::to_nanoseconds(time), kRemovedAtOnce, kSlackTarget, kEmailTarget});
        }));
    removed += some;
    if (some < kRemovedAtOnce) return removed;
  }
}

}  // namespace tradeassist::notify
