#include "feed/csv/row_parser.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/time.hpp"
#include "feed/csv/bar_end.hpp"
#include "feed/text/number.hpp"
#include "feed/text/text_file.hpp"

namespace tradeassist::feed {
namespace {

using base::kNanosecondsPerDay;
using base::kNanosecondsPerSecond;

unsigned digit_of(char c) { return static_cast<unsigned char>(c) - unsigned{'0'}; }

/// Two digits as a number, or 100 and more.
unsigned two_digits(const char* p) {
  const unsigned tens = digit_of(p[0]);
  const unsigned ones = digit_of(p[1]);
  return tens < 10 && ones < 10 ? tens * 10 + ones : 100;
}

std::string_view shortened(std::string_view text) { return text.substr(0, 48); }

bool is_price_order_right(const ParsedRow& row) {
  return row.high >= row.low && row.high >= row.open && row.high >= row.close && row.low <= row.open &&
         row.low <= row.close;
}

std::string explain_price_order(const ParsedRow& row) {
  if (row.high < row.low) return fmt::format("high {} is below low {}", row.high, row.low);
  if (row.high < row.open) return fmt::format("high {} is below open {}", row.high, row.open);
  if (row.high < row.close) return fmt::format("high {} is below close {}", row.high, row.close);
  if (row.low > row.open) return fmt::format("low {} is above open {}", row.low, row.open);
  return fmt::format("low {} is above close {}", row.low, row.close);
}

/// What may be left empty.
double& amount_of(ParsedRow& row, ColumnRole role) {
  switch (role) {
    case ColumnRole::kOpenInterest: return row.open_interest;
    case ColumnRole::kTradeCount: return row.trade_count;
    case ColumnRole::kVwap: return row.vwap;
    default: return row.volume;
  }
}

double middle(const ParsedRow& row) { return (row.bid + row.ask) / 2; }

/// `1577836800`, `1577836800.25`: exact, because a double would lose the nanoseconds.
std::optional<std::int64_t> read_epoch(std::string_view text, std::int64_t unit, std::int64_t limit) {
  std::int64_t whole = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  auto [at, status] = std::from_chars(begin, end, whole);
  if (status != std::errc() || whole > limit || whole < -limit) return std::nullopt;
  std::int64_t rest = 0;
  if (at != end) {
    if (*at != '.') return std::nullopt;
    std::int64_t place = unit;
    for (++at; at != end; ++at) {
      if (digit_of(*at) > 9) return std::nullopt;
      place /= 10;
      rest += place * digit_of(*at);
    }
  }
  return whole * unit + (text.starts_with('-') ? -rest : rest);
}

}  // namespace

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::kFieldCount: return "wrong number of fields";
    case Reason::kQuote: return "unclosed quote";
    case Reason::kTime: return "unreadable time";
    case Reason::kSkippedTime: return "local time that does not exist";
    case Reason::kMissing: return "missing price";
    case Reason::kNotANumber: return "not a number";
    case Reason::kPriceOrder: return "high and low do not enclose open and close";
    case Reason::kNegativeVolume: return "negative volume";
    case Reason::kNegativeCount: return "negative open interest or trade count";
    case Reason::kOtherSymbol: return "another symbol";
    case Reason::kConflict: return "same time, different values";
    case Reason::kOutOfOrder: return "out of order";
  }
  return "?";
}

