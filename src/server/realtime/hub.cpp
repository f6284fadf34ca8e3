#include "server/realtime/hub.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kChannelNameMax = 160;

bool is_channel_name(std::string_view name) {
  if (name.empty() || name.size() > kChannelNameMax) return false;
  return std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

/// Of these, only the newest matters to somebody who cannot keep up.
bool is_about_now(std::string_view message_type) { return message_type == "bar" || message_type == "market_data"; }

}  // namespace

Hub::Hub(const HubLimits& limits, Clock clock) : limits_(limits), clock_(std::move(clock)) {}
Hub::~Hub() = default;

std::string Hub::envelope(std::string_view message_type, const std::string* channel, std::int64_t sequence,
                          json::object data) const {
  json::object out{{"messageType", message_type}, {"version", "1.0"}, {"timestamp", base::format_time(clock_())}};
  out["sequence"] = channel != nullptr ? json::value(sequence) : json::value(nullptr);
  out["channel"] = channel != nullptr ? json::value(*channel) : json::value(nullptr);
  out["data"] = std::move(data);
  return base::json_text(out);
}

Hub::Channel* Hub::find_channel(const std::string& name) {
  if (const auto found = channels_.find(name); found != channels_.end()) {
    found->second.last_use = ++uses_;
    return &found->second;
  }
  if (channels_.size() >= limits_.channels_max) {
    auto oldest = channels_.end();
    for (auto each = channels_.begin(); each != channels_.end(); ++each) {
      if (!each->second.subscribers.empty()) continue;
      if (oldest == channels_.end() || each->second.last_use < oldest->second.last_use) oldest = each;
    }
    if (oldest == channels_.end()) return nullptr;
    metrics_.replay_bytes -= oldest->second.replay_bytes;
    channels_.erase(oldest);
  }
  Channel& made = channels_[name];
  made.sequence = base::to_nanoseconds(clock_()) / 1'000;
  made.last_use = ++uses_;
  return &made;
}

void Hub::drop_oldest(Channel& channel) {
  const std::size_t bytes = channel.replay.front().text->size();
  channel.replay_bytes -= bytes;
  metrics_.replay_bytes -= bytes;
  channel.replay.pop_front();
}

void Hub::keep(Channel& channel, MessageText text) {
  channel.replay_bytes += text->size();
  metrics_.replay_bytes += text->size();
  channel.replay.push_back({channel.sequence, std::move(text)});
  while (channel.replay.size() > limits_.replay_messages_max || channel.replay_bytes > limits_.replay_bytes_max) {
    drop_oldest(channel);
  }
  // What was used least gives way: else channels that are done would keep those in use from keeping anything.
  while (metrics_.replay_bytes > limits_.replay_bytes_total_max) {
    Channel* oldest = nullptr;
    for (auto& [name, each] : channels_) {
      if (!each.replay.empty() && (oldest == nullptr || each.last_use < oldest->last_use)) oldest = &each;
    }
    if (oldest == &channel) {
      drop_oldest(channel);
    } else {
      while (!oldest->replay.empty()) drop_oldest(*oldest);
    }
  }
}

void Hub::end(Subscriber& subscriber, CloseReason reason) {
  if (subscriber.close_reason_ != CloseReason::kNone) return;
  subscriber.close_reason_ = reason;
  if (reason == CloseReason::kTryAgainLater) {
    ++metrics_.overflows;
    subscriber.queue_.clear();
    subscriber.newest_.clear();
    subscriber.queued_bytes_ = 0;
    has_room_.notify_all();
  }
  subscriber.wake_();
}

