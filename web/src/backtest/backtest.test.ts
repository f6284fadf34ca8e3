import { expect, test } from "vitest";
import type { BacktestResult, Metrics } from "../api/types";
import { describe as inWords, leftOut } from "./describe";
import { drawdownPercent } from "./drawdown";
import { formatMetricNamed, metricTitle, otherMetrics } from "./metrics";

function result(metrics: Metrics): BacktestResult {
  return {
    strategy: "S",
    symbol: "SPX",
    timeframe: "1d",
    bar_count: 2,
    first_time: "2000-01-03T00:00:00Z",
    last_time: "2020-01-03T00:00:00Z",
    metrics,
    trades: [],
    trades_truncated: false,
    equity: { time: [], equity: [], buy_and_hold: [] },
    no_trades_reasons: [],
    warnings: [],
    messages: [],
    messages_left_out: 0,
  };
}

test("what the report left out is said, and nothing when it is whole", () => {
  expect(leftOut(result({}))).toEqual([]);
  expect(leftOut({ ...result({}), plot_bars_left_out: 1200, drawing_parts_left_out: 1, messages_left_out: 3 })).toEqual([
    "The oldest 1,200 bars of the plots are not shown: there are too many.",
    "1 point or cell of drawings is not shown: there are too many.",
    "3 messages are not shown: there are too many.",
  ]);
});

test("the result is said in words, against doing nothing", () => {
  const words = inWords(
    result({
      net_profit_percent: 12.3,
      buy_and_hold_return_percent: 95.6,
      max_drawdown_percent: 40.9,
      total_closed_trades: 137,
      percent_profitable: 29.9,
    }),
  ).join(" ");
  expect(words).toContain("+12.30% over 20.0 years");
  expect(words).toContain("+95.60%, so the strategy did worse");
  expect(words).toContain("40.90% below its peak");
  expect(words).toContain("30% of 137 closed trades won");
  expect(words).not.toContain("chance");
});

test("few trades are said to prove nothing", () => {
  expect(inWords(result({ total_closed_trades: 4, percent_profitable: 75 })).join(" ")).toContain("chance alone");
});

test("drawdown is measured from the highest value so far", () => {
  expect(drawdownPercent([100, 120, 90, 120, 150, 75])).toEqual([0, 0, -25, 0, 0, -50]);
  expect(drawdownPercent([100, 200, 100, 75, 50], 2)).toEqual([0, 0, 0, -25, -50]);
  expect(drawdownPercent([])).toEqual([]);
  expect(drawdownPercent([-5, -10])).toEqual([0, 0]);
});

test("metrics that the page does not know are shown by their name", () => {
  expect(otherMetrics({ net_profit: 1, net_profit_percent: 1, ulcer_index: 2, sharpe_ratio: null })).toContain("ulcer_index");
  expect(otherMetrics({ net_profit: 1, net_profit_percent: 1 })).toEqual([]);
  expect(metricTitle("ulcer_index")).toBe("Ulcer index");
  expect(metricTitle("net_profit_percent")).toBe("Net profit, %");
  expect(formatMetricNamed("net_profit_percent", 3)).toBe("+3.00%");
});