base::Result<RowParser> RowParser::create(const CsvFormat& format) {
  RowParser parser;
  for (const CsvColumn& column : format.columns) {
    parser.roles_.push_back(column.role);
    parser.has_volume_ = parser.has_volume_ || column.role == ColumnRole::kVolume;
  }
  parser.time_ = format.time;
  parser.separator_ = format.separator;
  parser.splitter_ = FieldSplitter(format.separator);
  parser.decimal_comma_ = format.decimal_comma;
  parser.trailing_separator_ = format.trailing_separator;
  parser.stamps_have_zone_ = format.zone_source == ZoneSource::kStamp;
  parser.only_given_ = format.only_given;
  parser.only_ = format.only;
  parser.header_ = format.header;
  parser.close_only_ = format.close_only;
  parser.quotes_only_ = format.quotes_only;
  parser.plain_ =
      format.line_end == '\n' && format.separator != kSpaceRun && !format.decimal_comma && !format.only_given;
  if (format.time.kind == TimeFormat::Kind::kText) {
    parser.plain_ = parser.plain_ && format.time.order == DateOrder::kYearMonthDay && format.time.stamp_zone.empty();
    if (!parser.stamps_have_zone_ || !format.time.stamp_zone.empty()) {
      TRY_ASSIGN(parser.local_, LocalTime::open(format.time_zone));
    }
  }
  parser.epoch_unit_ = nanoseconds_per(format.time.unit);
  parser.epoch_limit_ =
      base::to_nanoseconds(base::Time(std::chrono::sys_days(std::chrono::year(2262) / 1 / 1))) / parser.epoch_unit_;
  parser.timeframe_ = format.timeframe;
  parser.stamped_at_end_ = format.bar_time == BarTime::kEnd;
  return parser;
}

/// A number, or an empty field, whose number is not known.
inline bool RowParser::scan_optional(const char*& at, double& value) const {
  if (*at != separator_ && *at != '\n' && *at != '\r') return scan_plain_number(at, value);
  value = std::numeric_limits<double>::quiet_NaN();
  return true;
}

inline bool RowParser::scan_date(const char*& at, std::int64_t& day) {
  std::uint64_t head = 0;
  std::uint16_t tail = 0;
  std::memcpy(&head, at, sizeof head);
  const bool compact = digit_of(at[4]) < 10;
  if (!compact) std::memcpy(&tail, at + sizeof head, sizeof tail);
  const std::ptrdiff_t size = compact ? 8 : 10;
  if (head == cached_date_head_ && tail == cached_date_tail_) {
    at += size;
    day = cached_day_;
    return true;
  }
  if (!compact && ((at[4] != '-' && at[4] != '/' && at[4] != '.') || at[7] != at[4])) return false;
  const unsigned century = two_digits(at);
  const unsigned years = two_digits(at + 2);
  const unsigned month = two_digits(compact ? at + 4 : at + 5);
  const unsigned month_day = two_digits(compact ? at + 6 : at + 8);
  if (century > 99 || years > 99 || month > 99 || month_day > 99 || digit_of(at[size]) < 10) return false;
  const auto year = static_cast<int>(century * 100 + years);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(month_day)};
  if (!date.ok() || year < 1678 || year > 2261) return false;
  day = std::chrono::sys_days(date).time_since_epoch().count();
  cached_date_head_ = head;
  cached_date_tail_ = tail;
  cached_day_ = day;
  at += size;
  return true;
}

namespace {

/// `14:30`, `14:30:05`, `14:30:05.123`, `143005`.
bool scan_clock(const char*& at, std::int64_t& clock) {
  const unsigned hour = two_digits(at);
  const bool colons = at[2] == ':';
  const char* p = at + (colons ? 3 : 2);
  const unsigned minute = two_digits(p);
  if (hour > 23 || minute > 59) return false;
  p += 2;
  unsigned second = 0;
  std::int64_t fraction = 0;
  if (!colons || *p == ':') {
    p += colons;
    second = two_digits(p);
    if (second > 59) return false;
    p += 2;
    if (*p == '.') {
      std::int64_t place = kNanosecondsPerSecond;
      for (++p; digit_of(*p) < 10; ++p) {
        place /= 10;
        if (place == 0) return false;
        fraction += place * digit_of(*p);
      }
    }
  }
  clock = (std::int64_t{hour} * 3600 + minute * 60 + second) * kNanosecondsPerSecond + fraction;
  at = p;
  return true;
}

/// `Z`, `+02:00`, `-0500`; untouched when there is none.
bool scan_offset(const char*& at, std::optional<std::int64_t>& offset) {
  if (*at == 'Z') {
    ++at;
    offset = 0;
    return true;
  }
  if (*at != '+' && *at != '-') return true;
  const unsigned hours = two_digits(at + 1);
  const char* p = at + 3;
  p += *p == ':';
  const unsigned minutes = two_digits(p);
  if (hours > 15 || minutes > 59) return false;
  const std::int64_t seconds = std::int64_t{hours} * 3600 + minutes * 60;
  offset = (*at == '-' ? -seconds : seconds) * kNanosecondsPerSecond;
  at = p + 2;
  return true;
}

}  // namespace

