#pragma once

#include <cstdint>
#include <string_view>

namespace tradeassist::pine {

/// What a call operation computes. Named after the Pine function; operands are in the order of the v6 reference
/// (broker.md §2 for orders), absent optional arguments are kNoSlot unless the table gives a constant default.
// clang-format off
enum class Function : std::uint16_t {
  kNone,

  // Stateless numbers.
  kMathAbs, kMathAcos, kMathAsin, kMathAtan, kMathAvg, kMathCeil, kMathCos, kMathExp, kMathFloor, kMathLog, kMathLog10,
  kMathMax, kMathMin, kMathPow, kMathRound /*(x) or (x, precision)*/, kMathRoundToMintick, kMathSign, kMathSin,
  kMathSqrt, kMathTan, kMathToDegrees, kMathToRadians,

  // Stateful series functions (ta.* and friends).
  kTaAccdist, kTaAlma, kTaAtr, kTaBarssince, kTaBb, kTaBbw, kTaCci, kTaChange, kTaCmo, kTaCog, kTaCorrelation, kTaCross,
  kTaCrossover, kTaCrossunder, kTaCum, kTaDev, kTaDmi, kTaEma, kTaFalling, kTaHighest, kTaHighestbars, kTaHma, kTaIii,
  kTaKc, kTaKcw, kTaLinreg, kTaLowest, kTaLowestbars, kTaMacd, kTaMax, kTaMedian, kTaMfi, kTaMin, kTaMode, kTaMom,
  kTaNvi, kTaObv, kTaPercentileLinearInterpolation, kTaPercentileNearestRank, kTaPercentrank, kTaPivotPointLevels /*type, anchor, developing*/, kTaPivothigh /*source, left, right*/,
  kTaPivotlow, kTaPvi, kTaPvt, kTaRange, kTaRci, kTaRising, kTaRma, kTaRoc, kTaRsi, kTaSar, kTaSma, kTaStdev, kTaStoch,
  kTaSupertrend, kTaSwma, kTaTr /*handle_na*/, kTaTsi, kTaValuewhen, kTaVariance, kTaVwap /*source, anchor*/,
  kTaVwapBands /*source, anchor, stdev_mult*/, kTaVwma, kTaWad, kTaWma, kTaWpr, kTaWvad,
  kMathSum, kMathRandom, kFixnan,

  // Strings.
  kStrConcat, kStrToString /*value, format or kNoSlot; Operation::index = ValueType of value*/,
  kStrFormat /*pattern, then numbers and strings; bit i of Operation::index: argument i is a number*/, kStrLength, kStrContains,
  kStrStartswith, kStrEndswith, kStrPos, kStrSubstring, kStrReplace, kStrReplaceAll, kStrLower, kStrUpper, kStrTrim,
  kStrRepeat, kStrFormatTime /*time, format, zone*/, kStrMatch, kStrToNumber,

  // Colours.
  kColorNew, kColorRgb, kColorR, kColorG, kColorB, kColorT, kColorFromGradient,

  // Time. Zones are strings; kNoSlot = the exchange's.
  kTimestamp /*zone, year, month, day, hour, minute, second*/, kTimestampText, kYear /*time, zone*/, kMonth, kDayOfMonth,
  kDayOfWeek, kWeekOfYear, kHour, kMinute, kSecond, kTime /*timeframe, session, zone, bars_back, timeframe_bars_back*/, kTimeClose, kTimenow,
  kTimeframeChange, kTimeframeFromSeconds, kTimeframeInSeconds,

  // The chart: no operands, constant over a run (allowed in the prologue).
  kSyminfoTicker, kSyminfoTickerid, kSyminfoPrefix, kSyminfoRoot, kSyminfoDescription, kSyminfoCurrency, kSyminfoBasecurrency, kSyminfoType,
  kSyminfoTimezone, kSyminfoSession, kSyminfoMintick, kSyminfoPointvalue, kSyminfoMincontract,
  kSyminfoMinmove, kSyminfoPricescale, kSyminfoVolumetype, kSyminfoMainTickerid, kTimeframeMainPeriod,
  kSyminfoPrefixOf /*symbol*/, kSyminfoTickerOf /*symbol*/, kChartLeftVisibleBarTime, kChartRightVisibleBarTime,
  kTimeframePeriod, kTimeframeMultiplier, kTimeframeIsSeconds, kTimeframeIsMinutes, kTimeframeIsIntraday, kTimeframeIsDaily,
  kTimeframeIsWeekly, kTimeframeIsMonthly, kTimeframeIsDwm,

