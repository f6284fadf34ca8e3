#pragma once

#include <optional>
#include <string>

#include "app/command.hpp"
#include "market/calendar/calendar.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::app {

/// Which stored bars a command judges, and by which calendar: shared by gaps and quality.
struct SeriesOptions {
  std::string symbol, timeframe;
  std::optional<std::string> from, to;
  std::string calendar;  // a built-in name or a .toml file; empty: that of the instrument

  void add_to(CLI::App& command);
  base::Result<store::BarQuery> query() const;
  /// The calendar that was named; null where none was.
  base::Result<market::CalendarPtr> named_calendar() const;
};

}  // namespace tradeassist::app
