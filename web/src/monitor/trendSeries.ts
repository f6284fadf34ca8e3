import type { TrendPoint } from "../api/schema";
import type { Range } from "./monitorState";

const kHour = 3_600_000;

interface RangeFacts {
  readonly title: string;
  readonly milliseconds: number;
  /** The server keeps points a minute for a week, and points an hour for a year. */
  readonly resolution: "minute" | "hour";
}

export const kRangeFacts: Record<Range, RangeFacts> = {
  "1h": { title: "Last hour", milliseconds: kHour, resolution: "minute" },
  "6h": { title: "Last 6 hours", milliseconds: 6 * kHour, resolution: "minute" },
  "24h": { title: "Last 24 hours", milliseconds: 24 * kHour, resolution: "minute" },
  "7d": { title: "Last 7 days", milliseconds: 7 * 24 * kHour, resolution: "hour" },
  "30d": { title: "Last 30 days", milliseconds: 30 * 24 * kHour, resolution: "hour" },
};

export type ChartPoint = readonly [time: number, value: number | null];

export interface TrendLines {
  readonly mean: ChartPoint[];
  readonly minimum: ChartPoint[];
  /** From the minimum to the maximum, to be stacked on it. */
  readonly spread: ChartPoint[];
}

/** Lines of a trend; where points are missing, as while no server ran, they break rather than pretend. */
export function trendLines(points: readonly TrendPoint[], resolution: "minute" | "hour"): TrendLines {
  const step = resolution === "minute" ? 60_000 : kHour;
  const lines: TrendLines = { mean: [], minimum: [], spread: [] };
  let before: number | null = null;
  for (const point of points) {
    const at = Date.parse(point.at);
    if (before !== null && at - before > 1.5 * step) {
      for (const line of [lines.mean, lines.minimum, lines.spread]) line.push([before + step, null]);
    }
    lines.mean.push([at, point.mean]);
    lines.minimum.push([at, point.minimum]);
    lines.spread.push([at, point.maximum - point.minimum]);
    before = at;
  }
  return lines;
}
