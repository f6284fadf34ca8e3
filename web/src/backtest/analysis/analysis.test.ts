import { describe, expect, test } from "vitest";
import type { Trade } from "../../api/types";
import { byHour, byWeekday, durationHours, histogram } from "./distribution";
import { monthlyReturns } from "./periods";

describe("monthly returns", () => {
  test("begin where the month before ended, and compound to the year", () => {
    const years = monthlyReturns({
      time: ["2020-11-30T00:00:00Z", "2020-12-31T00:00:00Z", "2021-01-29T00:00:00Z", "2021-02-01T00:00:00Z", "2021-02-26T00:00:00Z"],
      equity: [100, 110, 121, 100, 108.9],
    });
    expect(years.map(({ year }) => year)).toEqual([2020, 2021]);
    expect(years[0]?.months[10]).toBeCloseTo(0);
    expect(years[0]?.months[11]).toBeCloseTo(10);
    expect(years[1]?.months[0]).toBeCloseTo(10);
    expect(years[1]?.months[1]).toBeCloseTo(-10);
    expect(years[1]?.total).toBeCloseTo(-1);
    expect(years[1]?.months[2]).toBeNull();
  });

  test("of no curve are none", () => {
    expect(monthlyReturns({ time: [], equity: [] })).toEqual([]);
  });
});

describe("a histogram", () => {
  test("has round edges, zero among them, and counts every value once", () => {
    const values = [-3.2, -0.1, 0, 0.4, 2, 7.9];
    const bins = histogram(values);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
    expect(bins.some(({ from }) => from === 0)).toBe(true);
    expect(bins.length).toBeLessThanOrEqual(25);
    expect(bins[0]?.from).toBeLessThanOrEqual(-3.2);
    expect(bins.at(-1)?.to).toBeGreaterThanOrEqual(7.9);
  });

  test("of equal values is one bin, of none empty", () => {
    expect(histogram([5, 5]).map(({ count }) => count)).toEqual([2]);
    expect(histogram([])).toEqual([]);
  });
});

describe("times", () => {
  const trade = (entry_time: string, exit_time: string | null, profit: number) => ({ entry_time, exit_time, profit }) as Trade;
  const trades = [
    trade("2020-01-06T09:30:00Z", "2020-01-06T15:30:00Z", 10),
    trade("2020-01-13T09:45:00Z", "2020-01-14T09:45:00Z", -4),
    trade("2020-01-07T23:59:59Z", null, 99),
  ];

  test("weekdays count closed trades by their entry, UTC", () => {
    expect(byWeekday(trades)).toMatchObject([{ label: "Monday", count: 2, won: 1, profit: 6 }, { label: "Tuesday", count: 0 }, {}, {}, {}]);
  });

  test("hours are all there", () => {
    const hours = byHour(trades);
    expect(hours.length).toBe(24);
    expect(hours[9]).toEqual({ label: "09:00", count: 2, won: 1, profit: 6 });
  });

  test("an open trade has no length", () => {
    expect(trades.map(durationHours)).toEqual([6, 24, null]);
  });
});
