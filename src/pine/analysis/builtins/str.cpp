#include "pine/analysis/builtins/rows.hpp"

namespace tradeassist::pine {
namespace {

using enum Effect;

/// str.*; str.tostring takes values of many types and is lowered by itself, str.split is with the arrays.
constexpr BuiltinRow kStrRows[] = {
    {Function::kStrFormat, kPure, "str.format(formatString: string, arg0: printable ?, ...) string"},
    {Function::kStrFormatTime, kPure, "str.format_time(time: int, format: string ?, timezone: string ?) string"},
    {Function::kStrMatch, kPure, "str.match(source: string, regex: string) string"},
    {Function::kStrLength, kPure, "str.length(string: string) int"},
    {Function::kStrContains, kPure, "str.contains(source: string, str: string) bool"},
    {Function::kStrStartswith, kPure, "str.startswith(source: string, str: string) bool"},
    {Function::kStrEndswith, kPure, "str.endswith(source: string, str: string) bool"},
    {Function::kStrPos, kPure, "str.pos(source: string, str: string) int"},
    {Function::kStrSubstring, kPure, "str.substring(source: string, begin_pos: whole, end_pos: whole ?) string"},
    {Function::kStrReplace, kPure,
     "str.replace(source: string, target: string, replacement: string, occurrence: whole = 0) string"},
    {Function::kStrReplaceAll, kPure, "str.replace_all(source: string, target: string, replacement: string) string"},
    {Function::kStrLower, kPure, "str.lower(source: string) string"},
    {Function::kStrUpper, kPure, "str.upper(source: string) string"},
    {Function::kStrTrim, kPure, "str.trim(source: string) string"},
    {Function::kStrRepeat, kPure, "str.repeat(source: string, repeat: whole, separator: string ?) string"},
    {Function::kStrToNumber, kPure, "str.tonumber(string: string) float"},
};

}  // namespace

std::span<const BuiltinRow> str_rows() { return kStrRows; }

}  // namespace tradeassist::pine
