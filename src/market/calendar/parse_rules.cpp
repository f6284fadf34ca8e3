#include "market/calendar/parse_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "market/calendar/tables.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace tradeassist::market {
namespace {

std::unexpected<base::Error> refuse(const toml::node& node, const std::string& what) {
  return base::failure(base::ErrorCode::kInvalidArgument,
                       fmt::format("calendar, line {}: {}", node.source().begin.line, what));
}

/// One key that a table may have, and how its value is read.
struct Key {
  std::string_view name;
  std::function<base::Result<void>(const toml::node&)> read;
};

/// Reads every key of a table; one that is not known is refused, with those there are.
base::Result<void> read_keys(const toml::table& table, const std::vector<Key>& keys) {
  for (const auto& [name, node] : table) {
    const auto key = std::ranges::find(keys, name.str(), &Key::name);
    if (key == keys.end()) {
      std::vector<std::string_view> names;
      for (const Key& known : keys) names.push_back(known.name);
      return refuse(node, fmt::format("there is no key '{}' here; there are {}", name.str(), fmt::join(names, ", ")));
    }
    TRY(key->read(node));
  }
  return {};
}

base::Result<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  return refuse(node, "here belongs a text in quotes");
}

base::Result<int> year_of(const toml::node& node) {
  const auto* number = node.as_integer();
  if (number == nullptr || number->get() < kCalendarYearMin || number->get() > kCalendarYearMax) {
    return refuse(node, fmt::format("here belongs a year from {} to {}", kCalendarYearMin, kCalendarYearMax));
  }
  return static_cast<int>(number->get());
}

base::Result<CivilDate> date_of(const toml::node& node) {
  if (const auto* date = node.as_date()) return CivilDate{date->get().year, date->get().month, date->get().day};
  return refuse(node, "here belongs a date without quotes, such as 2012-10-29");
}

/// "17:00", "17:00 day before", "08:30 next day", "00:10 utc"; "24:00" is the end of the day.
base::Result<ClockTime> clock_time_of(const toml::node& node) {
  TRY_ASSIGN(const std::string whole, text_of(node));
  std::string_view text = whole;
  ClockTime time;
  const auto take = [&text](std::string_view suffix) {
    if (!text.ends_with(suffix)) return false;
    text.remove_suffix(suffix.size());
    return true;
  };
  constexpr int kDaySeconds = 86'400;
  if (take(" day before"))
    time.seconds = -kDaySeconds;
  else if (take(" next day"))
    time.seconds = kDaySeconds;
  else
    time.utc = take(" utc");
  const auto digit = [&text](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  if (text.size() == 5 && text[2] == ':') {
    const int hours = digit(0) * 10 + digit(1), minutes = digit(3) * 10 + digit(4);
    if (minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0))) {
      time.seconds += hours * 3600 + minutes * 60;
      return time;
    }
  }
  return refuse(node,
                fmt::format("'{}' is no time of day; write \"09:30\", \"17:00 day before\", \"08:30 next day\" or "
                            "\"00:10 utc\"",
                            whole.substr(0, 80)));
}

/// Calls `read` with each element of an array.
base::Result<void> each(const toml::node& node, std::size_t maximum, std::string_view what,
                        const std::function<base::Result<void>(const toml::node&)>& read) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return refuse(node, fmt::format("here belongs a list of {} in [ ]", what));
  if (array->size() > maximum) return refuse(node, fmt::format("a list of {} has at most {} entries", what, maximum));
  for (const toml::node& element : *array) TRY(read(element));
  return {};
}

base::Result<std::uint8_t> weekdays_of(const toml::node& node) {
  unsigned weekdays = 0;
  TRY(each(node, 7, "weekdays", [&](const toml::node& element) -> base::Result<void> {
    TRY_ASSIGN(const std::string text, text_of(element));
    const auto weekday = parse_weekday(text);
    if (!weekday)
      return refuse(element, fmt::format("'{}' is no weekday; write \"mon\" to \"sun\"", text.substr(0, 80)));
    weekdays |= 1u << *weekday;
    return {};
  }));
  if (weekdays == 0) return refuse(node, "here belongs at least one weekday");
  return static_cast<std::uint8_t>(weekdays);
}

