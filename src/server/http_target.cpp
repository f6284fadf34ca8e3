#include "server/http_target.hpp"

#include <algorithm>
#include <optional>

#include "base/utf8.hpp"

namespace tradeassist::server {
namespace {

constexpr std::size_t kQueryNamesMax = 64;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    decoded.push_back(c);
  }
  if (base::find_invalid_utf8(decoded) != std::string_view::npos) return std::nullopt;
  return decoded;
}

bool has_dot_segment(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find_first_of("/\\", begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

base::Result<Target> parse_target(std::string_view target) {
  const auto refuse = [](const char* why) { return base::failure(base::ErrorCode::kInvalidArgument, why); };
  if (target.empty() || target.front() != '/') return refuse("the request target must be a path beginning with /");
  const std::size_t question = target.find('?');
  auto path = percent_decode(target.substr(0, question), false);
  if (!path) return refuse("the path has a bad percent escape, a control character or is not UTF-8");
  if (has_dot_segment(*path)) return refuse("the path must not contain . or .. segments");

  Target result{std::move(*path), {}};
  if (question == std::string_view::npos) return result;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!name || !value) return refuse("the query has a bad percent escape, a control character or is not UTF-8");
    if (result.query.size() >= kQueryNamesMax) return refuse("the query has more than 64 names");
    if (!result.query.emplace(std::move(*name), std::move(*value)).second) {
      return refuse("a query name is given twice");
    }
  }
  return result;
}

}  // namespace tradeassist::server