  // Strategy variables: no operands, as seen by the script at this moment.
  kStrategyPositionSize, kStrategyPositionAvgPrice, kStrategyPositionEntryName, kStrategyOpentrades, kStrategyClosedtrades,
  kStrategyWintrades, kStrategyLosstrades, kStrategyEventrades, kStrategyEquity, kStrategyInitialCapital,
  kStrategyNetprofit, kStrategyOpenprofit, kStrategyGrossprofit, kStrategyGrossloss, kStrategyMaxDrawdown,
  kStrategyMaxRunup, kStrategyNetprofitPercent, kStrategyOpenprofitPercent, kStrategyGrossprofitPercent, kStrategyGrosslossPercent,
  kStrategyMaxContractsHeldAll, kStrategyMaxContractsHeldLong, kStrategyMaxContractsHeldShort, kStrategyAvgTrade,
  kStrategyAvgWinningTrade, kStrategyAvgLosingTrade, kStrategyAccountCurrency, kStrategyMarginLiquidationPrice,
  kStrategyDefaultEntryQty /*price*/, kStrategyAvgTradePercent, kStrategyAvgWinningTradePercent,
  kStrategyAvgLosingTradePercent, kStrategyMaxDrawdownPercent, kStrategyMaxRunupPercent, kOpentradesCapitalHeld,
  kClosedtradesFirstIndex, kStrategyConvertToAccount /*value*/, kStrategyConvertToSymbol /*value*/,

  // Trade accessors: one operand, the trade's number.
  kOpentradesEntryId, kOpentradesEntryPrice, kOpentradesEntryBarIndex, kOpentradesEntryTime, kOpentradesEntryComment, kOpentradesSize,
  kOpentradesProfit, kOpentradesProfitPercent, kOpentradesCommission, kOpentradesMaxRunup, kOpentradesMaxRunupPercent,
  kOpentradesMaxDrawdown, kOpentradesMaxDrawdownPercent,
  kClosedtradesEntryId, kClosedtradesEntryPrice, kClosedtradesEntryBarIndex, kClosedtradesEntryTime, kClosedtradesEntryComment,
  kClosedtradesExitId, kClosedtradesExitPrice, kClosedtradesExitBarIndex, kClosedtradesExitTime, kClosedtradesExitComment, kClosedtradesSize,
  kClosedtradesProfit, kClosedtradesProfitPercent, kClosedtradesCommission, kClosedtradesMaxRunup,
  kClosedtradesMaxRunupPercent, kClosedtradesMaxDrawdownPercent, kClosedtradesMaxDrawdown,

  // Order commands. A direction is the number +1 (strategy.long) or -1 (strategy.short).
  kStrategyEntry /*id, direction, qty, limit, stop, oca_name, oca_type, comment, alert_message, disable_alert*/,
  kStrategyOrder /*the same*/,
  kStrategyExit /*id, from_entry, qty, qty_percent, profit, limit, loss, stop, trail_price, trail_points, trail_offset, oca_name, comment, comment_profit, comment_loss, comment_trailing, alert_message, alert_profit, alert_loss, alert_trailing, disable_alert*/,
  kStrategyClose /*id, comment, qty, qty_percent, immediately, alert_message, disable_alert*/,
  kStrategyCloseAll /*comment, immediately, alert_message, disable_alert*/,
  kStrategyCancel /*id*/, kStrategyCancelAll,
  kStrategyRiskAllowEntryIn /*direction: +1, -1, 0 = all*/,
  kStrategyRiskMaxConsLossDays /*count*/, kStrategyRiskMaxDrawdown /*value, type*/,
  kStrategyRiskMaxIntradayFilledOrders /*count*/, kStrategyRiskMaxIntradayLoss /*value, type*/,
  kStrategyRiskMaxPositionSize /*contracts*/,

  // Drawings: records on the heap (drawing.hpp).
  kDrawingDelete /*id*/, kDrawingCopy /*id; a chart.point too*/, kDrawingAll /*Operation::index = Layout*/,
  kLineGetPrice /*id, x*/, kTableCell /*id, column, row, then the cell's attributes*/,
  kTableClear /*id, start_column, start_row, end_column, end_row*/, kTableMergeCells /*the same*/,

  // Collections, on the heap: a contiguous range for each kind. Operation::index = collection_index of the element types.
  kArrayAbs, kArrayAvg, kArrayBinarySearch, kArrayBinarySearchLeftmost, kArrayBinarySearchRightmost, kArrayClear,
  kArrayConcat, kArrayCopy, kArrayCovariance, kArrayEvery, kArrayFill, kArrayFirst, kArrayFrom, kArrayGet,
  kArrayIncludes, kArrayIndexof, kArrayInsert, kArrayJoin, kArrayLast, kArrayLastindexof, kArrayMax, kArrayMedian,
  kArrayMin, kArrayMode, kArrayNew, kArrayPercentileLinearInterpolation, kArrayPercentileNearestRank,
  kArrayPercentrank, kArrayPop, kArrayPush, kArrayRange, kArrayRemove, kArrayReverse, kArraySet, kArrayShift,
  kArraySize, kArraySlice, kArraySome, kArraySort, kArraySortIndices, kArrayStandardize, kArrayStdev, kArraySum,
  kArrayUnshift, kArrayVariance, kArrayToString, kStrSplit,

