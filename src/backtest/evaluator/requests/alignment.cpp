#include "backtest/evaluator/requests/alignment.hpp"

#include <algorithm>

namespace tradeassist::backtest {

base::Result<ShownBars> align_aggregated(Chart& chart, const Chart& context, bool gaps, bool lookahead) {
  const market::Series& bars = chart.series();
  const market::Series& higher = context.series();
  ShownBars shown(bars.size(), kNoBar);
  std::size_t inside = 0;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::size_t before = inside;
    while (inside + 1 < higher.size() && higher.time[inside + 1] <= bars.time[i]) ++inside;
    const bool first = i == 0 || inside != before;
    bool closes = false;
    if (i + 1 < bars.size()) {
      closes = inside + 1 < higher.size() && bars.time[i + 1] >= higher.time[inside + 1];
    } else {
      TRY_ASSIGN(closes, chart.closes(i, context.timeframe()));
    }
    if (lookahead) {
      if (!gaps || first) shown[i] = inside;
    } else if (closes) {
      shown[i] = inside;
    } else if (!gaps && inside > 0) {
      shown[i] = inside - 1;
    }
  }
  return shown;
}

ShownBars align_by_time(const Chart& chart, const Chart& context, bool gaps, bool lookahead) {
  const bool dates = chart.is_dated() && context.is_dated();
  const std::vector<BarSpan> bars = chart.spans(dates), others = context.spans(dates);
  const bool finer = context.timeframe().nominal_seconds() < chart.timeframe().nominal_seconds();
  ShownBars shown(bars.size(), kNoBar);
  std::size_t next = 0;  // the first bar of the context that has not opened, or not closed
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::size_t before = next;
    while (next < others.size() && (!lookahead ? others[next].end <= bars[i].end
                                    : finer    ? others[next].start < bars[i].end
                                               : others[next].start <= bars[i].start)) {
      ++next;
    }
    if (next == 0 || (gaps && next == before)) continue;
    shown[i] = next - 1;
    if (!lookahead || !finer) continue;
    std::size_t first = before;
    while (first < next && others[first].start < bars[i].start) ++first;
    if (first < next) {
      shown[i] = first;
    } else if (gaps) {
      shown[i] = kNoBar;
    }
  }
  return shown;
}

std::vector<BarsInside> bars_inside(const Chart& chart, const Chart& context) {
  const bool dates = chart.is_dated() && context.is_dated();
  const std::vector<BarSpan> bars = chart.spans(dates), others = context.spans(dates);
  std::vector<BarsInside> inside(bars.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    while (next < others.size() && others[next].start < bars[i].start) ++next;
    inside[i].first = next;
    while (next < others.size() && others[next].start < bars[i].end) ++next;
    inside[i].last = next;
  }
  return inside;
}

}  // namespace tradeassist::backtest
