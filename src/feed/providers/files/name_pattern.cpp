#include "feed/providers/files/name_pattern.hpp"

namespace tradeassist::feed {
namespace {

constexpr std::size_t kNameBytesMax = 255;  // also keeps std::regex, which recurses, from deep stacks

}  // namespace

base::Result<NamePattern> NamePattern::parse(std::string_view text) {
  const auto refuse = [&](const char* what) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "'" + std::string(text.substr(0, kNameBytesMax)) + "' " + what +
                             "; write for example {symbol}_{timeframe}.csv or {symbol}.*");
  };
  if (text.size() > kNameBytesMax) return refuse("is too long for a pattern");
  NamePattern out;
  std::string regex;
  int groups = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("{symbol}")) {
      if (out.symbol_ != 0) return refuse("has {symbol} twice");
      out.symbol_ = ++groups;
      regex += "([^\\s]+?)";
      i += 8;
    } else if (rest.starts_with("{timeframe}")) {
      if (out.timeframe_ != 0) return refuse("has {timeframe} twice");
      out.timeframe_ = ++groups;
      regex += "([0-9]+[a-zA-Z])";
      i += 11;
    } else if (text[i] == '*') {
      regex += ".*";
      ++i;
    } else {
      if (std::string_view("\\^$.|?+()[]{}").find(text[i]) != std::string_view::npos) regex += '\\';
      regex += text[i++];
    }
  }
  if (out.symbol_ == 0) return refuse("has no {symbol}");
  try {
    out.regex_ = std::regex(regex);
  } catch (const std::regex_error&) { return refuse("cannot be read"); }
  return out;
}

std::optional<NamePattern::Match> NamePattern::match(std::string_view name) const {
  if (name.ends_with(".gz")) name.remove_suffix(3);
  if (name.size() > kNameBytesMax) return std::nullopt;
  std::match_results<std::string_view::const_iterator> found;
  if (!std::regex_match(name.begin(), name.end(), found, regex_)) return std::nullopt;
  Match match{found[static_cast<std::size_t>(symbol_)].str(), {}};
  if (timeframe_ != 0) {
    const auto timeframe = market::parse_timeframe(found[static_cast<std::size_t>(timeframe_)].str());
    if (!timeframe) return std::nullopt;
    match.timeframe = *timeframe;
  }
  return match;
}

}  // namespace tradeassist::feed
