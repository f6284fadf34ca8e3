#include "backtest/evaluator/text/regular_expression.hpp"

#include <boost/regex.hpp>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "backtest/evaluator/text/characters.hpp"

namespace tradeassist::backtest {
namespace {

/// Java's names of character classes that Boost calls otherwise: \p{N}, \p{Lu}.
struct ClassName {
  std::string_view java, boost;
};
constexpr ClassName kClasses[] = {
    {"Lu", "upper"},          {"IsUppercase", "upper"}, {"Ll", "lower"},
    {"IsLowercase", "lower"}, {"N", "digit"},           {"Nd", "digit"},
    {"IsDigit", "digit"},     {"P", "punct"},           {"IsPunctuation", "punct"},
    {"Z", "space"},           {"Zs", "space"},          {"IsWhite_Space", "space"},
    {"Alpha", "alpha"},       {"Digit", "digit"},       {"Alnum", "alnum"},
    {"Upper", "upper"},       {"Lower", "lower"},       {"Punct", "punct"},
    {"Graph", "graph"},       {"Print", "print"},       {"Blank", "blank"},
    {"Cntrl", "cntrl"},       {"XDigit", "xdigit"},     {"Space", "space"},
};

/// \p{L}: the letters of every script, about; Boost's own class knows those of the locale alone.
constexpr std::string_view kLetters =
    R"(a-zA-Z\x{AA}\x{B5}\x{BA}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2C1}\x{370}-\x{1FFF}\x{2C00}-\x{2DFF}\x{3040}-\x{D7FF})";

bool is_letters(std::string_view java) { return java == "L" || java == "IsAlphabetic" || java == "IsLetter"; }

/// \p{…} or \P{…} at the front of the text in Perl's words; nothing when it is no such escape.
std::optional<std::string> property(std::string_view text, bool in_class, std::string& fault) {
  const std::size_t close = text.find('}');
  if (!(text.starts_with("\\p{") || text.starts_with("\\P{")) || close == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(3, close - 3);
  const bool negated = text[1] == 'P';
  if (is_letters(name)) {
    if (negated && in_class) fault = "\\P{" + std::string(name) + "} inside a character class is not supported";
    return in_class ? std::string(kLetters) : (negated ? "[^" : "[") + std::string(kLetters) + "]";
  }
  for (const ClassName& known : kClasses) {
    if (known.java == name) return std::string(text.substr(0, 3)) + std::string(known.boost) + "}";
  }
  return std::string(text.substr(0, close + 1));
}

/// The expression with Java's class names replaced; `fault` where Perl's syntax would mean something else.
std::string as_perl(std::string_view expression, std::string& fault) {
  std::string made;
  bool in_class = false;
  for (std::size_t i = 0; i < expression.size() && fault.empty();) {
    const std::string_view rest = expression.substr(i);
    if (const auto perl = property(rest, in_class, fault)) {
      made += *perl;
      i += rest.find('}') + 1;
      continue;
    }
    if (in_class && rest.starts_with("&&")) fault = "the intersection of character classes, `&&`, is not supported";
    const std::size_t size = rest.front() == '\\' && rest.size() > 1 ? 2 : 1;
    if (rest.front() == '[') in_class = true;
    if (rest.front() == ']') in_class = false;
    made += rest.substr(0, size);
    i += size;
  }
  return fault.empty() ? made : "";
}

}  // namespace

struct RegularExpressions::Compiled {
  std::unordered_map<std::string, boost::wregex> all;
};

RegularExpressions::RegularExpressions() : compiled_(std::make_unique<Compiled>()) {}
RegularExpressions::~RegularExpressions() = default;
RegularExpressions::RegularExpressions(RegularExpressions&&) noexcept = default;

std::string RegularExpressions::match(const std::string& text, const std::string& expression, std::string& fault) {
  constexpr std::size_t kKept = 256;
  try {
    auto found = compiled_->all.find(expression);
    if (found == compiled_->all.end()) {
      const std::string perl = as_perl(expression, fault);
      if (!fault.empty()) return "";
      if (compiled_->all.size() >= kKept) compiled_->all.clear();
      found = compiled_->all.emplace(expression, boost::wregex(to_characters(perl), boost::wregex::perl)).first;
    }
    const std::wstring characters = to_characters(text);
    boost::wsmatch matched;
    if (!boost::regex_search(characters, matched, found->second)) return "";
    return from_characters(matched.str());
  } catch (const std::exception& error) {  // boost::regex_error; std::runtime_error of a search that is given up
    fault = "the regular expression '" + expression.substr(0, 64) + "' fails: " + error.what();
    return "";
  }
}

}  // namespace tradeassist::backtest
