#include <algorithm>
#include <array>
#include <utility>

#include "pine/analysis/builtins.hpp"

namespace tradeassist::pine {
namespace {

constexpr std::array<std::pair<std::string_view, Type>, 13> kFixed = {{
    {"int", Type::kInt},
    {"float", Type::kFloat},
    {"bool", Type::kBool},
    {"string", Type::kString},
    {"color", Type::kColor},
    {"label", Type::kLabel},
    {"line", Type::kLine},
    {"box", Type::kBox},
    {"table", Type::kTable},
    {"linefill", Type::kLinefill},
    {"polyline", Type::kPolyline},
    {"chart.point", Type::kChartPoint},
    {"plot", Type::kPlot},
}};

std::optional<TypePattern::Leaf> parse_leaf(std::string_view text) {
  TypePattern::Leaf leaf;
  if (text == "number") {
    leaf.variable = 'N';
    return leaf;
  }
  if (text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z') {
    leaf.variable = text[0];
    return leaf;
  }
  for (const auto& [name, type] : kFixed) {
    if (name != text) continue;
    leaf.type = type;
    return leaf;
  }
  return std::nullopt;
}

std::string to_string(const TypePattern::Leaf& leaf) {
  if (leaf.variable == 'N') return "number";
  return leaf.variable != 0 ? std::string(1, leaf.variable) : to_string(leaf.type);
}

}  // namespace

std::optional<TypePattern> parse_pattern(std::string_view text) {
  TypePattern pattern;
  const std::size_t open = text.find('<');
  if (open == std::string_view::npos) {
    const auto leaf = parse_leaf(text);
    if (!leaf) return std::nullopt;
    pattern.element = *leaf;
    return pattern;
  }
  const std::string_view name = text.substr(0, open);
  std::string_view inside = text.substr(open + 1, text.rfind('>') - open - 1);
  pattern.collection = name == "array" ? Collection::kArray : name == "matrix" ? Collection::kMatrix : Collection::kMap;
  if (const std::size_t comma = inside.find(','); comma != std::string_view::npos) {
    const auto key = parse_leaf(inside.substr(0, comma));
    if (!key) return std::nullopt;
    pattern.key = *key;
    inside.remove_prefix(comma + 1);
    while (inside.starts_with(' ')) inside.remove_prefix(1);
  }
  const auto element = parse_leaf(inside);
  if (!element) return std::nullopt;
  pattern.element = *element;
  return pattern;
}

std::string to_string(const TypePattern& pattern) {
  const std::string element = to_string(pattern.element);
  switch (pattern.collection) {
    case Collection::kNone: return element;
    case Collection::kArray: return "array<" + element + ">";
    case Collection::kMatrix: return "matrix<" + element + ">";
    case Collection::kMap: return "map<" + to_string(pattern.key) + ", " + element + ">";
  }
  return element;
}

void TypeBindings::bind(char variable, Type type) { bindings_.push_back({variable, type, true}); }

bool TypeBindings::match_leaf(const TypePattern::Leaf& leaf, Type type, bool inside_collection) {
  if (type == Type::kNa || type == Type::kError) return !inside_collection || type == Type::kError;
  if (leaf.variable == 0) {
    return type == leaf.type || (!inside_collection && type == Type::kInt && leaf.type == Type::kFloat);
  }
  if (leaf.variable == 'N' && type != Type::kInt && type != Type::kFloat) return false;
  const auto bound = std::ranges::find(bindings_, leaf.variable, &Binding::variable);
  if (bound == bindings_.end()) {
    bindings_.push_back({leaf.variable, type, inside_collection});
    return true;
  }
  if (bound->type == type) return true;
  if (inside_collection) return false;
  if (bound->type == Type::kFloat && type == Type::kInt) return true;
  if (!bound->fixed && bound->type == Type::kInt && type == Type::kFloat) {
    bound->type = Type::kFloat;
    return true;
  }
  return false;
}

bool TypeBindings::match(const TypePattern& pattern, Type type) {
  if (pattern.collection == Collection::kNone) return match_leaf(pattern.element, type, false);
  if (type == Type::kNa || type == Type::kError) return true;
  if (collection_of(type) != pattern.collection) return false;
  if (pattern.collection == Collection::kMap && !match_leaf(pattern.key, key_of(type), true)) return false;
  return match_leaf(pattern.element, element_of(type), true);
}

Type TypeBindings::resolve_leaf(const TypePattern::Leaf& leaf) const {
  if (leaf.variable == 0) return leaf.type;
  const auto bound = std::ranges::find(bindings_, leaf.variable, &Binding::variable);
  return bound == bindings_.end() ? Type::kError : bound->type;
}

Type TypeBindings::resolve(const TypePattern& pattern) const {
  const Type element = resolve_leaf(pattern.element);
  if (element == Type::kError) return Type::kError;
  switch (pattern.collection) {
    case Collection::kNone: return element;
    case Collection::kArray: return array_of(element);
    case Collection::kMatrix: return matrix_of(element);
    case Collection::kMap: break;
  }
  const Type key = resolve_leaf(pattern.key);
  return key == Type::kError ? Type::kError : map_of(key, element);
}

}  // namespace tradeassist::pine