/// A word for a value of an enumeration.
template <class T>
base::Result<T> choice_of(const toml::node& node, const std::vector<std::pair<std::string_view, T>>& choices) {
  TRY_ASSIGN(const std::string text, text_of(node));
  std::vector<std::string_view> words;
  for (const auto& [word, value] : choices) {
    if (text == word) return value;
    words.push_back(word);
  }
  return refuse(node,
                fmt::format("'{}' is not known here; write \"{}\"", text.substr(0, 80), fmt::join(words, "\" or \"")));
}

/// A key whose value goes to `into`.
template <class T, class Read>
Key key(std::string_view name, T& into, Read read) {
  return {name, [&into, read](const toml::node& node) -> base::Result<void> {
            TRY_ASSIGN(into, read(node));
            return {};
          }};
}

base::Result<const toml::table*> table_of(const toml::node& node) {
  if (const toml::table* table = node.as_table()) return table;
  return refuse(node, "here belongs a table in { }");
}

base::Result<SessionRule> session_rule_of(const toml::node& node) {
  TRY_ASSIGN(const toml::table* table, table_of(node));
  SessionRule rule;
  std::optional<ClockTime> open, close;
  const auto kind_of = [](const toml::node& kind) {
    return choice_of<SessionKind>(kind, {{"regular", SessionKind::kRegular}, {"extended", SessionKind::kExtended}});
  };
  TRY(read_keys(*table, {key("open", open, clock_time_of), key("close", close, clock_time_of),
                         key("kind", rule.kind, kind_of), key("on", rule.weekdays, weekdays_of)}));
  if (!open || !close) return refuse(node, "a session needs 'open' and 'close'");
  if (!open->utc && !close->utc && open->seconds >= close->seconds) {
    return refuse(node, "a session must close after it opens; one over midnight opens \"… day before\"");
  }
  rule.open = *open;
  rule.close = *close;
  return rule;
}

base::Result<HoursRule> hours_rule_of(const toml::node& node) {
  TRY_ASSIGN(const toml::table* table, table_of(node));
  HoursRule rule;
  std::optional<CivilDate> from;
  const auto read_sessions = [&](const toml::node& list) {
    return each(list, kSessionsPerDayMax, "sessions", [&](const toml::node& element) -> base::Result<void> {
      TRY_ASSIGN(const SessionRule session, session_rule_of(element));
      rule.sessions.push_back(session);
      return {};
    });
  };
  TRY(read_keys(*table, {key("from", from, date_of), {"sessions", read_sessions}}));
  if (!from || rule.sessions.empty()) return refuse(node, "hours need 'from', a date, and 'sessions'");
  rule.from = *from;
  return rule;
}

base::Result<SpecialDayRule> special_day_rule_of(const toml::node& node, DayKind kind) {
  TRY_ASSIGN(const toml::table* table, table_of(node));
  SpecialDayRule rule;
  rule.kind = kind;
  bool has_day = false;
  const auto read_day = [&](const toml::node& day) -> base::Result<void> {
    TRY_ASSIGN(const std::string text, text_of(day));
    auto parsed = parse_yearly_day(text);
    if (!parsed) return refuse(day, parsed.error().message);
    rule.day = *parsed;
    has_day = true;
    return {};
  };
  std::vector<CivilDate> dates;
  const auto read_dates = [&](const toml::node& list) {
    return each(list, kCalendarDatesMax, "dates", [&](const toml::node& element) -> base::Result<void> {
      TRY_ASSIGN(const CivilDate date, date_of(element));
      dates.push_back(date);
      return {};
    });
  };
  const auto years_into = [](std::vector<int>& years) {
    return [&years](const toml::node& list) {
      return each(list, kCalendarDatesMax, "years", [&](const toml::node& element) -> base::Result<void> {
        TRY_ASSIGN(const int year, year_of(element));
        years.push_back(year);
        return {};
      });
    };
  };
  const auto observed_of = [](const toml::node& observed) {
    return choice_of<Observed>(observed, {{"nearest weekday", Observed::kNearestWeekday},
                                          {"sunday to monday", Observed::kSundayToMonday},
                                          {"monday", Observed::kMonday},
                                          {"never", Observed::kNever}});
  };
  TRY(read_keys(*table, {key("name", rule.name, text_of),
                         {"day", read_day},
                         {"dates", read_dates},
                         key("observed", rule.observed, observed_of),
                         key("on", rule.weekdays, weekdays_of),
                         key("from", rule.from_year, year_of),
                         key("until", rule.until_year, year_of),
                         {"only", years_into(rule.only_years)},
                         {"except", years_into(rule.except_years)},
                         key("opens", rule.opens, clock_time_of),
                         key("closes", rule.closes, clock_time_of),
                         key("extended_until", rule.extended_until, clock_time_of),
                         key("reopens", rule.reopens, clock_time_of)}));
  if (rule.name.empty()) return refuse(node, "a special day needs a 'name'");
  if (has_day == !dates.empty()) return refuse(node, fmt::format("'{}' needs either 'day' or 'dates'", rule.name));
  if (!dates.empty()) rule.day = std::move(dates);
  if (kind == DayKind::kClosed && (rule.opens || rule.closes)) {
    return refuse(node,
                  fmt::format("'{}' is closed; with 'opens' or 'closes' it belongs under 'shortened'", rule.name));
  }
  if (kind == DayKind::kShortened && !rule.opens && !rule.closes) {
    return refuse(node, fmt::format("'{}' is shortened and needs 'opens' or 'closes'", rule.name));
  }
  if (kind == DayKind::kHolidaySession && !rule.closes) {
    return refuse(node, fmt::format("'{}' is a holiday session and needs 'closes'", rule.name));
  }
  return rule;
}

