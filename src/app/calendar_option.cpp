#include "app/calendar_option.hpp"

#include "feed/text/whole_file.hpp"

namespace tradeassist::app {

base::Result<market::CalendarPtr> read_calendar(const std::string& name_or_file) {
  if (!name_or_file.ends_with(".toml")) return market::find_calendar(name_or_file);
  TRY_ASSIGN(const std::string text, feed::read_whole_text(name_or_file, market::kCalendarBytesMax));
  auto calendar = market::parse_calendar(text);
  if (!calendar) return base::failure(calendar.error().code, name_or_file + ": " + calendar.error().message);
  return calendar;
}

}  // namespace tradeassist::app
