import { expect, test } from "vitest";
import type { Instrument } from "../api/types";
import { availableTimeframes, isIntraday, timeframeName, timeframeSeconds } from "./timeframe";

test("minutes and months differ by case alone", () => {
  expect(timeframeSeconds("1m")).toBe(60);
  expect(timeframeSeconds("1M")).toBe(2_628_003);
  expect(timeframeSeconds("90m")).toBe(5400);
  for (const text of ["", "1", "m", "0m", "1x", "-1d", "1.5h"]) expect(timeframeSeconds(text), text).toBeNull();
  expect(isIntraday("4h")).toBe(true);
  expect(isIntraday("1M")).toBe(false);
});

test("only timeframes that the stored bars can make are offered", () => {
  const stored = { source: "", row_count: 1, first_time: null, last_time: null, corrections: 0, last_append_time: null };
  const instrument = { series: [{ ...stored, timeframe: "1d" }] } as Instrument;
  expect(availableTimeframes(instrument)).toEqual(["1d", "2d", "1w", "1M"]);
  const minutes = { series: [{ ...stored, timeframe: "3m" }] } as Instrument;
  expect(availableTimeframes(minutes).slice(0, 3)).toEqual(["3m", "5m", "15m"]);
});

test("timeframes have names", () => {
  expect(timeframeName("1d")).toBe("1 day");
  expect(timeframeName("90m")).toBe("90 minutes");
});
