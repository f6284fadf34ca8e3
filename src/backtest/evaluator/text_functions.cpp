#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "backtest/evaluator/functions.hpp"

namespace tradeassist::backtest {

using pine::Function;
using pine::ValueType;

namespace {

/// Shortest decimal digits of |value|: digits and the place of the point (value = 0.d1d2… * 10^exponent).
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal shortest(double value) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value), std::chars_format::scientific).ptr;
  const std::string_view scientific(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = scientific.find('e');
  Decimal made;
  for (const char c : scientific.substr(0, e)) {
    if (c != '.') made.digits += c;
  }
  int exponent = 0;
  std::string_view power = scientific.substr(e + 1);
  if (power.front() == '+') power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  made.exponent = exponent + 1;
  return made;
}

/// The number with at most `decimals` decimals, rounded half up on its shortest digits: integer and fraction digits.
std::pair<std::string, std::string> rounded(double value, int decimals) {
  Decimal number = shortest(value);
  std::string all = number.digits;
  int point = number.exponent;
  if (point <= 0) {
    all.insert(0, static_cast<std::size_t>(1 - point), '0');
    point = 1;
  }
  const auto keep = static_cast<std::size_t>(point + decimals);
  if (all.size() < keep) all.append(keep - all.size(), '0');
  const bool up = all.size() > keep && all[keep] >= '5';
  all.resize(keep);
  if (up) {
    std::size_t i = keep;
    while (i > 0 && all[i - 1] == '9') all[--i] = '0';
    if (i == 0) {
      all.insert(all.begin(), '1');
      ++point;
    } else {
      ++all[i - 1];
    }
  }
  return {all.substr(0, static_cast<std::size_t>(point)), all.substr(static_cast<std::size_t>(point))};
}

/// The same, rounded half to even on the exact value, as Java's message formats do.
std::pair<std::string, std::string> rounded_exactly(double value, int decimals) {
  std::string text(std::numeric_limits<double>::max_exponent10 + 3 + static_cast<std::size_t>(decimals), '\0');
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), std::fabs(value), std::chars_format::fixed, decimals).ptr;
  text.resize(static_cast<std::size_t>(end - text.data()));
  const std::size_t point = std::min(text.find('.'), text.size());
  return {text.substr(0, point), text.substr(std::min(point + 1, text.size()))};
}

enum class Rounding { kHalfUpShortest, kHalfEvenExact };

int decimals_of_tick(double tick_size) {
  for (int decimals = 0; decimals < 12; ++decimals) {
    const double scaled = tick_size * std::pow(10.0, decimals);
    if (std::fabs(scaled - std::round(scaled)) < 1e-9 * std::max(1.0, scaled)) return decimals;
  }
  return 12;
}

std::string masked(double value, std::string_view mask, Rounding rounding = Rounding::kHalfUpShortest) {
  const std::size_t first = mask.find_first_of("#0.,");
  if (first == std::string_view::npos) return std::string(mask);
  std::size_t last = mask.find_last_of("#0.,");
  const std::string prefix(mask.substr(0, first)), suffix(mask.substr(last + 1));
  const std::string_view body = mask.substr(first, last - first + 1);
  if (suffix.find('%') != std::string::npos) value *= 100;
  const std::size_t point = body.find('.');
  const std::string_view whole = body.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "" : body.substr(point + 1);
  const auto zeros = [](std::string_view part) { return static_cast<std::size_t>(std::ranges::count(part, '0')); };
  const int decimals_max = static_cast<int>(std::min<std::size_t>(fraction.size(), 400));
  auto [integer, decimals] =
      rounding == Rounding::kHalfEvenExact ? rounded_exactly(value, decimals_max) : rounded(value, decimals_max);
  while (!decimals.empty() && decimals.back() == '0' && decimals.size() > zeros(fraction)) decimals.pop_back();
  const std::size_t significant = integer.find_first_not_of('0');
  integer = significant == std::string::npos ? "" : integer.substr(significant);
  // A mask without any 0 still shows one digit before its point (0.5, not .5), as Java's formats do.
  const bool no_zero = zeros(body) == 0 && point != std::string_view::npos && point > 0;
  const std::size_t digits_min = no_zero ? 1 : zeros(whole);
  if (integer.size() < digits_min) integer.insert(0, digits_min - integer.size(), '0');
  if (integer.empty() && decimals.empty()) integer = "0";
  if (const std::size_t comma = whole.rfind(','); comma != std::string_view::npos) {
    const std::size_t group = whole.size() - comma - 1;
    for (std::size_t i = integer.size(); group > 0 && i > group; i -= group) integer.insert(i - group, ",");
  }
  const bool zero =
      integer.find_first_not_of("0,") == std::string::npos && decimals.find_first_not_of('0') == std::string::npos;
  return prefix + (value < 0 && !zero ? "-" : "") + integer + (decimals.empty() ? "" : "." + decimals) + suffix;
}

