#include "pine/analysis/builtins/rows.hpp"

namespace tradeassist::pine {
namespace {

using enum Effect;

/// color.*
constexpr BuiltinRow kColorRows[] = {
    {Function::kColorNew, kPure, "color.new(color: color, transp: float = 0) color"},
    {Function::kColorRgb, kPure, "color.rgb(red: float, green: float, blue: float, transp: float = 0) color"},
    {Function::kColorR, kPure, "color.r(color: color) float"},
    {Function::kColorG, kPure, "color.g(color: color) float"},
    {Function::kColorB, kPure, "color.b(color: color) float"},
    {Function::kColorT, kPure, "color.t(color: color) float"},
    {Function::kColorFromGradient, kPure,
     "color.from_gradient(value: float, bottom_value: float, top_value: float, bottom_color: color, top_color: color) "
     "color"},
};

}  // namespace

std::span<const BuiltinRow> color_rows() { return kColorRows; }

}  // namespace tradeassist::pine