void Hub::enqueue(Subscriber& subscriber, MessageText text, const std::string& channel, bool may_conflate) {
  if (subscriber.close_reason_ != CloseReason::kNone) return;
  auto& queue = subscriber.queue_;
  if (may_conflate && queue.size() >= limits_.conflate_from) {
    const auto newest = subscriber.newest_.find(channel);
    if (newest != subscriber.newest_.end() && newest->second >= subscriber.taken_) {
      MessageText& waiting = queue[newest->second - subscriber.taken_].text;
      subscriber.queued_bytes_ += text->size() - waiting->size();
      waiting = std::move(text);
      ++metrics_.conflated;
      return;
    }
  }
  if (queue.size() >= limits_.queued_messages_max ||
      subscriber.queued_bytes_ + text->size() > limits_.queued_bytes_max) {
    return end(subscriber, CloseReason::kTryAgainLater);
  }
  if (may_conflate)
    subscriber.newest_[channel] = subscriber.taken_ + queue.size();
  else
    subscriber.newest_.erase(channel);  // messages of a channel stay in their order
  subscriber.queued_bytes_ += text->size();
  queue.push_back({std::move(text), channel});
  if (queue.size() == 1) subscriber.wake_();
}

void Hub::deliver(Channel& channel, const std::string& name, std::string_view message_type, json::object data) {
  ++channel.sequence;
  channel.last_use = ++uses_;
  ++metrics_.published;
  auto text = std::make_shared<const std::string>(envelope(message_type, &name, channel.sequence, std::move(data)));
  const bool only_newest = is_about_now(message_type);
  for (Subscriber* subscriber : channel.subscribers) enqueue(*subscriber, text, name, only_newest);
  keep(channel, std::move(text));
}

void Hub::publish(std::string_view channel, std::string_view message_type, json::object data) {
  const std::string name(channel);
  const std::lock_guard lock(mutex_);
  if (Channel* const found = find_channel(name))
    deliver(*found, name, message_type, std::move(data));
  else
    ++metrics_.unchanneled;
}

bool Hub::is_ready(const Channel& channel) const {
  return std::ranges::all_of(channel.subscribers, [&](const Subscriber* subscriber) {
    return subscriber->queue_.size() < limits_.queued_messages_max / 4 &&
           subscriber->queued_bytes_ < limits_.queued_bytes_max / 4;
  });
}

bool Hub::publish_when_ready(std::string_view channel, std::string_view message_type, json::object data,
                             const std::stop_token& stop) {
  const std::string name(channel);
  std::unique_lock lock(mutex_);
  const auto listened = [&]() -> Channel* {
    const auto found = channels_.find(name);
    return found == channels_.end() || found->second.subscribers.empty() ? nullptr : &found->second;
  };
  has_room_.wait(lock, stop, [&] {
    const Channel* const found = listened();
    return is_closing_ || found == nullptr || is_ready(*found);
  });
  Channel* const found = listened();
  if (found == nullptr || is_closing_ || stop.stop_requested()) return false;
  deliver(*found, name, message_type, std::move(data));
  return true;
}

bool Hub::has_subscribers(std::string_view channel) const {
  const std::lock_guard lock(mutex_);
  const auto found = channels_.find(std::string(channel));
  return found != channels_.end() && !found->second.subscribers.empty();
}

base::Result<std::shared_ptr<Hub::Subscriber>> Hub::connect(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (subscribers_.size() >= limits_.subscribers_max) {
    return base::failure(base::ErrorCode::kResourceExhausted,
                         std::to_string(limits_.subscribers_max) + " connections listen already; try again later");
  }
  auto made = std::make_shared<Subscriber>();
  made->wake_ = std::move(wake);
  if (is_closing_) made->close_reason_ = CloseReason::kGoingAway;
  subscribers_.insert(made);
  return made;
}

void Hub::disconnect(Subscriber& subscriber) {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : subscriber.channels_) {
    if (const auto found = channels_.find(name); found != channels_.end()) found->second.subscribers.erase(&subscriber);
  }
  subscriber.channels_.clear();
  subscriber.queue_.clear();
  subscriber.queued_bytes_ = 0;
  subscriber.wake_ = [] {};
  const auto held = std::ranges::find(subscribers_, &subscriber, [](const auto& each) { return each.get(); });
  if (held != subscribers_.end()) subscribers_.erase(held);
  has_room_.notify_all();
}