inline bool RowParser::scan_time(const char*& at, std::int64_t& day, std::int64_t& clock,
                                 std::optional<std::int64_t>& offset) {
  if (!scan_date(at, day)) return false;
  if (*at != ' ' && *at != 'T') return true;
  ++at;
  return scan_clock(at, clock) && scan_offset(at, offset);
}

LocalTime::Kind RowParser::settle_time(std::int64_t day, std::int64_t clock, std::optional<std::int64_t> offset,
                                       ParsedRow& row) {
  if (offset) {
    row.time = day * kNanosecondsPerDay + clock - *offset;
    if (stamped_at_end_) row.time = start_of_bar_ending_at(row.time, timeframe_);
    return LocalTime::Kind::kUnique;
  }
  if (stamped_at_end_ && !timeframe_.is_intraday())
    day = first_day_of_bar_ending_on(day, clock, time_.has_clock, timeframe_);
  if (time_.clock_dropped) clock = 0;
  const LocalTime::Answer answer = local_->to_utc(day * kNanosecondsPerDay + clock);
  row.time = answer.utc;
  if (stamped_at_end_ && timeframe_.is_intraday()) row.time = start_of_bar_ending_at(row.time, timeframe_);
  // A day begins when its midnight is skipped too: a date names the day, not the instant.
  const bool whole_date = !time_.has_clock || time_.clock_dropped;
  if (whole_date) return LocalTime::Kind::kUnique;
  row.again = answer.again;
  return answer.kind;
}

const char* RowParser::parse_plain(const char* at, ParsedRow& row) {
  if (!plain_) return nullptr;
  const char* p = at;
  std::int64_t day = 0;
  std::int64_t clock = 0;
  std::optional<std::int64_t> offset;
  row.again = 0;
  const bool epoch = time_.kind == TimeFormat::Kind::kEpoch;
  const std::size_t count = roles_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) {
      if (*p != separator_) return nullptr;
      ++p;
    }
    switch (roles_[i]) {
      case ColumnRole::kTime:
        if (epoch) {
          const char* const first = p;
          std::uint64_t value = 0;
          for (unsigned digit = 0; (digit = digit_of(*p)) < 10; ++p) value = value * 10 + digit;
          if (p == first || p - first > 19 || value > static_cast<std::uint64_t>(epoch_limit_)) return nullptr;
          row.time = static_cast<std::int64_t>(value) * epoch_unit_;
          if (stamped_at_end_) row.time = start_of_bar_ending_at(row.time, timeframe_);
        } else if (!scan_time(p, day, clock, offset)) {
          return nullptr;
        }
        break;
      case ColumnRole::kClock:
        if (!scan_clock(p, clock)) return nullptr;
        break;
      case ColumnRole::kOpen:
        if (!scan_plain_number(p, row.open)) return nullptr;
        break;
      case ColumnRole::kHigh:
        if (!scan_plain_number(p, row.high)) return nullptr;
        break;
      case ColumnRole::kLow:
        if (!scan_plain_number(p, row.low)) return nullptr;
        break;
      case ColumnRole::kClose:
        if (!scan_plain_number(p, row.close)) return nullptr;
        break;
      case ColumnRole::kVolume:
        if (!scan_plain_number(p, row.volume)) return nullptr;
        break;
      case ColumnRole::kBid:
        if (!scan_plain_number(p, row.bid)) return nullptr;
        break;
      case ColumnRole::kAsk:
        if (!scan_plain_number(p, row.ask)) return nullptr;
        break;
      case ColumnRole::kOpenInterest:
        if (!scan_optional(p, row.open_interest) || row.open_interest < 0) return nullptr;
        break;
      case ColumnRole::kTradeCount:
        if (!scan_optional(p, row.trade_count) || row.trade_count < 0) return nullptr;
        break;
      case ColumnRole::kVwap:
        if (!scan_optional(p, row.vwap)) return nullptr;
        break;
      case ColumnRole::kSymbol:
      case ColumnRole::kIgnored: {
        const char* const first = p;
        while (*p != separator_ && *p != '\n' && *p != '"' && *p != '\r') ++p;
        if (*p == '"') return nullptr;
        if (roles_[i] == ColumnRole::kSymbol && std::string_view(first, p) != only_) return nullptr;
        break;
      }
    }
  }
  p += *p == '\r';
  if (*p != '\n') return nullptr;
  if (quotes_only_) row.close = middle(row);
  if (close_only_) row.open = row.high = row.low = row.close;
  if (!has_volume_) row.volume = std::numeric_limits<double>::quiet_NaN();
  if (!is_price_order_right(row) || row.volume < 0) return nullptr;
  if (!epoch &&
      (offset.has_value() != stamps_have_zone_ || settle_time(day, clock, offset, row) == LocalTime::Kind::kSkipped)) {
    return nullptr;
  }
  return p + 1;
}