std::string volume_text(double value) {
  const double magnitude = std::fabs(value);
  if (magnitude >= 1e9) return masked(value / 1e9, "#.###") + "B";
  if (magnitude >= 1e6) return masked(value / 1e6, "#.###") + "M";
  if (magnitude >= 1e3) return masked(value / 1e3, "#.###") + "K";
  return masked(value, "#.###");
}

/// The placeholders of str.format: {0}, {1,number,#.##}, quotes as in Java's MessageFormat.
std::string format_message(const FunctionCall& call, FunctionContext& context) {
  const std::string pattern = context.texts.text(call.argument(0));
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\'') {
      if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
        out += '\'';
        ++i;
        continue;
      }
      const std::size_t end = pattern.find('\'', i + 1);
      out += pattern.substr(i + 1, (end == std::string::npos ? pattern.size() : end) - i - 1);
      i = end == std::string::npos ? pattern.size() : end;
      continue;
    }
    if (c != '{') {
      out += c;
      continue;
    }
    const std::size_t end = pattern.find('}', i);
    if (end == std::string::npos) {
      context.fault.message = "str.format(): a `{` of the pattern is never closed";
      return "";
    }
    const std::string inside = pattern.substr(i + 1, end - i - 1);
    i = end;
    unsigned number = 0;
    const auto [rest, error] = std::from_chars(inside.data(), inside.data() + inside.size(), number);
    if (error != std::errc()) {
      context.fault.message = "str.format(): `{" + inside + "}` names no argument by its number";
      return "";
    }
    if (number + 1 >= call.count) {
      out += "{" + inside + "}";
      continue;
    }
    const auto type = static_cast<ValueType>(number < 10 ? call.index >> (3 * number) & 7 : 2);
    std::string_view style(rest, static_cast<std::size_t>(inside.data() + inside.size() - rest));
    std::string mask = "#,##0.###";
    if (style.starts_with(",")) {
      style.remove_prefix(1);
      const std::size_t comma = style.find(',');
      if (comma != std::string_view::npos) {
        mask = style.substr(comma + 1);
        if (mask == "integer")
          mask = "#,##0";
        else if (mask == "percent")
          mask = "#,##0%";
        else if (mask == "currency")
          mask = "$#,##0.00";
      }
    }
    const double value = call.argument(number + 1);
    const bool is_number = type == ValueType::kInt || type == ValueType::kFloat;
    out += is_number && value == value ? masked(value, mask, Rounding::kHalfEvenExact)
                                       : value_text(value, type, "", context);
  }
  return out;
}

std::string replace_all(const std::string& text, const std::string& target, const std::string& replacement,
                        std::size_t length_max) {
  if (target.empty()) return text;
  std::string made;
  std::size_t begin = 0;
  while (made.size() <= length_max) {
    const std::size_t at = text.find(target, begin);
    made.append(text, begin, at == std::string::npos ? at : at - begin);
    if (at == std::string::npos) break;
    made += replacement;
    begin = at + target.size();
  }
  return made;
}

}  // namespace

std::string text_too_long(std::size_t length_max) {
  return "a string would have more than " + std::to_string(length_max) + " characters";
}

std::uint64_t text_call_cost(const FunctionCall& call, const TextTable& texts) {
  const auto length = [&](std::uint32_t i) { return texts.text(call.argument(i)).size(); };
  const std::uint64_t whole = length(0), part = length(1);
  return 1 + (whole + part + length(2)) / 8 + whole * part / 64;
}

std::string value_text(double value, ValueType type, std::string_view format, const FunctionContext& context) {
  switch (type) {
    case ValueType::kBool: return value != value ? "NaN" : value != 0 ? "true" : "false";
    case ValueType::kString: return value != value ? "NaN" : context.texts.text(value);
    default: return format_number(value, format, context.chart.instrument().tick_size);
  }
}

