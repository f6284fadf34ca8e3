#include <algorithm>
#include <map>

#include "pine/analysis/builtin_rows.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::pine {
namespace {

using enum Effect;

/// One line per overload, written as in the reference. Parameter types: int, float, number (int or float, as given),
/// bool, string, color, any, direction; `simple` before a type refuses series; `?` marks an optional parameter that
/// stays absent, `=x` one with a default. Results: number = int when every argument is int; first = type of the first.
constexpr BuiltinRow kRows[] = {
    // math
    {Function::kMathAbs, kPure, "math.abs(number: number) number"},
    {Function::kMathAcos, kPure, "math.acos(angle: float) float"},
    {Function::kMathAsin, kPure, "math.asin(angle: float) float"},
    {Function::kMathAtan, kPure, "math.atan(angle: float) float"},
    {Function::kMathAvg, kPure, "math.avg(number0: float, number1: float, ...) float"},
    {Function::kMathCeil, kPure, "math.ceil(number: float) int"},
    {Function::kMathCos, kPure, "math.cos(angle: float) float"},
    {Function::kMathExp, kPure, "math.exp(number: float) float"},
    {Function::kMathFloor, kPure, "math.floor(number: float) int"},
    {Function::kMathLog, kPure, "math.log(number: float) float"},
    {Function::kMathLog10, kPure, "math.log10(number: float) float"},
    {Function::kMathMax, kPure, "math.max(number0: number, number1: number, ...) number"},
    {Function::kMathMin, kPure, "math.min(number0: number, number1: number, ...) number"},
    {Function::kMathPow, kPure, "math.pow(base: float, exponent: float) float"},
    {Function::kMathRound, kPure, "math.round(number: float) int"},
    {Function::kMathRound, kPure, "math.round(number: float, precision: int) float"},
    {Function::kMathRoundToMintick, kPure, "math.round_to_mintick(number: float) float"},
    {Function::kMathSign, kPure, "math.sign(number: float) float"},
    {Function::kMathSin, kPure, "math.sin(angle: float) float"},
    {Function::kMathSqrt, kPure, "math.sqrt(number: float) float"},
    {Function::kMathTan, kPure, "math.tan(angle: float) float"},
    {Function::kMathToDegrees, kPure, "math.todegrees(radians: float) float"},
    {Function::kMathToRadians, kPure, "math.toradians(degrees: float) float"},
    {Function::kMathSum, kStateful, "math.sum(source: float, length: int) float"},
    {Function::kMathRandom, kStateful, "math.random(min: float = 0, max: float = 1, seed: int ?) float"},
    {Function::kFixnan, kStateful, "fixnan(source: any) first"},

    // ta
    {Function::kTaAlma, kStateful,
     "ta.alma(series: float, length: int, offset: float, sigma: float, floor: bool = false) float"},
    {Function::kTaAtr, kStateful, "ta.atr(length: simple int) float"},
    {Function::kTaBarssince, kStateful, "ta.barssince(condition: bool) int"},
    {Function::kTaBb, kStateful, "ta.bb(series: float, length: int, mult: float) float float float"},
    {Function::kTaBbw, kStateful, "ta.bbw(series: float, length: int, mult: float) float"},
    {Function::kTaCci, kStateful, "ta.cci(source: float, length: int) float"},
    {Function::kTaChange, kStateful, "ta.change(source: any, length: int = 1) first"},
    {Function::kTaCmo, kStateful, "ta.cmo(series: float, length: int) float"},
    {Function::kTaCog, kStateful, "ta.cog(source: float, length: int) float"},
    {Function::kTaCorrelation, kStateful, "ta.correlation(source1: float, source2: float, length: int) float"},
    {Function::kTaCross, kStateful, "ta.cross(source1: float, source2: float) bool"},
    {Function::kTaCrossover, kStateful, "ta.crossover(source1: float, source2: float) bool"},
    {Function::kTaCrossunder, kStateful, "ta.crossunder(source1: float, source2: float) bool"},
    {Function::kTaCum, kStateful, "ta.cum(source: float) float"},
    {Function::kTaDev, kStateful, "ta.dev(source: float, length: int) float"},
    {Function::kTaDmi, kStateful, "ta.dmi(diLength: simple int, adxSmoothing: simple int) float float float"},
    {Function::kTaEma, kStateful, "ta.ema(source: float, length: simple int) float"},
    {Function::kTaFalling, kStateful, "ta.falling(source: float, length: int) bool"},
    {Function::kTaHighest, kStateful, "ta.highest(source: float, length: int) float"},
    {Function::kTaHighest, kStateful, "ta.highest(source: implicit high, length: int) float"},
    {Function::kTaHighestbars, kStateful, "ta.highestbars(source: float, length: int) int"},
    {Function::kTaHighestbars, kStateful, "ta.highestbars(source: implicit high, length: int) int"},
    {Function::kTaHma, kStateful, "ta.hma(source: float, length: simple int) float"},
    {Function::kTaKc, kStateful,
     "ta.kc(series: float, length: simple int, mult: float, useTrueRange: simple bool = true) float float float"},
    {Function::kTaKcw, kStateful,
     "ta.kcw(series: float, length: simple int, mult: float, useTrueRange: simple bool = true) float"},
    {Function::kTaLinreg, kStateful, "ta.linreg(source: float, length: int, offset: int) float"},
    {Function::kTaLowest, kStateful, "ta.lowest(source: float, length: int) float"},
    {Function::kTaLowest, kStateful, "ta.lowest(source: implicit low, length: int) float"},
    {Function::kTaLowestbars, kStateful, "ta.lowestbars(source: float, length: int) int"},
    {Function::kTaLowestbars, kStateful, "ta.lowestbars(source: implicit low, length: int) int"},
    {Function::kTaMacd, kStateful,
     "ta.macd(source: float, fastlen: simple int, slowlen: simple int, siglen: simple int) float float float"},
    {Function::kTaMax, kStateful, "ta.max(source: float) float"},
    {Function::kTaMedian, kStateful, "ta.median(source: number, length: int) number"},
    {Function::kTaMfi, kStateful, "ta.mfi(series: float, length: int) float"},
    {Function::kTaMin, kStateful, "ta.min(source: float) float"},
    {Function::kTaMode, kStateful, "ta.mode(source: number, length: int) number"},
    {Function::kTaMom, kStateful, "ta.mom(source: float, length: int) float"},
    {Function::kTaPercentileLinearInterpolation, kStateful,
     "ta.percentile_linear_interpolation(source: float, length: int, percentage: float) float"},
    {Function::kTaPercentileNearestRank, kStateful,
     "ta.percentile_nearest_rank(source: float, length: int, percentage: float) float"},
    {Function::kTaPercentrank, kStateful, "ta.percentrank(source: float, length: int) float"},
    {Function::kTaPivothigh, kStateful, "ta.pivothigh(source: float, leftbars: float, rightbars: float) float"},
    {Function::kTaPivothigh, kStateful, "ta.pivothigh(source: implicit high, leftbars: float, rightbars: float) float"},
    {Function::kTaPivotlow, kStateful, "ta.pivotlow(source: float, leftbars: float, rightbars: float) float"},
    {Function::kTaPivotlow, kStateful, "ta.pivotlow(source: implicit low, leftbars: float, rightbars: float) float"},
    {Function::kTaRange, kStateful, "ta.range(source: number, length: int) number"},
    {Function::kTaRci, kStateful, "ta.rci(source: float, length: simple int) float"},
    {Function::kTaRising, kStateful, "ta.rising(source: float, length: int) bool"},
    {Function::kTaRma, kStateful, "ta.rma(source: float, length: simple int) float"},
    {Function::kTaRoc, kStateful, "ta.roc(source: float, length: int) float"},
    {Function::kTaRsi, kStateful, "ta.rsi(source: float, length: simple int) float"},
    {Function::kTaSar, kStateful, "ta.sar(start: simple float, inc: simple float, max: simple float) float"},
    {Function::kTaSma, kStateful, "ta.sma(source: float, length: int) float"},
    {Function::kTaStdev, kStateful, "ta.stdev(source: float, length: int, biased: bool = true) float"},
    {Function::kTaStoch, kStateful, "ta.stoch(source: float, high: float, low: float, length: int) float"},
    {Function::kTaSupertrend, kStateful, "ta.supertrend(factor: float, atrPeriod: simple int) float float"},
    {Function::kTaSwma, kStateful, "ta.swma(source: float) float"},
    {Function::kTaTr, kStateful, "ta.tr(handle_na: simple bool = false) float"},
    {Function::kTaTsi, kStateful, "ta.tsi(source: float, short_length: simple int, long_length: simple int) float"},
    {Function::kTaValuewhen, kStateful, "ta.valuewhen(condition: bool, source: any, occurrence: int) second"},
    {Function::kTaVariance, kStateful, "ta.variance(source: float, length: int, biased: bool = true) float"},
    {Function::kTaVwap, kStateful, "ta.vwap(source: float, anchor: bool ?) float"},
    {Function::kTaVwapBands, kStateful, "ta.vwap(source: float, anchor: bool, stdev_mult: float) float float float"},
    {Function::kTaVwma, kStateful, "ta.vwma(source: float, length: int) float"},
    {Function::kTaWma, kStateful, "ta.wma(source: float, length: int) float"},
    {Function::kTaWpr, kStateful, "ta.wpr(length: int) float"},

    // str
    {Function::kStrFormat, kPure, "str.format(formatString: string, arg0: any ?, ...) string"},
    {Function::kStrLength, kPure, "str.length(string: string) int"},
    {Function::kStrContains, kPure, "str.contains(source: string, str: string) bool"},
    {Function::kStrStartswith, kPure, "str.startswith(source: string, str: string) bool"},
    {Function::kStrEndswith, kPure, "str.endswith(source: string, str: string) bool"},
    {Function::kStrPos, kPure, "str.pos(source: string, str: string) int"},
    {Function::kStrSubstring, kPure, "str.substring(source: string, begin_pos: int, end_pos: int ?) string"},
    {Function::kStrReplace, kPure,
     "str.replace(source: string, target: string, replacement: string, occurrence: int = 0) string"},
    {Function::kStrReplaceAll, kPure, "str.replace_all(source: string, target: string, replacement: string) string"},
    {Function::kStrLower, kPure, "str.lower(source: string) string"},
    {Function::kStrUpper, kPure, "str.upper(source: string) string"},
    {Function::kStrTrim, kPure, "str.trim(source: string) string"},
    {Function::kStrRepeat, kPure, "str.repeat(source: string, repeat: int, separator: string ?) string"},
    {Function::kStrToNumber, kPure, "str.tonumber(string: string) float"},

    // color
    {Function::kColorNew, kPure, "color.new(color: color, transp: float = 0) color"},
    {Function::kColorRgb, kPure, "color.rgb(red: float, green: float, blue: float, transp: float = 0) color"},
    {Function::kColorR, kPure, "color.r(color: color) float"},
    {Function::kColorG, kPure, "color.g(color: color) float"},
    {Function::kColorB, kPure, "color.b(color: color) float"},
    {Function::kColorT, kPure, "color.t(color: color) float"},
    {Function::kColorFromGradient, kPure,
     "color.from_gradient(value: float, bottom_value: float, top_value: float, bottom_color: color, top_color: color) "
     "color"},

    // time
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
    {Function::kTime, kReads, "time(timeframe: string, session: string ?, timezone: string ?) int"},
    {Function::kTimeClose, kReads, "time_close(timeframe: string, session: string ?, timezone: string ?) int"},
    {Function::kTimeframeChange, kStateful, "timeframe.change(timeframe: string) bool"},
    {Function::kTimeframeInSeconds, kRunConstant, "timeframe.in_seconds(timeframe: simple string ?) int"},

    // strategy
    {Function::kStrategyDefaultEntryQty, kReads, "strategy.default_entry_qty(fill_price: float) float"},
    {Function::kOpentradesEntryId, kReads, "strategy.opentrades.entry_id(trade_num: int) string"},
    {Function::kOpentradesEntryPrice, kReads, "strategy.opentrades.entry_price(trade_num: int) float"},
    {Function::kOpentradesEntryBarIndex, kReads, "strategy.opentrades.entry_bar_index(trade_num: int) int"},
    {Function::kOpentradesEntryTime, kReads, "strategy.opentrades.entry_time(trade_num: int) int"},
    {Function::kOpentradesEntryComment, kReads, "strategy.opentrades.entry_comment(trade_num: int) string"},
    {Function::kOpentradesSize, kReads, "strategy.opentrades.size(trade_num: int) float"},
    {Function::kOpentradesProfit, kReads, "strategy.opentrades.profit(trade_num: int) float"},
    {Function::kOpentradesProfitPercent, kReads, "strategy.opentrades.profit_percent(trade_num: int) float"},
    {Function::kOpentradesCommission, kReads, "strategy.opentrades.commission(trade_num: int) float"},
    {Function::kOpentradesMaxRunup, kReads, "strategy.opentrades.max_runup(trade_num: int) float"},
    {Function::kOpentradesMaxDrawdown, kReads, "strategy.opentrades.max_drawdown(trade_num: int) float"},
    {Function::kClosedtradesEntryId, kReads, "strategy.closedtrades.entry_id(trade_num: int) string"},
    {Function::kClosedtradesEntryPrice, kReads, "strategy.closedtrades.entry_price(trade_num: int) float"},
    {Function::kClosedtradesEntryBarIndex, kReads, "strategy.closedtrades.entry_bar_index(trade_num: int) int"},
    {Function::kClosedtradesEntryTime, kReads, "strategy.closedtrades.entry_time(trade_num: int) int"},
    {Function::kClosedtradesEntryComment, kReads, "strategy.closedtrades.entry_comment(trade_num: int) string"},
    {Function::kClosedtradesExitId, kReads, "strategy.closedtrades.exit_id(trade_num: int) string"},
    {Function::kClosedtradesExitPrice, kReads, "strategy.closedtrades.exit_price(trade_num: int) float"},
    {Function::kClosedtradesExitBarIndex, kReads, "strategy.closedtrades.exit_bar_index(trade_num: int) int"},
    {Function::kClosedtradesExitTime, kReads, "strategy.closedtrades.exit_time(trade_num: int) int"},
    {Function::kClosedtradesExitComment, kReads, "strategy.closedtrades.exit_comment(trade_num: int) string"},
    {Function::kClosedtradesSize, kReads, "strategy.closedtrades.size(trade_num: int) float"},
    {Function::kClosedtradesProfit, kReads, "strategy.closedtrades.profit(trade_num: int) float"},
    {Function::kClosedtradesProfitPercent, kReads, "strategy.closedtrades.profit_percent(trade_num: int) float"},
    {Function::kClosedtradesCommission, kReads, "strategy.closedtrades.commission(trade_num: int) float"},
    {Function::kClosedtradesMaxRunup, kReads, "strategy.closedtrades.max_runup(trade_num: int) float"},
    {Function::kClosedtradesMaxDrawdown, kReads, "strategy.closedtrades.max_drawdown(trade_num: int) float"},
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

ParameterKind parameter_kind(std::string_view word) {
  if (word == "int") return ParameterKind::kInt;
  if (word == "number") return ParameterKind::kNumber;
  if (word == "bool") return ParameterKind::kBool;
  if (word == "string") return ParameterKind::kString;
  if (word == "color") return ParameterKind::kColor;
  if (word == "any") return ParameterKind::kAny;
  return ParameterKind::kFloat;
}

ResultKind result_kind(std::string_view word) {
  if (word == "int") return ResultKind::kInt;
  if (word == "float") return ResultKind::kFloat;
  if (word == "bool") return ResultKind::kBool;
  if (word == "string") return ResultKind::kString;
  if (word == "color") return ResultKind::kColor;
  if (word == "number") return ResultKind::kNumber;
  if (word == "second") return ResultKind::kSecond;
  return ResultKind::kFirst;
}

/// A pattern, where the word is no plain kind of parameter or result.
std::optional<TypePattern> proper_pattern(std::string_view word) {
  const auto pattern = parse_pattern(word);
  if (!pattern || word == "number") return std::nullopt;
  const bool plain = pattern->collection == Collection::kNone && pattern->element.variable == 0 &&
                     pattern->element.type <= Type::kColor;
  return plain ? std::nullopt : pattern;
}

BuiltinResult parse_result(std::string_view word) {
  if (const auto pattern = proper_pattern(word)) return {ResultKind::kPattern, *pattern};
  return {result_kind(word), {}};
}

BuiltinParameter parse_parameter(std::string_view text) {
  BuiltinParameter parameter;
  const std::size_t colon = text.find(':');
  parameter.name = trim(text.substr(0, colon));
  text = trim(text.substr(colon + 1));
  if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
    parameter.optional = true;
    parameter.default_text = trim(text.substr(equals + 1));
    text = trim(text.substr(0, equals));
  } else if (text.ends_with("?")) {
    parameter.optional = true;
    text = trim(text.substr(0, text.size() - 1));
  }
  if (text.starts_with("simple ")) {
    parameter.strongest = Qualifier::kSimple;
    text.remove_prefix(7);
  } else if (text.starts_with("implicit ")) {  // never given: the overload means this variable
    parameter.implicit = true;
    parameter.default_text = text.substr(9);
    text = "float";
  } else if (text == "absent") {
    parameter.implicit = true;
  }
  if (const auto pattern = proper_pattern(text)) {
    parameter.kind = ParameterKind::kPattern;
    parameter.pattern = *pattern;
  } else {
    parameter.kind = parameter_kind(text);
  }
  return parameter;
}

/// Length of the first part of a parameter list: up to a comma that is not inside <…>.
std::size_t first_part(std::string_view list) {
  int depth = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '<') ++depth;
    if (list[i] == '>') --depth;
    if (list[i] == ',' && depth == 0) return i;
  }
  return list.size();
}

}  // namespace