/// The rules that `extends` names, or none.
base::Result<CalendarRules> inherited_rules(const toml::table& table) {
  const toml::node* extends = table.get("extends");
  if (extends == nullptr) return CalendarRules{};
  TRY_ASSIGN(const std::string name, text_of(*extends));
  const auto built_in = calendar_table(name);
  if (!built_in) return refuse(*extends, built_in.error().message);
  return parse_calendar_rules(*built_in);
}

}  // namespace

base::Result<CalendarRules> parse_calendar_rules(std::string_view toml) {
  if (toml.size() > kCalendarBytesMax) {
    return base::failure(base::ErrorCode::kResourceExhausted,
                         fmt::format("a calendar's table has at most {} bytes", kCalendarBytesMax));
  }
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        fmt::format("calendar, line {}: {}", parsed.error().source().begin.line, parsed.error().description()));
  }
  const toml::table& table = parsed.table();
  TRY_ASSIGN(CalendarRules rules, inherited_rules(table));
  rules.name.clear();

  std::vector<HoursRule> hours;
  std::optional<ClockTime> reopens;
  std::vector<SpecialDayRule> special_days;
  const auto read_hours = [&](const toml::node& list) {
    return each(list, kCalendarRulesMax, "hours", [&](const toml::node& element) -> base::Result<void> {
      TRY_ASSIGN(HoursRule rule, hours_rule_of(element));
      if (!hours.empty() && rule.from <= hours.back().from) {
        return refuse(element, "hours must be in the order of their 'from', the earliest first");
      }
      hours.push_back(std::move(rule));
      return {};
    });
  };
  const auto read_days = [&](DayKind kind) {
    return [&, kind](const toml::node& list) {
      return each(list, kCalendarRulesMax, "days", [&](const toml::node& element) -> base::Result<void> {
        TRY_ASSIGN(SpecialDayRule rule, special_day_rule_of(element, kind));
        special_days.push_back(std::move(rule));
        return {};
      });
    };
  };
  TRY(read_keys(table, {{"extends", [](const toml::node&) -> base::Result<void> { return {}; }},
                        key("name", rules.name, text_of),
                        key("description", rules.description, text_of),
                        key("time_zone", rules.time_zone, text_of),
                        key("weekdays", rules.weekdays, weekdays_of),
                        key("first_year", rules.first_year, year_of),
                        key("last_year", rules.last_year, year_of),
                        key("reopens", reopens, clock_time_of),
                        {"closed", read_days(DayKind::kClosed)},
                        {"holiday_sessions", read_days(DayKind::kHolidaySession)},
                        {"shortened", read_days(DayKind::kShortened)},
                        {"hours", read_hours}}));
  if (rules.name.empty()) return refuse(table, "a calendar needs a 'name'");
  if (const auto zone = ZoneClock::find(rules.time_zone); !zone) {
    const toml::node* node = table.get("time_zone");
    return refuse(node == nullptr ? table : *node, zone.error().message);
  }
  if (rules.first_year > rules.last_year) return refuse(table, "'first_year' must not be after 'last_year'");
  if (!hours.empty()) rules.hours = std::move(hours);
  if (rules.hours.empty()) return refuse(table, "a calendar needs [[hours]], or 'extends' with a built-in one");
  for (SpecialDayRule& rule : special_days) {
    if (!rule.reopens) rule.reopens = reopens;
    rules.special_days.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace tradeassist::market
