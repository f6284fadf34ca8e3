#include "access/scope.hpp"

#include <algorithm>

namespace tradeassist::access {

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::kRead: return "read";
    case Scope::kTradeResearch: return "trade-research";
    case Scope::kWrite: return "write";
    case Scope::kAdmin: return "admin";
  }
  return "";
}

std::string Scopes::to_text() const {
  std::string text;
  for (const Scope scope : kScopes) {
    if ((bits_ & bit(scope)) == 0) continue;
    text += (text.empty() ? "" : " ");
    text += to_string(scope);
  }
  return text;
}

base::Result<Scopes> parse_scopes(std::string_view text) {
  constexpr std::string_view kBetween = " ,";
  Scopes scopes;
  while (true) {
    const std::size_t begin = text.find_first_not_of(kBetween);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::string_view name = text.substr(0, text.find_first_of(kBetween));
    const auto found = std::ranges::find(kScopes, name, [](Scope scope) { return to_string(scope); });
    if (found == kScopes.end()) {
      return base::failure(base::ErrorCode::kInvalidArgument, "'" + std::string(name.substr(0, 40)) +
                                                                  "' is no scope; there are read, trade-research, "
                                                                  "write and admin");
    }
    scopes.add(*found);
    text.remove_prefix(name.size());
  }
  if (scopes.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "a key needs at least one scope of read, trade-research, write and admin");
  }
  return scopes;
}

}  // namespace tradeassist::access
