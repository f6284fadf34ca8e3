// How much of the trades is drawn: what cannot be told apart any more only hides the prices.

import { barIndexAt, type TradeMark } from "./seriesData";

export type MarkDetail = "text" | "marks" | "small" | "none";

export function markDetail(barsInView: number, marksInView: number): MarkDetail {
  if (marksInView > 400) return "none";
  if (marksInView > 100) return "small";
  return barsInView <= 120 ? "text" : "marks";
}

/** How many marks, ascending by time, lie from one moment to another. */
export function marksBetween(marks: readonly TradeMark[], from: number, to: number): number {
  const times = marks.map((mark) => mark.time);
  return barIndexAt(times, to) - barIndexAt(times, from - 1);
}