  kMapClear, kMapContains, kMapCopy, kMapGet, kMapKeys, kMapNew, kMapPut, kMapPutAll, kMapRemove, kMapSize,
  kMapValues,

  kMatrixAddCol, kMatrixAddRow, kMatrixAvg, kMatrixCol, kMatrixColumns, kMatrixConcat, kMatrixCopy, kMatrixDet,
  kMatrixDiff, kMatrixDiffScalar, kMatrixEigenvalues, kMatrixEigenvectors, kMatrixElementsCount, kMatrixFill,
  kMatrixGet, kMatrixInv, kMatrixIsAntidiagonal, kMatrixIsAntisymmetric, kMatrixIsBinary, kMatrixIsDiagonal,
  kMatrixIsIdentity, kMatrixIsSquare, kMatrixIsStochastic, kMatrixIsSymmetric, kMatrixIsTriangular, kMatrixIsZero,
  kMatrixKron, kMatrixMax, kMatrixMedian, kMatrixMin, kMatrixMode, kMatrixMult, kMatrixMultArray, kMatrixMultScalar,
  kMatrixNew, kMatrixPinv, kMatrixPow, kMatrixRank, kMatrixRemoveCol, kMatrixRemoveRow, kMatrixReshape,
  kMatrixReverse, kMatrixRow, kMatrixRowView /*the row itself, for loops*/, kMatrixRows, kMatrixSet, kMatrixSort, kMatrixSubmatrix, kMatrixSum, kMatrixSumScalar,
  kMatrixSwapColumns, kMatrixSwapRows, kMatrixTrace, kMatrixTranspose, kMatrixToString,

  kCount,
};
// clang-format on

/// What the broker answers: variables of the strategy, the same all through one run of the script, and values of
/// trades.
constexpr bool is_strategy_value(Function function) {
  return function >= Function::kStrategyPositionSize && function <= Function::kClosedtradesMaxDrawdown &&
         function != Function::kStrategyAccountCurrency;
}

constexpr bool is_string_function(Function function) {
  return function >= Function::kStrConcat && function <= Function::kStrToNumber;
}

constexpr bool is_time_function(Function function) {
  return function >= Function::kTimestamp && function <= Function::kTimeframeInSeconds;
}

/// The kinds of functions that work on the heap's objects.
constexpr bool is_array_function(Function function) {
  return function >= Function::kArrayAbs && function <= Function::kStrSplit;
}
constexpr bool is_map_function(Function function) {
  return function >= Function::kMapClear && function <= Function::kMapValues;
}
constexpr bool is_matrix_function(Function function) {
  return function >= Function::kMatrixAddCol && function <= Function::kMatrixToString;
}
constexpr bool is_collection_function(Function function) {
  return function >= Function::kArrayAbs && function <= Function::kMatrixToString;
}

/// True for functions that change the collection they are called on, or one of their arguments.
constexpr bool changes_collection(Function function) {
  switch (function) {
    case Function::kArrayClear:
    case Function::kArrayConcat:
    case Function::kArrayFill:
    case Function::kArrayInsert:
    case Function::kArrayPop:
    case Function::kArrayPush:
    case Function::kArrayRemove:
    case Function::kArrayReverse:
    case Function::kArraySet:
    case Function::kArrayShift:
    case Function::kArraySort:
    case Function::kArrayUnshift:
    case Function::kMapClear:
    case Function::kMapPut:
    case Function::kMapPutAll:
    case Function::kMapRemove:
    case Function::kMatrixAddCol:
    case Function::kMatrixAddRow:
    case Function::kMatrixConcat:
    case Function::kMatrixFill:
    case Function::kMatrixRemoveCol:
    case Function::kMatrixRemoveRow:
    case Function::kMatrixReshape:
    case Function::kMatrixReverse:
    case Function::kMatrixSet:
    case Function::kMatrixSort:
    case Function::kMatrixSwapColumns:
    case Function::kMatrixSwapRows: return true;
    default: return false;
  }
}

/// The Pine spelling ("ta.ema"), for listings and messages.
std::string_view to_string(Function function);

}  // namespace tradeassist::pine