base::Result<void> Hub::subscribe(Subscriber& subscriber, std::string_view channel, std::optional<std::int64_t> after) {
  if (!is_channel_name(channel)) {
    return base::failure(base::ErrorCode::kInvalidArgument, "a channel's name is 1 to " +
                                                                std::to_string(kChannelNameMax) +
                                                                " plain characters without spaces, e.g. bars:SPY:1m");
  }
  const std::string name(channel);
  const std::lock_guard lock(mutex_);
  if (subscriber.channels_.size() >= limits_.subscriptions_max && !subscriber.channels_.contains(name)) {
    return base::failure(
        base::ErrorCode::kResourceExhausted,
        "a connection may subscribe to " + std::to_string(limits_.subscriptions_max) + " channels at most");
  }
  Channel* const found = find_channel(name);
  if (found == nullptr) {
    return base::failure(base::ErrorCode::kResourceExhausted,
                         std::to_string(limits_.channels_max) + " channels are in use already; try again later");
  }
  found->subscribers.insert(&subscriber);
  subscriber.channels_.insert(name);
  const auto tell = [&](std::string_view type, json::object data) {
    enqueue(subscriber, std::make_shared<const std::string>(envelope(type, &name, found->sequence, std::move(data))),
            name, false);
  };
  tell("subscribed", {{"sequence", found->sequence}});
  if (!after) return {};
  const std::int64_t first_kept = found->replay.empty() ? found->sequence + 1 : found->replay.front().sequence;
  // Sequences begin at the clock. Where it was set back between two servers, what was seen of the first is beyond all
  // of the second, and nobody knows what lies between.
  const bool is_of_another_clock = *after > found->sequence;
  if (is_of_another_clock) {
    tell("gap", {{"from", nullptr}, {"to", first_kept - 1}});
  } else if (*after + 1 < first_kept) {
    tell("gap", {{"from", *after + 1}, {"to", first_kept - 1}});
  }
  std::int64_t replayed = 0;
  for (const Kept& kept : found->replay) {
    if (kept.sequence <= *after && !is_of_another_clock) continue;
    enqueue(subscriber, kept.text, name, false);
    ++replayed;
  }
  tell("replay_complete", {{"messages", replayed}, {"sequence", found->sequence}});
  return {};
}

void Hub::unsubscribe(Subscriber& subscriber, std::string_view channel) {
  const std::string name(channel);
  const std::lock_guard lock(mutex_);
  subscriber.channels_.erase(name);
  if (const auto found = channels_.find(name); found != channels_.end()) found->second.subscribers.erase(&subscriber);
  has_room_.notify_all();
  enqueue(subscriber, std::make_shared<const std::string>(envelope("unsubscribed", nullptr, 0, {{"channel", name}})),
          "", false);
}

void Hub::send(Subscriber& subscriber, std::string_view message_type, json::object data) {
  const std::lock_guard lock(mutex_);
  enqueue(subscriber, std::make_shared<const std::string>(envelope(message_type, nullptr, 0, std::move(data))), "",
          false);
}

std::vector<MessageText> Hub::take(Subscriber& subscriber, std::size_t count) {
  const std::lock_guard lock(mutex_);
  std::vector<MessageText> taken;
  while (!subscriber.queue_.empty() && taken.size() < count) {
    Queued& next = subscriber.queue_.front();
    if (!next.channel.empty()) {
      const auto newest = subscriber.newest_.find(next.channel);
      if (newest != subscriber.newest_.end() && newest->second == subscriber.taken_) subscriber.newest_.erase(newest);
    }
    subscriber.queued_bytes_ -= next.text->size();
    taken.push_back(std::move(next.text));
    subscriber.queue_.pop_front();
    ++subscriber.taken_;
  }
  metrics_.delivered += static_cast<std::int64_t>(taken.size());
  if (!taken.empty()) has_room_.notify_all();
  return taken;
}

CloseReason Hub::close_reason(const Subscriber& subscriber) const {
  const std::lock_guard lock(mutex_);
  return subscriber.close_reason_;
}

void Hub::close_all() {
  const std::lock_guard lock(mutex_);
  is_closing_ = true;
  for (const auto& subscriber : subscribers_) end(*subscriber, CloseReason::kGoingAway);
  has_room_.notify_all();
}

HubMetrics Hub::metrics() const {
  const std::lock_guard lock(mutex_);
  HubMetrics now = metrics_;
  now.channels = channels_.size();
  now.subscribers = subscribers_.size();
  return now;
}

}  // namespace tradeassist::server