bool RowParser::parse_time(std::string_view text, std::string_view clock_text, ParsedRow& row, RowProblem& problem) {
  problem.reason = Reason::kTime;
  if (text.empty()) {
    problem.text = "the time is empty";
    return false;
  }
  if (time_.kind == TimeFormat::Kind::kEpoch) {
    const auto time = read_epoch(text, epoch_unit_, epoch_limit_);
    if (!time) {
      problem.text = fmt::format("'{}' is not an epoch time like '{}'", shortened(text), time_.example);
      return false;
    }
    row.time = stamped_at_end_ ? start_of_bar_ending_at(*time, timeframe_) : *time;
    return true;
  }
  auto stamp = read_stamp(text, time_.order);
  if (!stamp) {
    problem.text = fmt::format("'{}' is not a time like '{}'", shortened(text), time_.example);
    return false;
  }
  if (clock_text.data() != nullptr) {
    const auto clock = read_clock(clock_text, time_.clock_digits);
    if (!clock || stamp->has_clock) {
      problem.text = fmt::format("'{}' is not a time of day", shortened(clock_text));
      return false;
    }
    stamp->has_clock = true;
    stamp->clock = clock->clock;
    stamp->zone = clock->zone;
    stamp->offset_seconds = clock->offset_seconds;
    stamp->zone_name = clock->zone_name;
  }
  const bool zone_as_expected = !stamps_have_zone_ ? stamp->zone == ZoneMark::kNone
                                : time_.stamp_zone.empty()
                                    ? stamp->zone == ZoneMark::kOffset
                                    : stamp->zone == ZoneMark::kName && stamp->zone_name == time_.stamp_zone;
  if (!zone_as_expected) {
    problem.text = fmt::format("'{}' {} its zone, unlike '{}'", shortened(text),
                               stamp->zone == ZoneMark::kNone ? "does not say" : "differs in", time_.example);
    return false;
  }
  std::optional<std::int64_t> offset;
  if (stamp->zone == ZoneMark::kOffset) offset = stamp->offset_seconds * kNanosecondsPerSecond;
  if (settle_time(stamp->day, stamp->clock, offset, row) == LocalTime::Kind::kSkipped) {
    problem.reason = Reason::kSkippedTime;
    problem.text = fmt::format("'{}' does not exist in {}: the clocks jumped over it", shortened(text), local_->name());
    return false;
  }
  return true;
}

