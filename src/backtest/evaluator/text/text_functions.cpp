#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "backtest/evaluator/functions.hpp"
#include "backtest/evaluator/text/characters.hpp"
#include "backtest/evaluator/text/message_format.hpp"
#include "backtest/evaluator/text/number_format.hpp"
#include "backtest/evaluator/time/date_format.hpp"

namespace tradeassist::backtest {

using pine::Function;
using pine::ValueType;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view kBlanks = " \t\n\v\f\r";

bool is_na(double x) { return x != x; }

/// Puts a text into the table; beyond the longest a string may be, a fault.
double give(std::string made, FunctionContext& context) {
  if (made.size() <= context.text_length_max) return context.texts.intern(std::move(made));
  context.fault.message = text_too_long(context.text_length_max);
  return kNotANumber;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
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

/// Occurrences are counted from 0 and may overlap; na is the first. An empty target is found before the character of
/// that number.
std::string replace_one(std::string text, const std::string& target, const std::string& replacement,
                        double occurrence) {
  if (occurrence < 0) return text;
  double left = is_na(occurrence) ? 0 : std::trunc(occurrence);
  std::size_t at = 0;
  if (target.empty()) {
    at = byte_of(text, static_cast<std::size_t>(std::fmin(left, static_cast<double>(text.size()))));
  } else {
    at = text.find(target);
    for (; at != std::string::npos && left > 0; --left) at = text.find(target, at + 1);
  }
  if (at != std::string::npos) text.replace(at, target.size(), replacement);
  return text;
}

double substring(const FunctionCall& call, FunctionContext& context) {
  const std::string& text = context.texts.text(call.argument(0));
  const std::size_t length = length_of(text);
  const auto position = [&](std::uint32_t i, double otherwise) {  // na is the text's own end
    return is_na(call.argument(i)) ? otherwise : std::trunc(call.argument(i));
  };
  const double begin = position(1, 0), end = position(2, static_cast<double>(length));
  if (!(begin >= 0 && begin <= end && end <= static_cast<double>(length))) {
    context.fault.message = "str.substring(): the positions " + format_number(begin, "", 1) + " to " +
                            format_number(end, "", 1) + " lie outside the string, which has " + std::to_string(length) +
                            " characters";
    return kNotANumber;
  }
  const std::size_t from = byte_of(text, static_cast<std::size_t>(begin));
  return give(text.substr(from, byte_of(text, static_cast<std::size_t>(end)) - from), context);
}

double repeated(const FunctionCall& call, FunctionContext& context) {
  const double times = std::trunc(call.argument(1));
  if (!(times > 0)) return kNotANumber;
  const std::string& text = context.texts.text(call.argument(0));
  const std::string& separator = context.texts.text(call.argument(2));
  if (text.empty() && separator.empty()) return give("", context);
  std::string made;
  for (double i = 0; i < times && made.size() <= context.text_length_max; ++i) made += (i > 0 ? separator : "") + text;
  return give(std::move(made), context);
}

/// A decimal number with blanks around it at most; na where the text is anything else.
double number_of(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return kNotANumber;
  }
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const bool is_decimal = text.size() > sign && (text[sign] == '.' || (text[sign] >= '0' && text[sign] <= '9'));
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return is_decimal && error == std::errc() && end == text.data() + text.size() ? value : kNotANumber;
}

double formatted_message(const FunctionCall& call, FunctionContext& context) {
  std::vector<MessageArgument> arguments;
  for (std::uint32_t i = 1; i < call.count && call.has(i); ++i) {
    const double value = call.argument(i);
    const bool is_number = (call.index >> (i - 1) & 1) != 0;
    arguments.push_back({is_number, value, is_number ? "" : is_na(value) ? "NaN" : context.texts.text(value)});
  }
  std::string fault;
  std::string made = format_message(context.texts.text(call.argument(0)), arguments, fault);
  if (fault.empty()) return give(std::move(made), context);
  context.fault.message = "str.format(): " + fault;
  return kNotANumber;
}

double formatted_time(const FunctionCall& call, FunctionContext& context) {
  const double time = call.argument(0);
  if (!(std::fabs(time) < 1e15)) return kNotANumber;
  const auto clock = calendar_clock_of(call, 2, context);
  if (!clock) return kNotANumber;
  const bool has_format = !is_na(call.argument(1));
  return give(format_date(static_cast<std::int64_t>(time),
                          has_format ? context.texts.text(call.argument(1)) : "yyyy-MM-dd'T'HH:mm:ssZ", *clock),
              context);
}

double matched(const FunctionCall& call, FunctionContext& context) {
  if (is_na(call.argument(1))) return kNotANumber;
  std::string fault;
  std::string made =
      context.expressions.match(context.texts.text(call.argument(0)), context.texts.text(call.argument(1)), fault);
  if (fault.empty()) return give(std::move(made), context);
  context.fault.message = "str.match(): " + fault;
  return kNotANumber;
}

std::string in_case(std::string text, bool lower) {
  for (char& c : text) {
    if (lower ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z') c = static_cast<char>(c ^ 0x20);
  }
  return text;
}

/// str.contains and its kin: na of na, which before v6 a bool can be.
double test(const FunctionCall& call, const FunctionContext& context) {
  if (is_na(call.argument(0)) || is_na(call.argument(1))) return context.version >= 6 ? 0 : kNotANumber;
  const std::string& text = context.texts.text(call.argument(0));
  const std::string& part = context.texts.text(call.argument(1));
  const bool holds = call.function == Function::kStrContains     ? text.find(part) != std::string::npos
                     : call.function == Function::kStrStartswith ? text.starts_with(part)
                                                                 : text.ends_with(part);
  return holds ? 1 : 0;
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
    case ValueType::kBool: return is_na(value) ? "NaN" : value != 0 ? "true" : "false";
    case ValueType::kString: return is_na(value) ? "NaN" : context.texts.text(value);
    default: return format_number(value, format, context.chart.instrument().tick_size);
  }
}

double text_function(const FunctionCall& call, FunctionContext& context) {
  const auto text = [&](std::uint32_t i) -> const std::string& { return context.texts.text(call.argument(i)); };
  switch (call.function) {
    case Function::kStrToString:
      return give(value_text(call.argument(0), static_cast<ValueType>(call.index), text(1), context), context);
    case Function::kStrContains:
    case Function::kStrStartswith:
    case Function::kStrEndswith: return test(call, context);
    default: break;
  }
  if (is_na(call.argument(0))) return kNotANumber;
  switch (call.function) {
    case Function::kStrConcat: return is_na(call.argument(1)) ? kNotANumber : give(text(0) + text(1), context);
    case Function::kStrFormat: return formatted_message(call, context);
    case Function::kStrFormatTime: return formatted_time(call, context);
    case Function::kStrMatch: return matched(call, context);
    case Function::kStrLength: return static_cast<double>(length_of(text(0)));
    case Function::kStrPos: {
      const std::size_t at = is_na(call.argument(1)) ? std::string::npos : text(0).find(text(1));
      return at == std::string::npos ? kNotANumber : static_cast<double>(position_of(text(0), at));
    }
    case Function::kStrSubstring: return substring(call, context);
    case Function::kStrReplace:
      return is_na(call.argument(1)) ? kNotANumber
                                     : give(replace_one(text(0), text(1), text(2), call.argument(3)), context);
    case Function::kStrReplaceAll:
      return give(replace_all(text(0), text(1), text(2), context.text_length_max), context);
    case Function::kStrLower: return give(in_case(text(0), true), context);
    case Function::kStrUpper: return give(in_case(text(0), false), context);
    case Function::kStrTrim: return give(std::string(trimmed(text(0))), context);
    case Function::kStrRepeat: return repeated(call, context);
    case Function::kStrToNumber: return number_of(text(0));
    default: return kNotANumber;
  }
}

}  // namespace tradeassist::backtest
