import { expect, test } from "vitest";
import type { BarsInColumns } from "../api/schema";
import { BarCollector, barFlags, joined, type LiveBar, withLive } from "./bars";

function answer(days: readonly number[], more: Partial<BarsInColumns> = {}, columns: object = {}): BarsInColumns {
  const prices = days.map((day) => 100 + day);
  return {
    ...new BarCollector().bars("SPX", "1d"),
    columns: { time: days.map(time), open: prices, high: prices, low: prices, close: prices, volume: days.map(() => 10), ...columns },
    row_count: days.length,
    ...more,
  };
}

const time = (day: number) => `2024-01-${String(day).padStart(2, "0")}T00:00:00Z`;
const gap = (kind: string, from: number, to: number) => ({ kind, from: time(from), to: time(to), bars: to - from, reason: null });

test("answers that follow one another are one, with their gaps together", () => {
  const older = answer([1, 2], { gaps: { calendar: "XNYS", bars_missing: 1, gaps: [gap("missing", 3, 4)] } });
  const newer = answer([4, 5], { last_is_partial: true, gaps: { calendar: "XNYS", bars_missing: 2, gaps: [gap("missing", 6, 8)] } });
  const whole = joined([older, newer]);
  expect(whole?.columns.time).toEqual([1, 2, 4, 5].map(time));
  expect(whole).toMatchObject({ row_count: 4, last_is_partial: true, gaps: { bars_missing: 3 } });
  expect(whole?.gaps?.gaps).toHaveLength(2);
});

test("a column that one of them lacks is not known there; empty ones add nothing", () => {
  const whole = joined([answer([]), answer([1]), answer([2], {}, { vwap: [5] }), answer([])]);
  expect(whole?.columns.vwap).toEqual([null, 5]);
  expect(joined([])).toBeNull();
  expect(joined([answer([], { empty_reason: "nothing" })])?.empty_reason).toBe("nothing");
});

test("rows become columns, whatever each has", () => {
  const collector = new BarCollector();
  const row = { time: time(1), open: 1, high: 2, low: 0.5, close: 1.5, volume: 3 };
  collector.add([row]);
  collector.add([{ ...row, time: time(2), vwap: 1.2 }]);
  const { columns, row_count: count } = collector.bars("SPX", "1d");
  expect(count).toBe(2);
  expect(columns.time).toEqual([time(1), time(2)]);
  expect(columns.vwap).toEqual([null, 1.2]);
});

test("live bars come at the end or correct what is there; older ones are left out", () => {
  const bar = (day: number, close: number): [string, LiveBar] => [time(day), { time: time(day), open: 1, high: 1, low: 1, close, volume: 1 }];
  const live = withLive(answer([5, 6], {}, { vwap: [1, 2] }), new Map([bar(7, 70), bar(6, 60), bar(1, 10)]));
  expect(live.columns.time).toEqual([5, 6, 7].map(time));
  expect(live.columns.close).toEqual([105, 60, 70]);
  expect(live.columns.vwap).toEqual([1, 2, null]);
});

test("flags name what is doubtful about a bar", () => {
  const bars = answer(
    [1, 2, 5, 6],
    { last_is_partial: true, gaps: { calendar: "XNYS", gaps: [gap("missing", 3, 5), gap("closed", 2, 3)] } },
    { filled: [null, "forward", null, null], volume: [1, 0, 1, 1], close: [101, 102, 900, 106] },
  );
  expect(Object.fromEntries(barFlags(bars))).toEqual({
    1: ["filled: forward", "no volume"],
    2: ["inconsistent", "after 2 missing"],
    3: ["partial"],
  });
});