std::string format_number(double value, std::string_view format, double tick_size) {
  if (value != value) return format == "format.percent" ? "NaN%" : "NaN";
  if (std::isinf(value)) return format == "format.mintick" ? "Infinity" : "NaN";
  if (format == "format.mintick") {
    const int decimals = decimals_of_tick(tick_size);
    const double on_tick = std::floor(value / tick_size + 0.5) * tick_size;
    const auto [integer, fraction] = rounded(on_tick, decimals);
    return (on_tick < 0 ? "-" : "") + integer + (decimals > 0 ? "." + fraction : "");
  }
  if (format == "format.percent") return masked(value, "0.00") + "%";
  if (format == "format.volume") return volume_text(value);
  if (format.empty() || format == "format.inherit" || format == "format.price") return masked(value, "#.##########");
  return masked(value, format);
}

double text_function(const FunctionCall& call, FunctionContext& context) {
  constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
  const auto text = [&](std::uint32_t i) -> const std::string& { return context.texts.text(call.argument(i)); };
  const auto give = [&](std::string made) {
    if (made.size() > context.text_length_max) {
      context.fault.message = text_too_long(context.text_length_max);
      return kNotANumber;
    }
    return context.texts.intern(std::move(made));
  };
  const bool absent = call.argument(0) != call.argument(0);
  switch (call.function) {
    case Function::kStrToString:
      return give(value_text(call.argument(0), static_cast<ValueType>(call.index), text(1), context));
    case Function::kStrFormat: return absent ? kNotANumber : give(format_message(call, context));
    case Function::kStrConcat:
      if (absent || call.argument(1) != call.argument(1)) return kNotANumber;
      return give(text(0) + text(1));
    default: break;
  }
  if (absent) return kNotANumber;
  const auto flag = [](bool b) { return b ? 1.0 : 0.0; };
  switch (call.function) {
    case Function::kStrLength: return static_cast<double>(text(0).size());
    case Function::kStrContains: return flag(text(0).find(text(1)) != std::string::npos);
    case Function::kStrStartswith: return flag(text(0).starts_with(text(1)));
    case Function::kStrEndswith: return flag(text(0).ends_with(text(1)));
    case Function::kStrPos: {
      const std::size_t at = text(0).find(text(1));
      return at == std::string::npos ? kNotANumber : static_cast<double>(at);
    }
    case Function::kStrSubstring: {
      const auto size = static_cast<double>(text(0).size());
      const double begin = std::trunc(call.argument(1));
      const double end = call.has(2) ? std::trunc(call.argument(2)) : size;
      if (!(begin >= 0 && begin <= end && end <= size)) {
        context.fault.message = "str.substring(): positions lie outside the string";
        return kNotANumber;
      }
      return give(text(0).substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
    }
    case Function::kStrReplace: {
      std::string made = text(0);
      std::size_t at = text(1).empty() ? std::string::npos : made.find(text(1));
      for (double left = std::trunc(call.argument(3)); at != std::string::npos && left > 0; --left)
        at = made.find(text(1), at + 1);
      if (at != std::string::npos) made.replace(at, text(1).size(), text(2));
      return give(std::move(made));
    }
    case Function::kStrReplaceAll: return give(replace_all(text(0), text(1), text(2), context.text_length_max));
    case Function::kStrLower:
    case Function::kStrUpper: {
      std::string made = text(0);
      const bool lower = call.function == Function::kStrLower;
      for (char& c : made) {
        if (lower ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z') c = static_cast<char>(c ^ 0x20);
      }
      return give(std::move(made));
    }
    case Function::kStrTrim: {
      const std::string& whole = text(0);
      const std::size_t first = whole.find_first_not_of(" \t\n\r");
      if (first == std::string::npos) return give("");
      return give(whole.substr(first, whole.find_last_not_of(" \t\n\r") - first + 1));
    }
    case Function::kStrRepeat: {
      const double times = std::trunc(call.argument(1));
      if (!(times > 0)) return kNotANumber;
      std::string made;
      if (text(0).empty() && text(2).empty()) return give(std::move(made));
      for (double i = 0; i < times && made.size() <= context.text_length_max; ++i)
        made += (i > 0 ? text(2) : "") + text(0);
      return give(std::move(made));
    }
    case Function::kStrToNumber: {
      const std::string& whole = text(0);
      double value = 0;
      const char* begin = whole.data() + (whole.starts_with("+") ? 1 : 0);
      const auto [end, error] = std::from_chars(begin, whole.data() + whole.size(), value);
      return error == std::errc() && end == whole.data() + whole.size() ? value : kNotANumber;
    }
    default: return kNotANumber;
  }
}

}  // namespace tradeassist::backtest
