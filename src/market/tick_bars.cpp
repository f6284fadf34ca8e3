#include "market/tick_bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

namespace tradeassist::market {
namespace {

using base::ErrorCode;
using base::failure;
using Kind = TickBarRule::Kind;

/// Beyond this a double no longer counts one by one.
constexpr double kAmountMax = 1e15;

/// Share of a tick size by which prices may be off their grid: doubles of decimals are, by much less.
constexpr double kGridTolerance = 1e-6;

std::optional<Kind> kind_of(char letter) {
  switch (letter) {
    case 't':
    case 'T': return Kind::kTicks;
    case 'v':
    case 'V': return Kind::kVolume;
    case 'r':
    case 'R': return Kind::kRange;
    case '$': return Kind::kMoney;
    default: return std::nullopt;
  }
}

bool is_amount(Kind kind, double amount) {
  const bool counts = kind == Kind::kTicks || kind == Kind::kRange;
  return amount > 0 && amount <= kAmountMax && (!counts || amount == std::floor(amount));
}

}  // namespace

base::Result<TickBarRule> parse_tick_bar_rule(std::string_view text) {
  const auto kind = text.empty() ? std::nullopt : kind_of(text.back());
  if (kind) {
    TickBarRule rule{.kind = *kind};
    const char* const end = text.data() + text.size() - 1;
    const auto [at, status] = std::from_chars(text.data(), end, rule.amount);
    if (status == std::errc() && at == end && is_amount(*kind, rule.amount)) return rule;
  } else if (const auto timeframe = parse_timeframe(text)) {
    return TickBarRule{.timeframe = *timeframe};
  }
  return failure(ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is not a timeframe; write a count and a unit: 30s, 1m, 4h, 1d, 1w, 1M (a month), or "
                             "of ticks 500t (trades), 1000v (volume), 10r (range in tick sizes), 5000000$ (money)",
                             text.substr(0, 32)));
}

std::string to_string(const TickBarRule& rule) {
  switch (rule.kind) {
    case Kind::kTime: return to_string(rule.timeframe);
    case Kind::kTicks: return fmt::format("{:.0f}t", rule.amount);
    case Kind::kVolume: return fmt::format("{}v", rule.amount);
    case Kind::kMoney: return fmt::format("{}$", rule.amount);
    case Kind::kRange: return fmt::format("{:.0f}r", rule.amount);
  }
  return {};
}

base::Result<TickBarBuilder> TickBarBuilder::create(const TickBarRule& rule, const TickBarOptions& options) {
  if (rule.kind != Kind::kTime && !is_amount(rule.kind, rule.amount)) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("bars of {} are not possible: the amount is above 0, up to {:g}, and whole for trades "
                               "and ranges",
                               to_string(rule), kAmountMax));
  }
  if (!(options.tick_size > 0) || !(options.point_value > 0)) {
    return failure(ErrorCode::kInvalidArgument, fmt::format("tick size {} and point value {} must be above 0",
                                                            options.tick_size, options.point_value));
  }
  TRY_ASSIGN(const Buckets buckets, Buckets::of(rule.timeframe, options.anchor));
  return TickBarBuilder(rule, options, buckets);
}

void TickBarBuilder::begin(std::int64_t start, double price) {
  // Several bars within one instant: times of bars ascend strictly.
  if (last_bar_ && start <= *last_bar_) start = *last_bar_ + 1;
  open_ = Bar{base::time_from_nanoseconds(start), price, price, price, price, std::numeric_limits<double>::quiet_NaN()};
  trade_count_ = sized_volume_ = price_volume_ = money_ = 0;
}

/// The decimal that is meant: 1313.1 + 10 * 0.1 is no tick's price to the last bit.
double TickBarBuilder::on_grid(double price) const {
  const double per_point = std::round(1 / options_.tick_size);
  const bool is_fraction = std::abs(per_point * options_.tick_size - 1) < 1e-9;
  const double snapped = is_fraction ? std::round(price * per_point) / per_point
                                     : std::round(price / options_.tick_size) * options_.tick_size;
  // A price that never was on the grid is left where it is.
  return std::abs(snapped - price) <= kGridTolerance * options_.tick_size ? snapped : price;
}

/// Widens the open bar to its full range on the side that `price` is on.
void TickBarBuilder::end_at_limit(double price) {
  if (price > open_->high) {
    open_->close = open_->high = on_grid(open_->low + range_);
  } else {
    open_->close = open_->low = on_grid(open_->high - range_);
  }
}

bool TickBarBuilder::is_full() const {
  switch (rule_.kind) {
    case Kind::kTicks: return trade_count_ >= rule_.amount;
    case Kind::kVolume: return sized_volume_ >= rule_.amount;
    case Kind::kMoney: return money_ >= rule_.amount;
    default: return false;  // the tick behind the bar ends it
  }
}

void TickBarBuilder::add(const Tick& tick, Series& done) {
  const std::int64_t time = base::to_nanoseconds(tick.time);
  assert(time >= last_tick_);
  last_tick_ = time;
  if (tick.price != tick.price) return;

  if (open_ && rule_.kind == Kind::kTime && time >= bucket_end_) finish(done);
  if (open_ && rule_.kind == Kind::kRange) {
    const double width = std::max(open_->high, tick.price) - std::min(open_->low, tick.price);
    if (width > range_ + kGridTolerance * options_.tick_size) {
      end_at_limit(tick.price);
      finish(done);
    }
  }
  if (!open_ && rule_.kind == Kind::kTime) {
    const Bucket bucket = buckets_.holding(time);
    bucket_end_ = bucket.end;
    begin(bucket.start, tick.price);
  } else if (!open_) {
    begin(time, tick.price);
  }

  open_->high = std::max(open_->high, tick.price);
  open_->low = std::min(open_->low, tick.price);
  open_->close = tick.price;
  trade_count_ += 1;
  if (tick.size == tick.size) {
    sized_volume_ += tick.size;
    open_->volume = sized_volume_;
    price_volume_ += tick.price * tick.size;
    money_ += std::abs(tick.price * tick.size) * options_.point_value;
  }
  if (is_full()) finish(done);
}

void TickBarBuilder::finish(Series& done) {
  if (!open_) return;
  last_bar_ = base::to_nanoseconds(open_->time);
  open_->vwap = sized_volume_ > 0 ? price_volume_ / sized_volume_ : kNotKnown;
  open_->trade_count = trade_count_;
  done.push_back(*open_);
  open_.reset();
}

base::Result<Series> bars_of_ticks(const TickSeries& ticks, const TickBarRule& rule, const TickBarOptions& options) {
  TRY_ASSIGN(TickBarBuilder builder, TickBarBuilder::create(rule, options));
  const bool needs_sizes = rule.kind == Kind::kVolume || rule.kind == Kind::kMoney;
  if (needs_sizes && !ticks.empty() && std::ranges::all_of(ticks.size, [](double size) { return size != size; })) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("bars of {} need the sizes of trades, and these ticks have none", to_string(rule)));
  }
  Series made;
  for (std::size_t i = 0; i < ticks.rows(); ++i) {
    builder.add({base::time_from_nanoseconds(ticks.time[i]), ticks.price[i], ticks.size[i]}, made);
  }
  builder.finish(made);
  return made;
}

}  // namespace tradeassist::market
