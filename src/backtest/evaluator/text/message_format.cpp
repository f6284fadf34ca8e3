#include "backtest/evaluator/text/message_format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "backtest/evaluator/text/number_format.hpp"
#include "backtest/evaluator/time/date_format.hpp"

namespace tradeassist::backtest {
namespace {

/// The inside of a placeholder: {index,type,style}.
struct Placeholder {
  std::string index, type, style;
};

std::string keyword(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  std::string made(text.substr(first, text.find_last_not_of(' ') - first + 1));
  for (char& c : made) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return made;
}

struct Keyword {
  std::string_view name, pattern;
};
using Keywords = std::span<const Keyword>;

constexpr Keyword kNumberStyles[] = {
    {"", "#,##0.###"}, {"integer", "#,##0"}, {"currency", "$#,##0.00"}, {"percent", "#,##0%"}};
constexpr Keyword kDateStyles[] = {
    {"", "MMM d, y"}, {"short", "M/d/yy"}, {"medium", "MMM d, y"}, {"long", "MMMM d, y"}, {"full", "EEEE, MMMM d, y"}};
constexpr Keyword kTimeStyles[] = {
    {"", "h:mm:ss a"}, {"short", "h:mm a"}, {"medium", "h:mm:ss a"}, {"long", "h:mm:ss a z"}, {"full", "h:mm:ss a z"}};

/// The pattern that a keyword stands for; what is no keyword is a pattern as it is.
std::string pattern_of(const std::string& style, Keywords keywords) {
  const std::string word = keyword(style);
  for (const auto& [name, pattern] : keywords) {
    if (name == word) return std::string(pattern);
  }
  return style;
}

class Message {
 public:
  Message(const std::vector<MessageArgument>& arguments, std::string& fault) : arguments_(arguments), fault_(fault) {}

  /// Literal text and placeholders, as MessageFormat.applyPattern reads them.
  std::string format(std::string_view pattern) {
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < pattern.size() && fault_.empty(); ++i) {
      const char c = pattern[i];
      if (c == '\'') {
        const bool doubled = i + 1 < pattern.size() && pattern[i + 1] == '\'';
        if (doubled) {
          out += c;
          ++i;
        } else {
          quoted = !quoted;
        }
      } else if (c == '{' && !quoted) {
        const auto end = closing(pattern, i);
        if (!end) return fail("a `{` of the pattern is never closed");
        out += filled(parts_of(pattern.substr(i + 1, *end - i - 1)));
        i = *end;
      } else {
        out += c;
      }
    }
    return fault_.empty() ? out : "";
  }

 private:
  std::string fail(std::string message) {
    if (fault_.empty()) fault_ = std::move(message);
    return "";
  }

  /// The `}` that belongs to the `{` at `open`; quotes hide braces.
  static std::optional<std::size_t> closing(std::string_view pattern, std::size_t open) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = open; i < pattern.size(); ++i) {
      if (pattern[i] == '\'') quoted = !quoted;
      if (quoted) continue;
      if (pattern[i] == '{') ++depth;
      if (pattern[i] == '}' && --depth == 0) return i;
    }
    return std::nullopt;
  }

  static Placeholder parts_of(std::string_view inside) {
    Placeholder made;
    const std::size_t first = std::min(inside.find(','), inside.size());
    made.index = inside.substr(0, first);
    inside.remove_prefix(std::min(first + 1, inside.size()));
    const std::size_t second = std::min(inside.find(','), inside.size());
    made.type = keyword(inside.substr(0, second));
    inside.remove_prefix(std::min(second + 1, inside.size()));
    made.style = inside;
    return made;
  }

  std::string filled(const Placeholder& place) {
    unsigned number = 0;
    const char* const end = place.index.data() + place.index.size();
    const auto [rest, error] = std::from_chars(place.index.data(), end, number);
    if (error != std::errc() || rest != end) return fail("`{" + place.index + "}` names no argument by its number");
    if (number >= arguments_.size()) return "{" + place.index + "}";
    const MessageArgument& argument = arguments_[number];
    if (!argument.is_number) return argument.text;
    const double value = argument.number;
    if (place.type.empty() || place.type == "number") return number_text(value, place.style);
    if (place.type == "date") return date_text(value, pattern_of(place.style, kDateStyles));
    if (place.type == "time") return date_text(value, pattern_of(place.style, kTimeStyles));
    if (place.type == "choice") return choice_text(value, place.style);
    return fail("`" + place.type + "` is no type of a placeholder; it has number, date, time and choice");
  }

  static std::string number_text(double value, const std::string& style) {
    if (value != value) return "NaN";
    return format_decimal(value, pattern_of(style, kNumberStyles), Rounding::kHalfEvenExact);
  }

  static std::string date_text(double value, const std::string& pattern) {
    if (!(std::fabs(value) < 1e15)) return "NaN";
    return format_date(static_cast<std::int64_t>(value), pattern, *market::ZoneClock::find("UTC"));
  }

  /// "0#none|1#one|1<many": the text of the last limit that the value reaches (#) or exceeds (<).
  std::string choice_text(double value, std::string_view style) {
    std::string chosen;
    bool first = true;
    while (!style.empty()) {
      const std::size_t end = std::min(style.find('|'), style.size());
      const std::string_view choice = style.substr(0, end);
      style.remove_prefix(std::min(end + 1, style.size()));
      const std::size_t sign = choice.find_first_of("#<");
      const auto limit = sign == std::string_view::npos ? std::nullopt : limit_of(choice.substr(0, sign));
      if (!limit) return fail("a choice is limit#text or limit<text, not `" + std::string(choice) + "`");
      const bool reached = choice[sign] == '#' ? value >= *limit : value > *limit;
      if (first || reached) chosen = choice.substr(sign + 1);
      if (!first && !reached) break;
      first = false;
    }
    if (chosen.find('{') == std::string::npos) return chosen;
    if (++depth_ > kDepthMax) return fail("choices lie too deep inside each other");
    std::string made = format(chosen);
    --depth_;
    return made;
  }

  static std::optional<double> limit_of(std::string_view text) {
    const std::string word = keyword(text);
    if (word == "-∞") return -std::numeric_limits<double>::infinity();
    if (word == "∞") return std::numeric_limits<double>::infinity();
    double limit = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), limit);
    if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return limit;
  }

  static constexpr int kDepthMax = 16;

  const std::vector<MessageArgument>& arguments_;
  std::string& fault_;
  int depth_ = 0;
};

}  // namespace

std::string format_message(std::string_view pattern, const std::vector<MessageArgument>& arguments,
                           std::string& fault) {
  return Message(arguments, fault).format(pattern);
}

}  // namespace tradeassist::backtest
