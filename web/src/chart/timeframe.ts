import type { Instrument } from "../api/types";

const kUnits: Partial<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_628_003 };

/** The choices offered beside any other that is typed (`90m`, `3d`). */
const kOffered = ["1m", "5m", "15m", "30m", "1h", "2h", "4h", "1d", "2d", "1w", "1M"];

/** Length in seconds, a month as Pine counts it; null when the text is no timeframe. */
export function timeframeSeconds(text: string): number | null {
  const match = /^([1-9]\d{0,4})([smhdwM])$/.exec(text);
  const unit = kUnits[match?.[2] ?? ""];
  return match === null || unit === undefined ? null : Number(match[1]) * unit;
}

export function isIntraday(timeframe: string): boolean {
  return /[smh]$/.test(timeframe);
}

/** What can be shown of an instrument: every offered timeframe that is not finer than what is stored. */
export function availableTimeframes(instrument: Instrument): string[] {
  const stored = instrument.series.map((series) => series.timeframe);
  const finest = Math.min(...stored.map((timeframe) => timeframeSeconds(timeframe) ?? Infinity));
  return [...new Set([...stored, ...kOffered])]
    .filter((timeframe) => (timeframeSeconds(timeframe) ?? 0) >= finest)
    .toSorted((a, b) => (timeframeSeconds(a) ?? 0) - (timeframeSeconds(b) ?? 0));
}

const kUnitNames: Partial<Record<string, string>> = {
  s: "second",
  m: "minute",
  h: "hour",
  d: "day",
  w: "week",
  M: "month",
};

/** `90m` → `90 minutes`. */
export function timeframeName(text: string): string {
  const count = Number.parseInt(text, 10);
  const unit = kUnitNames[text.at(-1) ?? ""];
  return unit === undefined ? text : `${count} ${unit}${count === 1 ? "" : "s"}`;
}
