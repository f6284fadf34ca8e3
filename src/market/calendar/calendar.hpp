#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/calendar/calendar_rules.hpp"
#include "market/calendar/sessions.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::market {

/// What kind of day a date is, and why: {kClosed, "Thanksgiving Day"}, {kShortened, "Christmas Eve"}. A weekday on
/// which nothing is special is {kNormal, ""}; a weekend is {kClosed, "Saturday"}.
struct DayStatus {
  DayKind kind = DayKind::kNormal;
  std::string reason{};

  bool operator==(const DayStatus&) const = default;
};

class Calendar;
using CalendarPtr = std::shared_ptr<const Calendar>;

/// When a market trades: every session of the years it covers, computed once, in UTC. Immutable, so threads share it
/// without a lock; every question is a binary search at most. Outside the years it covers a calendar knows nothing:
/// it says so (`covers`, errors, std::nullopt) instead of calling the market closed.
///
/// A session is half open: a bar that starts at the close is outside. A date belongs to the exchange's own calendar,
/// and what trades on Sunday evening belongs to Monday where the rules say so.
class Calendar {
 public:
  /// Computes all sessions: some milliseconds for thirty years. kInvalidArgument for sessions that overlap and for an
  /// unknown time zone.
  static base::Result<CalendarPtr> build(const CalendarRules& rules);

  const std::string& name() const { return name_; }
  const std::string& description() const { return description_; }
  const std::string& time_zone() const { return time_zone_; }

  /// The dates it knows, both included.
  CivilDate first_date() const { return civil_from_days(first_day_); }
  CivilDate last_date() const { return civil_from_days(last_day_); }
  bool covers(CivilDate date) const;
  bool covers(base::Time t) const;

  /// All sessions as sorted columns, for loops over long series.
  const SessionColumns& sessions(Hours hours = Hours::kAll) const { return hours == Hours::kAll ? all_ : regular_; }

  /// The session open at `t`; none while the market is closed.
  std::optional<Session> session_at(base::Time t, Hours hours = Hours::kAll) const;

  /// False where the market is closed and where the calendar does not cover `t`.
  bool is_open(base::Time t, Hours hours = Hours::kAll) const;

  /// The first instant after `t` at which trading begins. A session that another one leads into without a pause (09:30
  /// after a pre-market) is no opening. None after the last session.
  std::optional<base::Time> next_open(base::Time t, Hours hours = Hours::kAll) const;

  /// The last instant at or before `t` at which trading stopped; sessions without a pause between count as one.
  std::optional<base::Time> previous_close(base::Time t, Hours hours = Hours::kAll) const;

  /// The trade date of the session open at `t`, or, in a pause, of the next one. None outside the calendar.
  std::optional<CivilDate> trade_date_of(base::Time t) const;

  /// The sessions of one trade date in time order; none on a day without trading.
  std::vector<Session> sessions_of(CivilDate trade_date, Hours hours = Hours::kAll) const;

  /// The sessions that overlap [from, to), whole, in time order.
  std::vector<Session> sessions_between(base::Time from, base::Time to, Hours hours = Hours::kAll) const;

  /// True for a date to which sessions belong. A holiday with a short session that counts for the next day is none.
  bool is_trading_day(CivilDate date) const;

  /// The trading days from `from` to `to`, both included. kInvalidArgument beyond the calendar's dates.
  base::Result<std::vector<CivilDate>> trading_days(CivilDate from, CivilDate to) const;

  /// The n-th trading day strictly before or after `date` (n >= 1): before(2020-01-02, 1) is 2019-12-31 on the NYSE.
  /// kInvalidArgument for n < 1 or where that is beyond the calendar's dates.
  base::Result<CivilDate> trading_day_before(CivilDate date, int n) const;
  base::Result<CivilDate> trading_day_after(CivilDate date, int n) const;

  /// What kind of day it is and why; {kClosed, "outside the calendar"} beyond its dates.
  DayStatus day_status(CivilDate date) const;

 private:
  Calendar() = default;

  struct NamedDay {
    std::int64_t day;
    DayStatus status;
  };

  std::string name_, description_, time_zone_;
  std::int64_t first_day_ = 0, last_day_ = 0;  // days since 1970, both included
  std::int64_t begin_ = 0, end_ = 0;           // the same as instants, ns UTC, end excluded
  std::uint8_t weekdays_ = 0;                  // days of the week that can be trading days
  SessionColumns all_, regular_;               // regular_: the rows of all_ whose kind is kRegular
  std::vector<std::int64_t> trading_days_;     // days since 1970, ascending
  std::vector<NamedDay> special_days_;         // ascending
};

/// The names of the built-in calendars: XNYS, CME_EQUITY, CME_RATES, CBOT_GRAINS, NYMEX_ENERGY, COMEX_METALS, XEUR,
/// FX, CRYPTO.
std::vector<std::string_view> calendar_names();

/// A built-in calendar by name or alias ("NYSE", "NASDAQ", "EUREX"), in upper or lower case; computed when it is first
/// asked for. From any thread. kNotFound names those there are.
base::Result<CalendarPtr> find_calendar(std::string_view name);

/// The table of a built-in calendar: TOML, with its sources as comments; the start of one's own. kNotFound as above.
base::Result<std::string_view> calendar_table(std::string_view name);

/// A calendar defined in TOML (docs/calendars.md). kInvalidArgument says the line, what is wrong and what to write.
base::Result<CalendarPtr> parse_calendar(std::string_view toml);

}  // namespace tradeassist::market
