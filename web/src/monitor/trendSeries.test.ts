import { expect, test } from "vitest";
import { trendLines } from "./trendSeries";

const point = (minute: number, mean: number) => ({
  at: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  count: 6,
  minimum: mean - 1,
  mean,
  maximum: mean + 2,
});

test("lines break where no server ran", () => {
  const { mean, minimum, spread } = trendLines([point(0, 5), point(1, 6), point(10, 7)], "minute");
  expect(mean.map(([, value]) => value)).toEqual([5, 6, null, 7]);
  expect(minimum.map(([, value]) => value)).toEqual([4, 5, null, 6]);
  expect(spread.map(([, value]) => value)).toEqual([3, 3, null, 3]);
});

test("an hour between points is no gap of hours", () => {
  expect(trendLines([point(0, 5), point(60, 6)], "hour").mean).toHaveLength(2);
  expect(trendLines([], "hour").mean).toEqual([]);
});
