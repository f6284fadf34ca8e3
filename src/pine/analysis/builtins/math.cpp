#include "pine/analysis/builtins/rows.hpp"

namespace tradeassist::pine {
namespace {

using enum Effect;

/// math.*, and fixnan.
constexpr BuiltinRow kMathRows[] = {
    {Function::kMathAbs, kPure, "math.abs(number: number) number"},
    {Function::kMathAcos, kPure, "math.acos(angle: float) float"},
    {Function::kMathAsin, kPure, "math.asin(angle: float) float"},
    {Function::kMathAtan, kPure, "math.atan(angle: float) float"},
    {Function::kMathAvg, kPure, "math.avg(number0: float, number1: float, ...) float"},
    {Function::kMathCeil, kPure, "math.ceil(number: float) int"},
    {Function::kMathCos, kPure, "math.cos(angle: float) float"},
    {Function::kMathExp, kPure, "math.exp(number: float) float"},
    {Function::kMathFloor, kPure, "math.floor(number: float) int"},
    {Function::kMathLog, kPure, "math.log(number: float) float"},
    {Function::kMathLog10, kPure, "math.log10(number: float) float"},
    {Function::kMathMax, kPure, "math.max(number0: number, number1: number, ...) number"},
    {Function::kMathMin, kPure, "math.min(number0: number, number1: number, ...) number"},
    {Function::kMathPow, kPure, "math.pow(base: float, exponent: float) float"},
    {Function::kMathRound, kPure, "math.round(number: float) int"},
    {Function::kMathRound, kPure, "math.round(number: float, precision: whole) float"},
    {Function::kMathRoundToMintick, kPure, "math.round_to_mintick(number: float) float"},
    {Function::kMathSign, kPure, "math.sign(number: float) float"},
    {Function::kMathSin, kPure, "math.sin(angle: float) float"},
    {Function::kMathSqrt, kPure, "math.sqrt(number: float) float"},
    {Function::kMathTan, kPure, "math.tan(angle: float) float"},
    {Function::kMathToDegrees, kPure, "math.todegrees(radians: float) float"},
    {Function::kMathToRadians, kPure, "math.toradians(degrees: float) float"},
    {Function::kMathSum, kStateful, "math.sum(source: float, length: whole) float"},
    {Function::kMathRandom, kStateful, "math.random(min: float = 0, max: float = 1, seed: int ?) float"},
    {Function::kFixnan, kStateful, "fixnan(source: any) first"},
};

}  // namespace

std::span<const BuiltinRow> math_rows() { return kMathRows; }

}  // namespace tradeassist::pine
