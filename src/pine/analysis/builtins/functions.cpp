#include <algorithm>
#include <map>

#include "pine/analysis/builtins/rows.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::pine {
namespace {

using Table = std::map<std::string, std::vector<BuiltinFunction>, std::less<>>;

const Table& table() {
  static const Table made = [] {
    Table all;
    std::vector<BuiltinFunction> functions;
    for (const auto rows :
         {math_rows(), ta_rows(), str_rows(), color_rows(), time_rows(), strategy_rows(), collection_rows()}) {
      for (const BuiltinRow& row : rows) functions.push_back(parse_signature(row.function, row.effect, row.signature));
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
  for (const std::string& candidate : builtin_variable_names()) consider(candidate);
  for (const std::string& extra :
       words("strategy.entry strategy.exit strategy.close strategy.close_all strategy.cancel strategy.cancel_all "
             "strategy.order input.int input.float input.bool input.string input.source str.tostring request.security "
             "plot plotshape")) {
    consider(extra);
  }
  return best;
}

}  // namespace tradeassist::pine
