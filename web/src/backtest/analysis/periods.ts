// Returns by calendar month, from the equity curve; UTC.

import type { EquityCurve } from "../../api/types";

export interface YearReturns {
  readonly year: number;
  /** Percent by month, January first; null: the run had no bars in it. */
  readonly months: readonly (number | null)[];
  readonly total: number;
}

/**
 * Each month from the last equity of the month before to its own last. The curve may be thinned out, so that a month
 * ends at its last point that is there. The first month begins with the first point.
 */
export function monthlyReturns(curve: Pick<EquityCurve, "time" | "equity">): YearReturns[] {
  const ends = new Map<string, { year: number; month: number; equity: number }>();
  curve.time.forEach((time, index) => {
    const equity = curve.equity[index];
    if (equity === undefined || equity === null) return;
    const year = Number(time.slice(0, 4));
    const month = Number(time.slice(5, 7)) - 1;
    ends.set(`${year}-${month}`, { year, month, equity });
  });
  const years = new Map<number, { months: (number | null)[]; from: number; to: number }>();
  let before = curve.equity.find((value) => value !== null);
  if (before === undefined) return [];
  for (const { year, month, equity } of ends.values()) {
    const entry = years.get(year) ?? { months: Array.from({ length: 12 }, () => null), from: before, to: equity };
    entry.months[month] = change(before, equity);
    entry.to = equity;
    years.set(year, entry);
    before = equity;
  }
  return [...years].map(([year, { months, from, to }]) => ({ year, months, total: change(from, to) }));
}

function change(from: number, to: number): number {
  return from > 0 ? (to / from - 1) * 100 : 0;
}
