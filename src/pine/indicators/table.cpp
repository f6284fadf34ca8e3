#include "pine/indicators/table.hpp"

namespace tradeassist::pine {
namespace {

constexpr bool kOnPrices = true, kOwnPane = false;

constexpr IndicatorRow kRows[] = {
    // Averages.
    {"alma", "Arnaud Legoux moving average", "A Gaussian-weighted average, its peak shifted towards the newest bar.",
     kOnPrices, "source: series = close; length: int 1..5000 = 9; offset: float 0..1 = 0.85; sigma: float 0.1..100 = 6",
     "ta.alma({source}, {length}, {offset}, {sigma})", "alma"},
    {"ema", "Exponential moving average", "An average whose weights fall by the same factor from bar to bar.",
     kOnPrices, "source: series = close; length: int 1..5000 = 20", "ta.ema({source}, {length})", "ema"},
    {"hma", "Hull moving average", "A weighted average of the difference of two others: smooth with little lag.",
     kOnPrices, "source: series = close; length: int 2..5000 = 9", "ta.hma({source}, {length})", "hma"},
    {"linreg", "Linear regression", "The end of the least-squares line through the last bars, `offset` bars back.",
     kOnPrices, "source: series = close; length: int 2..5000 = 14; offset: int 0..5000 = 0",
     "ta.linreg({source}, {length}, {offset})", "linreg"},
    {"rma", "Wilder's moving average", "The exponential average with the factor 1/length that RSI and ATR use.",
     kOnPrices, "source: series = close; length: int 1..5000 = 14", "ta.rma({source}, {length})", "rma"},
    {"sma", "Simple moving average", "The mean of the last bars.", kOnPrices,
     "source: series = close; length: int 1..5000 = 20", "ta.sma({source}, {length})", "sma"},
    {"swma", "Symmetrically weighted moving average", "Four bars, weighted 1/6, 2/6, 2/6, 1/6.", kOnPrices,
     "source: series = close", "ta.swma({source})", "swma"},
    {"vwma", "Volume-weighted moving average", "The mean of the last bars, each weighted by its volume.", kOnPrices,
     "source: series = close; length: int 1..5000 = 20", "ta.vwma({source}, {length})", "vwma"},
    {"wma", "Weighted moving average", "The mean of the last bars with weights that rise evenly to the newest.",
     kOnPrices, "source: series = close; length: int 1..5000 = 9", "ta.wma({source}, {length})", "wma"},

    // Channels, stops and levels on the prices.
    {"bb", "Bollinger bands", "A moving average with bands `mult` standard deviations away.", kOnPrices,
     "source: series = close; length: int 1..5000 = 20; mult: float 0..50 = 2", "ta.bb({source}, {length}, {mult})",
     "middle; upper; lower"},
    {"donchian", "Donchian channel", "The highest high and the lowest low of the last bars, and their middle.",
     kOnPrices, "length: int 1..5000 = 20", "",
     "upper = ta.highest({length}); lower = ta.lowest({length}); "
     "middle = math.avg(ta.highest({length}), ta.lowest({length}))"},
    {"ichimoku", "Ichimoku cloud", "Middles of three ranges; the spans are not shifted: the chart draws them ahead.",
     kOnPrices, "conversion: int 1..5000 = 9; base: int 1..5000 = 26; span: int 1..5000 = 52", "",
     "conversion = math.avg(ta.highest({conversion}), ta.lowest({conversion})); "
     "base = math.avg(ta.highest({base}), ta.lowest({base})); "
     "span_a = math.avg(ta.highest({conversion}), ta.lowest({conversion}), ta.highest({base}), ta.lowest({base})); "
     "span_b = math.avg(ta.highest({span}), ta.lowest({span}))"},
    {"kc", "Keltner channels", "An exponential average with bands `mult` average ranges away.", kOnPrices,
     "source: series = close; length: int 1..5000 = 20; mult: float 0..50 = 2; use_true_range: bool = true",
     "ta.kc({source}, {length}, {mult}, {use_true_range})", "middle; upper; lower"},
    {"pivot_point_levels", "Pivot point levels", "Support and resistance made of the period before.", kOnPrices,
     "type: choice Traditional|Fibonacci|Woodie|Classic|DM|Camarilla = Traditional; "
     "period: choice 1D|1W|1M|3M|12M = 1W",
     "",
     "p = array.get(ta.pivot_point_levels(\"{type}\", timeframe.change(\"{period}\")), 0); "
     "r1 = array.get(ta.pivot_point_levels(\"{type}\", timeframe.change(\"{period}\")), 1); "
     "s1 = array.get(ta.pivot_point_levels(\"{type}\", timeframe.change(\"{period}\")), 2); "
     "r2 = array.get(ta.pivot_point_levels(\"{type}\", timeframe.change(\"{period}\")), 3); "
     "s2 = array.get(ta.pivot_point_levels(\"{type}\", timeframe.change(\"{period}\")), 4); "
     "r3 = array.get(ta.pivot_point_levels(\"{type}\", timeframe.change(\"{period}\")), 5); "
     "s3 = array.get(ta.pivot_point_levels(\"{type}\", timeframe.change(\"{period}\")), 6)"},
    {"pivothigh", "Pivot high", "A value with no higher one around it, known `right` bars later.", kOnPrices,
     "source: series = high; left: int 1..5000 = 10; right: int 1..5000 = 5", "ta.pivothigh({source}, {left}, {right})",
     "pivothigh"},
    {"pivotlow", "Pivot low", "A value with no lower one around it, known `right` bars later.", kOnPrices,
     "source: series = low; left: int 1..5000 = 10; right: int 1..5000 = 5", "ta.pivotlow({source}, {left}, {right})",
     "pivotlow"},
    {"sar", "Parabolic stop and reverse", "A trailing stop that accelerates with each new extreme.", kOnPrices,
     "start: float 0..10 = 0.02; increment: float 0..10 = 0.02; maximum: float 0..10 = 0.2",
     "ta.sar({start}, {increment}, {maximum})", "sar"},
    {"supertrend", "Supertrend", "A stop of average true ranges; direction is -1 in an up trend, 1 in a down trend.",
     kOnPrices, "factor: float 0..100 = 3; length: int 1..5000 = 10", "ta.supertrend({factor}, {length})",
     "line; direction"},
    {"vwap", "Volume-weighted average price", "The average price since the period began, with bands.", kOnPrices,
     "source: series = hlc3; period: choice 1D|1W|1M|3M|12M = 1D; mult: float 0..50 = 1",
     "ta.vwap({source}, timeframe.change(\"{period}\"), {mult})", "vwap; upper; lower"},

    // Extremes, ranges and statistics of a window.
    {"cum", "Cumulative sum", "The sum of all values since the first bar.", kOwnPane, "source: series = volume",
     "ta.cum({source})", "cum"},
    {"correlation", "Correlation", "Pearson's coefficient of two series over the last bars.", kOwnPane,
     "source1: series = close; source2: series = volume; length: int 2..5000 = 20",
     "ta.correlation({source1}, {source2}, {length})", "correlation"},
    {"dev", "Mean deviation", "The mean distance from the mean of the last bars.", kOwnPane,
     "source: series = close; length: int 1..5000 = 20", "ta.dev({source}, {length})", "dev"},
    {"highest", "Highest", "The highest value of the last bars.", kOnPrices,
     "source: series = high; length: int 1..5000 = 20", "ta.highest({source}, {length})", "highest"},
    {"highestbars", "Bars since the highest", "Where the highest value of the last bars is: 0, -1, -2, …", kOwnPane,
     "source: series = high; length: int 1..5000 = 20", "ta.highestbars({source}, {length})", "highestbars"},
    {"lowest", "Lowest", "The lowest value of the last bars.", kOnPrices,
     "source: series = low; length: int 1..5000 = 20", "ta.lowest({source}, {length})", "lowest"},
    {"lowestbars", "Bars since the lowest", "Where the lowest value of the last bars is: 0, -1, -2, …", kOwnPane,
     "source: series = low; length: int 1..5000 = 20", "ta.lowestbars({source}, {length})", "lowestbars"},
    {"max", "All-time high", "The highest value since the first bar.", kOnPrices, "source: series = high",
     "ta.max({source})", "max"},
    {"median", "Median", "The middle value of the last bars.", kOnPrices,
     "source: series = close; length: int 1..5000 = 20", "ta.median({source}, {length})", "median"},
    {"min", "All-time low", "The lowest value since the first bar.", kOnPrices, "source: series = low",
     "ta.min({source})", "min"},
    {"mode", "Mode", "The most frequent value of the last bars, of several the least.", kOnPrices,
     "source: series = close; length: int 1..5000 = 20", "ta.mode({source}, {length})", "mode"},
    {"percentile_linear_interpolation", "Percentile, interpolated",
     "The value below which so many percent of the last bars lie, between two of them.", kOnPrices,
     "source: series = close; length: int 1..5000 = 20; percentage: float 0..100 = 50",
     "ta.percentile_linear_interpolation({source}, {length}, {percentage})", "percentile_linear_interpolation"},
    {"percentile_nearest_rank", "Percentile, nearest rank",
     "The value of the last bars below which so many percent of them lie.", kOnPrices,
     "source: series = close; length: int 1..5000 = 20; percentage: float 0..100 = 50",
     "ta.percentile_nearest_rank({source}, {length}, {percentage})", "percentile_nearest_rank"},
    {"percentrank", "Percent rank", "How many percent of the last bars are not above the current one.", kOwnPane,
     "source: series = close; length: int 1..5000 = 100", "ta.percentrank({source}, {length})", "percentrank"},
    {"range", "Range", "The highest less the lowest value of the last bars.", kOwnPane,
     "source: series = close; length: int 1..5000 = 20", "ta.range({source}, {length})", "range"},
    {"stdev", "Standard deviation", "Of the last bars; unbiased divides by one less.", kOwnPane,
     "source: series = close; length: int 1..5000 = 20; biased: bool = true", "ta.stdev({source}, {length}, {biased})",
     "stdev"},
    {"variance", "Variance", "Of the last bars; unbiased divides by one less.", kOwnPane,
     "source: series = close; length: int 1..5000 = 20; biased: bool = true",
     "ta.variance({source}, {length}, {biased})", "variance"},

    // Momentum and trend strength.
    {"ao", "Awesome oscillator", "The difference of two simple averages of the bars' middles.", kOwnPane,
     "fast: int 1..5000 = 5; slow: int 1..5000 = 34", "ta.sma(hl2, {fast}) - ta.sma(hl2, {slow})", "ao"},
    {"cci", "Commodity channel index", "The distance from the average in mean deviations, by 0.015.", kOwnPane,
     "source: series = hlc3; length: int 1..5000 = 20", "ta.cci({source}, {length})", "cci"},
    {"change", "Change", "The value less that of `length` bars before.", kOwnPane,
     "source: series = close; length: int 1..5000 = 1", "ta.change({source}, {length})", "change"},
    {"cmo", "Chande momentum oscillator", "Gains less losses, by their sum, in percent.", kOwnPane,
     "source: series = close; length: int 1..5000 = 9", "ta.cmo({source}, {length})", "cmo"},
    {"cog", "Centre of gravity", "Where the weight of the last bars lies.", kOwnPane,
     "source: series = close; length: int 1..5000 = 10", "ta.cog({source}, {length})", "cog"},
    {"dmi", "Directional movement", "Up and down movement, and the average directional index of both.", kOwnPane,
     "length: int 1..5000 = 14; smoothing: int 1..5000 = 14", "ta.dmi({length}, {smoothing})", "plus; minus; adx"},
    {"macd", "Moving average convergence divergence", "Two exponential averages apart, and the average of that.",
     kOwnPane, "source: series = close; fast: int 1..5000 = 12; slow: int 1..5000 = 26; signal: int 1..5000 = 9",
     "ta.macd({source}, {fast}, {slow}, {signal})", "macd; signal; histogram"},
    {"mom", "Momentum", "The value less that of `length` bars before.", kOwnPane,
     "source: series = close; length: int 1..5000 = 10", "ta.mom({source}, {length})", "mom"},
    {"rci", "Rank correlation index", "Spearman's correlation of values and time, in percent.", kOwnPane,
     "source: series = close; length: int 2..5000 = 10", "ta.rci({source}, {length})", "rci"},
    {"roc", "Rate of change", "The change over `length` bars in percent.", kOwnPane,
     "source: series = close; length: int 1..5000 = 9", "ta.roc({source}, {length})", "roc"},
    {"rsi", "Relative strength index", "Wilder's average gain by the average of gains and losses, in percent.",
     kOwnPane, "source: series = close; length: int 1..5000 = 14", "ta.rsi({source}, {length})", "rsi"},
    {"stoch", "Stochastic", "Where the value lies in the range of the last bars, in percent: %K and its average %D.",
     kOwnPane,
     "source: series = close; high: series = high; low: series = low; length: int 1..5000 = 14; "
     "smooth_k: int 1..5000 = 1; smooth_d: int 1..5000 = 3",
     "",
     "k = ta.sma(ta.stoch({source}, {high}, {low}, {length}), {smooth_k}); "
     "d = ta.sma(ta.sma(ta.stoch({source}, {high}, {low}, {length}), {smooth_k}), {smooth_d})"},
    {"stochrsi", "Stochastic RSI", "Where the relative strength index lies in its own range: %K and its average %D.",
     kOwnPane,
     "source: series = close; rsi_length: int 1..5000 = 14; length: int 1..5000 = 14; "
     "smooth_k: int 1..5000 = 3; smooth_d: int 1..5000 = 3",
     "",
     "k = ta.sma(ta.stoch(ta.rsi({source}, {rsi_length}), ta.rsi({source}, {rsi_length}), "
     "ta.rsi({source}, {rsi_length}), {length}), {smooth_k}); "
     "d = ta.sma(ta.sma(ta.stoch(ta.rsi({source}, {rsi_length}), ta.rsi({source}, {rsi_length}), "
     "ta.rsi({source}, {rsi_length}), {length}), {smooth_k}), {smooth_d})"},
    {"tsi", "True strength index", "Momentum, smoothed twice, by its own size: -1 to 1.", kOwnPane,
     "source: series = close; short: int 1..5000 = 13; long: int 1..5000 = 25", "ta.tsi({source}, {short}, {long})",
     "tsi"},
    {"wpr", "Williams %R", "How far below the high of the last bars the close is, -100 to 0.", kOwnPane,
     "length: int 1..5000 = 14", "ta.wpr({length})", "wpr"},

    // Volatility.
    {"atr", "Average true range", "Wilder's average of the true range.", kOwnPane, "length: int 1..5000 = 14",
     "ta.atr({length})", "atr"},
    {"bbw", "Bollinger band width", "The distance of the bands in percent of their middle.", kOwnPane,
     "source: series = close; length: int 1..5000 = 20; mult: float 0..50 = 2", "ta.bbw({source}, {length}, {mult})",
     "bbw"},
    {"kcw", "Keltner channel width", "The distance of the bands by their middle.", kOwnPane,
     "source: series = close; length: int 1..5000 = 20; mult: float 0..50 = 2; use_true_range: bool = true",
     "ta.kcw({source}, {length}, {mult}, {use_true_range})", "kcw"},
    {"tr", "True range", "The range of the bar, the gap from the bar before included.", kOwnPane,
     "handle_na: bool = true", "ta.tr({handle_na})", "tr"},

    // Volume.
    {"accdist", "Accumulation/distribution", "The sum of volumes, each by where its bar closed in its range.", kOwnPane,
     "", "ta.accdist", "accdist"},
    {"iii", "Intraday intensity index", "Where the bar closed in its range, by its volume.", kOwnPane, "", "ta.iii",
     "iii"},
    {"mfi", "Money flow index", "The relative strength of volume-weighted prices, in percent.", kOwnPane,
     "source: series = hlc3; length: int 1..5000 = 14", "ta.mfi({source}, {length})", "mfi"},
    {"nvi", "Negative volume index", "Changes on bars of falling volume.", kOwnPane, "", "ta.nvi", "nvi"},
    {"obv", "On-balance volume", "The sum of volumes, each with the sign of its bar's change.", kOwnPane, "", "ta.obv",
     "obv"},
    {"pvi", "Positive volume index", "Changes on bars of rising volume.", kOwnPane, "", "ta.pvi", "pvi"},
    {"pvt", "Price-volume trend", "The sum of volumes, each by its bar's relative change.", kOwnPane, "", "ta.pvt",
     "pvt"},
    {"wad", "Williams accumulation/distribution", "The sum of moves from the true low or high.", kOwnPane, "", "ta.wad",
     "wad"},
    {"wvad", "Williams variable accumulation/distribution", "Close less open, by the range, by the volume.", kOwnPane,
     "", "ta.wvad", "wvad"},

    // Events: 1 where it happens, 0 where not.
    {"barssince", "Bars since", "How many bars ago the condition held.", kOwnPane,
     "condition: condition = close > open", "ta.barssince({condition})", "barssince"},
    {"cross", "Cross", "1 where the two series cross, either way.", kOwnPane,
     "source1: series = close; source2: series = ta.sma(close, 20)", "ta.cross({source1}, {source2})", "cross"},
    {"crossover", "Cross over", "1 where the first series goes above the second.", kOwnPane,
     "source1: series = close; source2: series = ta.sma(close, 20)", "ta.crossover({source1}, {source2})", "crossover"},
    {"crossunder", "Cross under", "1 where the first series goes below the second.", kOwnPane,
     "source1: series = close; source2: series = ta.sma(close, 20)", "ta.crossunder({source1}, {source2})",
     "crossunder"},
    {"falling", "Falling", "1 where the value is below all of the last bars before it.", kOwnPane,
     "source: series = close; length: int 1..5000 = 3", "ta.falling({source}, {length})", "falling"},
    {"rising", "Rising", "1 where the value is above all of the last bars before it.", kOwnPane,
     "source: series = close; length: int 1..5000 = 3", "ta.rising({source}, {length})", "rising"},
    {"valuewhen", "Value when", "The value on the bar where the condition last held, or `occurrence` times before.",
     kOnPrices,
     "condition: condition = ta.crossover(close, ta.sma(close, 20)); source: series = close; "
     "occurrence: int 0..1000 = 0",
     "ta.valuewhen({condition}, {source}, {occurrence})", "valuewhen"},
};

}  // namespace

std::span<const IndicatorRow> indicator_rows() { return kRows; }

}  // namespace tradeassist::pine
