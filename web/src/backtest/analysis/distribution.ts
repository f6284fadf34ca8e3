// Trades counted: by how much they made, how long they lasted, and when they began.

import type { Trade } from "../../api/types";

export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const kBins = 24;

/** Bins of equal width whose edges are round; where values lie on both sides of zero, zero is an edge. */
export function histogram(values: readonly number[], most = kBins): HistogramBin[] {
  if (values.length === 0) return [];
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((large, value) => Math.max(large, value), -Infinity);
  const width = roundWidth((high - low) / most);
  const first = Math.floor(low / width);
  const last = Math.max(first, Math.ceil(high / width) - 1);
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const value of values) {
    const bin = Math.min(counts.length - 1, Math.max(0, Math.floor(value / width) - first));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count, bin) => ({ from: tidy((first + bin) * width), to: tidy((first + bin + 1) * width), count }));
}

/** The next 1, 2 or 5 times a power of ten, so that no more bins come of it. */
function roundWidth(width: number): number {
  if (width <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const lead = [1, 2, 5, 10].find((step) => step * power >= width * (1 - 1e-9)) ?? 10;
  return lead * power;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** Of closed trades, in hours. */
export function durationHours(trade: Trade): number | null {
  return trade.exit_time === null ? null : (Date.parse(trade.exit_time) - Date.parse(trade.entry_time)) / 3_600_000;
}

export interface Share {
  readonly label: string;
  readonly count: number;
  readonly won: number;
  readonly profit: number;
}

const kDays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Closed trades by the weekday on which they began, UTC; weekends only where there are any. */
export function byWeekday(trades: readonly Trade[]): Share[] {
  const groups = gathered(trades, (time) => (time.getUTCDay() + 6) % 7);
  return kDays.flatMap((label, day) => {
    const group = groups.get(day);
    return group === undefined && day > 4 ? [] : [{ label, ...(group ?? kNothing) }];
  });
}

/** Closed trades by the hour in which they began, UTC. */
export function byHour(trades: readonly Trade[]): Share[] {
  const groups = gathered(trades, (time) => time.getUTCHours());
  return Array.from({ length: 24 }, (_, hour) => ({ label: `${String(hour).padStart(2, "0")}:00`, ...(groups.get(hour) ?? kNothing) }));
}

const kNothing = { count: 0, won: 0, profit: 0 };

function gathered(trades: readonly Trade[], of: (time: Date) => number): Map<number, typeof kNothing> {
  const groups = new Map<number, typeof kNothing>();
  for (const trade of trades) {
    if (trade.exit_time === null) continue;
    const key = of(new Date(trade.entry_time));
    const { count, won, profit } = groups.get(key) ?? kNothing;
    groups.set(key, { count: count + 1, won: won + (trade.profit > 0 ? 1 : 0), profit: profit + trade.profit });
  }
  return groups;
}