BuiltinFunction parse_signature(Function function, Effect effect, std::string_view text) {
  BuiltinFunction made;
  made.function = function;
  made.effect = effect;
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  made.name = text.substr(0, open);
  if (const std::size_t angle = made.name.find('<'); angle != std::string::npos) {  // array.new<T>, map.new<K,V>
    for (const char letter : made.name.substr(angle)) {
      if (letter >= 'A' && letter <= 'Z') made.type_arguments += letter;
    }
    made.name.resize(angle);
  }
  std::string_view inside = text.substr(open + 1, close - open - 1);
  while (!inside.empty()) {
    const std::size_t comma = first_part(inside);
    const std::string_view part = trim(inside.substr(0, comma));
    inside.remove_prefix(std::min(comma + 1, inside.size()));
    if (part == "...") {
      made.variadic = true;
    } else {
      made.parameters.push_back(parse_parameter(part));
    }
  }
  std::string_view results = trim(text.substr(close + 1));
  while (!results.empty()) {
    const std::size_t space = std::min(results.find(' '), results.size());
    if (results != "void") made.results.push_back(parse_result(results.substr(0, space)));
    results = trim(results.substr(space));
  }
  std::string shown = made.name + "(";
  for (const BuiltinParameter& parameter : made.parameters) {
    if (parameter.implicit) continue;
    shown += (shown.back() == '(' ? "" : ", ") + parameter.name;
    if (parameter.optional) shown += parameter.default_text.empty() ? "?" : " = " + parameter.default_text;
  }
  made.signature = shown + (made.variadic ? ", …)" : ")");
  return made;
}

