#include "pine/analysis/types.hpp"

namespace tradeassist::pine {

std::string_view to_string(Type type) {
  switch (type) {
    case Type::kError: return "unknown";
    case Type::kVoid: return "void";
    case Type::kNa: return "na";
    case Type::kInt: return "int";
    case Type::kFloat: return "float";
    case Type::kBool: return "bool";
    case Type::kString: return "string";
    case Type::kColor: return "color";
    case Type::kDirection: return "strategy_direction";
    case Type::kDrawing: return "drawing";
    case Type::kPlot: return "plot";
  }
  return "unknown";
}

std::string type_name(Type type, Qualifier qualifier) {
  if (type == Type::kVoid || type == Type::kNa || type == Type::kError) return std::string(to_string(type));
  const char* prefix = qualifier == Qualifier::kConst    ? "const "
                       : qualifier == Qualifier::kInput  ? "input "
                       : qualifier == Qualifier::kSimple ? "simple "
                                                         : "series ";
  return prefix + std::string(to_string(type));
}

bool is_number(Type type) {
  return type == Type::kInt || type == Type::kFloat || type == Type::kNa || type == Type::kError;
}

Type common_type(Type a, Type b) {
  if (a == b) return a;
  if (a == Type::kError || b == Type::kError) return Type::kError;
  if (a == Type::kNa) return b;
  if (b == Type::kNa) return a;
  if ((a == Type::kInt && b == Type::kFloat) || (a == Type::kFloat && b == Type::kInt)) return Type::kFloat;
  return Type::kVoid;
}

}  // namespace tradeassist::pine
