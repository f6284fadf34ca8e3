#include "pine/analysis/builtins/rows.hpp"

namespace tradeassist::pine {
namespace {

using enum Effect;

/// Time and timeframes.
constexpr BuiltinRow kTimeRows[] = {
    {Function::kTimestamp, kPure,
     "timestamp(timezone: string, year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) "
     "int"},
    {Function::kTimestamp, kPure,
     "timestamp(timezone: absent, year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) "
     "int"},
    {Function::kTimestampText, kPure, "timestamp(dateString: string) int"},
    {Function::kYear, kPure, "year(time: int, timezone: string ?) int"},
    {Function::kMonth, kPure, "month(time: int, timezone: string ?) int"},
    {Function::kDayOfMonth, kPure, "dayofmonth(time: int, timezone: string ?) int"},
    {Function::kDayOfWeek, kPure, "dayofweek(time: int, timezone: string ?) int"},
    {Function::kWeekOfYear, kPure, "weekofyear(time: int, timezone: string ?) int"},
    {Function::kHour, kPure, "hour(time: int, timezone: string ?) int"},
    {Function::kMinute, kPure, "minute(time: int, timezone: string ?) int"},
    {Function::kSecond, kPure, "second(time: int, timezone: string ?) int"},
    {Function::kTime, kReads,
     "time(timeframe: string, session: string ?, timezone: string ?, bars_back: int ?, timeframe_bars_back: int ?) "
     "int"},
    {Function::kTime, kReads,
     "time(timeframe: string, session: string ?, timezone: absent, bars_back: int, timeframe_bars_back: int ?) int"},
    {Function::kTime, kReads,
     "time(timeframe: string, session: absent, timezone: absent, bars_back: int, timeframe_bars_back: int ?) int"},
    {Function::kTimeClose, kReads,
     "time_close(timeframe: string, session: string ?, timezone: string ?, bars_back: int ?, timeframe_bars_back: int "
     "?) int"},
    {Function::kTimeClose, kReads,
     "time_close(timeframe: string, session: string ?, timezone: absent, bars_back: int, timeframe_bars_back: int ?) "
     "int"},
    {Function::kTimeClose, kReads,
     "time_close(timeframe: string, session: absent, timezone: absent, bars_back: int, timeframe_bars_back: int ?) "
     "int"},
    {Function::kTimeframeChange, kStateful, "timeframe.change(timeframe: string) bool"},
    {Function::kTimeframeFromSeconds, kPure, "timeframe.from_seconds(seconds: int) string"},
    {Function::kTimeframeInSeconds, kRunConstant, "timeframe.in_seconds(timeframe: simple string ?) int"},
    {Function::kSyminfoPrefixOf, kPure, "syminfo.prefix(symbol: string) string"},
    {Function::kSyminfoTickerOf, kPure, "syminfo.ticker(symbol: string) string"},
};

}  // namespace

std::span<const BuiltinRow> time_rows() { return kTimeRows; }

}  // namespace tradeassist::pine