namespace {

using Table = std::map<std::string, std::vector<BuiltinFunction>, std::less<>>;

const Table& table() {
  static const Table made = [] {
    Table all;
    std::vector<BuiltinFunction> functions;
    for (const BuiltinRow& row : kRows) functions.push_back(parse_signature(row.function, row.effect, row.signature));
    for (const BuiltinRow& row : collection_rows()) {
      functions.push_back(parse_signature(row.function, row.effect, row.signature));
    }
    for (BuiltinFunction& function : drawing_functions()) functions.push_back(std::move(function));
    for (BuiltinFunction& function : functions) all[function.name].push_back(std::move(function));
    return all;
  }();
  return made;
}

/// Levenshtein distance, given up beyond `bound`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t bound) {
  if (a.size() > b.size() + bound || b.size() > a.size() + bound) return bound + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

const std::vector<BuiltinFunction>& builtin_functions(std::string_view name) {
  static const std::vector<BuiltinFunction> kNone;
  const auto found = table().find(name);
  return found == table().end() ? kNone : found->second;
}

std::optional<std::string> nearest_builtin(std::string_view name) {
  if (auto today = name_today(name)) return today;  // a name of an older version
  constexpr std::size_t kBound = 2;
  if (name.size() > 64) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = std::min<std::size_t>(kBound, name.size() / 3) + 1;
  const auto consider = [&](const std::string& candidate) {
    const std::size_t d = distance(name, candidate, kBound);
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  };
  for (const auto& [candidate, overloads] : table()) consider(candidate);
  for (const std::string& extra :
       words("strategy.entry strategy.exit strategy.close strategy.close_all strategy.cancel strategy.cancel_all "
             "strategy.order input.int input.float input.bool input.string input.source str.tostring request.security "
             "plot plotshape")) {
    consider(extra);
  }
  return best;
}

}  // namespace tradeassist::pine
