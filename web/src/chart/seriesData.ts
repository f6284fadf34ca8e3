// From the server's columns to what the chart draws. Pure, so that it can be tested without a canvas.

import type { UTCTimestamp } from "lightweight-charts";
import type { BarsInColumns } from "../api/schema";
import type { Plot, Trade } from "../api/types";

export interface ChartBars {
  /** Bar starts, seconds since 1970 UTC, ascending. */
  readonly time: readonly UTCTimestamp[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  readonly volume: readonly (number | null)[];
}

export function toSeconds(time: string): UTCTimestamp {
  return (Date.parse(time) / 1000) as UTCTimestamp;
}

export function chartBars(bars: BarsInColumns): ChartBars {
  const { time, open, high, low, close, volume } = bars.columns;
  const places = [...time.keys()];
  // A price that is not known is no bar of a chart.
  const known = places.filter((bar) => open[bar] !== null && high[bar] !== null && low[bar] !== null && close[bar] !== null);
  const pick = (column: readonly (number | null)[]) => (known.length === time.length ? column : known.map((bar) => column[bar])) as number[];
  return {
    time: known.map((bar) => toSeconds(time[bar] as string)),
    open: pick(open),
    high: pick(high),
    low: pick(low),
    close: pick(close),
    volume: known.length === time.length ? volume : known.map((bar) => volume[bar] ?? null),
  };
}

/** Index of the bar that holds `time`: the last one that starts at or before it; -1 before the first. */
export function barIndexAt(time: readonly number[], at: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((time[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Where the run's first bar lies on the chart: the run may have started before the first bar shown (negative) or
 * after it. Both ends of the run are tried, because a long run begins before what is loaded. null: no overlap.
 */
export function runOffset(
  time: readonly number[],
  run: { bar_count: number; first_time: string | null; last_time: string | null },
): number | null {
  if (run.last_time !== null) {
    const last = toSeconds(run.last_time);
    const index = barIndexAt(time, last);
    if (index >= 0 && time[index] === last) return index - (run.bar_count - 1);
  }
  if (run.first_time !== null) {
    const first = toSeconds(run.first_time);
    const index = barIndexAt(time, first);
    if (index >= 0 && time[index] === first) return index;
  }
  return null;
}

export interface PlotPoint {
  time: UTCTimestamp;
  value?: number;
  color?: string;
}

/** Where a plot has its value for a bar of the chart; `offset` as runOffset() says. */
export function plotIndex(plot: Plot, bar: number, offset: number): number {
  return bar - offset - plot.time_offset - plot.first_bar;
}

export function plotValue(plot: Plot, bar: number, offset: number): number | null {
  return plot.values[plotIndex(plot, bar, offset)] ?? null;
}

/** A plot's own colour on a bar: null is none, undefined is for the page to choose. */
export function plotColorAt(plot: Plot, bar: number, offset: number): string | null | undefined {
  if (plot.colors === null) return plot.color === null ? undefined : plotColor(plot.color, "transparent");
  const place = plot.colors.index[plotIndex(plot, bar, offset)] ?? null;
  return place === null ? null : plotColor(plot.colors.palette[place] ?? null, "transparent");
}

/** A plot's values on the chart's bars. A value after a gap starts a new stroke: the bridge to it is not drawn. */
export function plotPoints(time: readonly UTCTimestamp[], plot: Plot, offset: number): PlotPoint[] {
  const points: PlotPoint[] = [];
  let gap = false;
  for (let bar = 0; bar < time.length; ++bar) {
    const value = plotValue(plot, bar, offset);
    const at = time[bar] as UTCTimestamp;
    if (value === null) {
      gap = points.length > 0;
      continue;
    }
    const color = gap ? "transparent" : plot.colors === null ? undefined : (plotColorAt(plot, bar, offset) ?? "transparent");
    points.push(color === undefined ? { time: at, value } : { time: at, value, color });
    gap = false;
  }
  return points;
}

export interface TradeMark {
  time: UTCTimestamp;
  position: "aboveBar" | "belowBar";
  shape: "arrowUp" | "arrowDown" | "circle";
  role: "long" | "short" | "gain" | "loss";
  text: string;
}

/** Entries as arrows in the trade's direction, exits as dots in the colour of the outcome; ascending by time. */
export function tradeMarks(time: readonly number[], trades: readonly Trade[]): TradeMark[] {
  const first = time[0];
  const last = time.at(-1);
  if (first === undefined || last === undefined) return [];
  const marks: TradeMark[] = [];
  const onChart = (at: number) => at >= first && at <= last;
  for (const trade of trades) {
    const long = trade.side === "long";
    const entry = toSeconds(trade.entry_time);
    if (onChart(entry)) {
      marks.push({
        time: entry,
        position: long ? "belowBar" : "aboveBar",
        shape: long ? "arrowUp" : "arrowDown",
        role: long ? "long" : "short",
        text: `${long ? "Long" : "Short"} ${trade.number}`,
      });
    }
    if (trade.exit_time === null) continue;
    const exit = toSeconds(trade.exit_time);
    if (onChart(exit)) {
      marks.push({
        time: exit,
        position: long ? "aboveBar" : "belowBar",
        shape: "circle",
        role: trade.profit >= 0 ? "gain" : "loss",
        text: "",
      });
    }
  }
  return marks.toSorted((a, b) => a.time - b.time);
}

/** `#RRGGBBAA` or `#RRGGBB` as the canvas takes it. */
export function plotColor(color: string | null, fallback: string): string {
  return color !== null && /^#([\da-f]{6}|[\da-f]{8})$/i.test(color) ? color : fallback;
}