RowOutcome RowParser::parse(std::string_view line, ParsedRow& row, RowProblem& problem) {
  if (trim(line).empty() || line.front() == '#') return RowOutcome::kNotARow;
  if (!header_.empty() && trim(line) == header_) return RowOutcome::kNotARow;
  const auto bad = [&problem](Reason reason, std::string text) {
    problem.reason = reason;
    problem.text = std::move(text);
    return RowOutcome::kBad;
  };
  if (!splitter_.split(line)) return bad(Reason::kQuote, "a quoted field does not end on its line");
  const auto& fields = splitter_.fields();
  const bool complete = fields.size() == roles_.size() || (trailing_separator_ && fields.size() + 1 == roles_.size());
  if (!complete) {
    return bad(Reason::kFieldCount, fmt::format("{} field{} where the other rows have {}", fields.size(),
                                                fields.size() == 1 ? "" : "s", roles_.size()));
  }
  row = {};
  row.volume = std::numeric_limits<double>::quiet_NaN();
  std::string_view time_text;
  std::string_view clock_text;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    double* price = nullptr;
    switch (roles_[i]) {
      case ColumnRole::kIgnored: continue;
      case ColumnRole::kTime: time_text = fields[i]; continue;
      case ColumnRole::kClock: clock_text = fields[i].data() == nullptr ? std::string_view("") : fields[i]; continue;
      case ColumnRole::kSymbol:
        if (fields[i] == only_) continue;
        if (only_given_) return RowOutcome::kUnwanted;
        return bad(Reason::kOtherSymbol, fmt::format("symbol '{}', the file began with '{}'; --only {} keeps one",
                                                     shortened(fields[i]), only_, only_));
      case ColumnRole::kVolume:
      case ColumnRole::kOpenInterest:
      case ColumnRole::kTradeCount:
      case ColumnRole::kVwap: {
        const Number number = read_number(fields[i], decimal_comma_, roles_[i] != ColumnRole::kVwap);
        if (number.kind == NumberKind::kNotANumber) {
          return bad(Reason::kNotANumber,
                     fmt::format("{} '{}' is not a number", to_string(roles_[i]), shortened(fields[i])));
        }
        const double value =
            number.kind == NumberKind::kMissing ? std::numeric_limits<double>::quiet_NaN() : number.value;
        amount_of(row, roles_[i]) = value;
        continue;
      }
      case ColumnRole::kBid: price = &row.bid; break;
      case ColumnRole::kAsk: price = &row.ask; break;
      case ColumnRole::kOpen: price = &row.open; break;
      case ColumnRole::kHigh: price = &row.high; break;
      case ColumnRole::kLow: price = &row.low; break;
      case ColumnRole::kClose: price = &row.close; break;
    }
    const Number number = read_number(fields[i], decimal_comma_);
    const bool is_quote = roles_[i] == ColumnRole::kBid || roles_[i] == ColumnRole::kAsk;
    if (number.kind == NumberKind::kMissing && is_quote && !quotes_only_) {
      *price = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    if (number.kind == NumberKind::kMissing) {
      return bad(Reason::kMissing, fmt::format("{} is missing", to_string(roles_[i])));
    }
    if (number.kind == NumberKind::kNotANumber) {
      return bad(Reason::kNotANumber,
                 fmt::format("{} '{}' is not a number", to_string(roles_[i]), shortened(fields[i])));
    }
    *price = number.value;
  }
  if (quotes_only_) row.close = middle(row);
  if (close_only_) row.open = row.high = row.low = row.close;
  if (!parse_time(time_text, clock_text, row, problem)) return RowOutcome::kBad;
  if (!is_price_order_right(row)) return bad(Reason::kPriceOrder, explain_price_order(row));
  if (row.volume < 0) return bad(Reason::kNegativeVolume, fmt::format("volume {} is negative", row.volume));
  for (const ColumnRole role : {ColumnRole::kOpenInterest, ColumnRole::kTradeCount}) {
    const double value = amount_of(row, role);
    if (value < 0) return bad(Reason::kNegativeCount, fmt::format("{} {} is negative", to_string(role), value));
  }
  return RowOutcome::kRow;
}

}  // namespace tradeassist::feed
