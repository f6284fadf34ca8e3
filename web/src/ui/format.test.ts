import { expect, test } from "vitest";
import {
  decimalsOf,
  formatCompact,
  formatDuration,
  formatNumber,
  formatPlain,
  formatSigned,
  formatSignedPercent,
  formatTime,
  plural,
  sentenceName,
  spacedName,
} from "./format";

test("undefined numbers are a dash, never NaN", () => {
  expect(formatNumber(null)).toBe("–");
  expect(formatNumber(Number.NaN)).toBe("–");
  expect(formatSignedPercent(undefined)).toBe("–");
  expect(formatDuration(Infinity)).toBe("–");
});

test("numbers group thousands and carry a real minus", () => {
  expect(formatNumber(-1234567.891)).toBe("−1,234,567.89");
  expect(formatPlain(0.1 + 0.2)).toBe("0.3");
  expect(formatPlain(-12)).toBe("−12");
});

test("gains have a plus, nothing has no sign", () => {
  expect(formatSigned(12.345)).toBe("+12.35");
  expect(formatSigned(0)).toBe("0.00");
  expect(formatSigned(0.001)).toBe("0.00");
  expect(formatSignedPercent(-3)).toBe("−3.00%");
});

test("prices have the decimals of the tick", () => {
  expect(decimalsOf(0.01)).toBe(2);
  expect(decimalsOf(0.25)).toBe(2);
  expect(decimalsOf(1)).toBe(0);
  expect(decimalsOf(0.00001)).toBe(5);
  expect(decimalsOf(1 / 32)).toBe(5);
});

test("volumes are short", () => {
  expect(formatCompact(931_800_000)).toBe("931.8M");
  expect(formatCompact(5_792_140_000)).toBe("5.79B");
  expect(formatCompact(12_340)).toBe("12.34K");
  expect(formatCompact(9_999)).toBe("9,999");
  expect(formatCompact(null)).toBe("–");
});

test("times are UTC, and a day's bar has no time of day", () => {
  expect(formatTime("2000-01-03T00:00:00Z")).toBe("2000-01-03");
  expect(formatTime("2024-03-10T09:30:00-05:00")).toBe("2024-03-10 14:30");
  expect(formatTime("2024-03-10T14:30:05Z")).toBe("2024-03-10 14:30:05");
  expect(formatTime("no time")).toBe("–");
});

test("waiting times have at most two units", () => {
  expect(formatDuration(0.4)).toBe("0 s");
  expect(formatDuration(200)).toBe("3 min 20 s");
  expect(formatDuration(3600 * 5 + 61)).toBe("5 h 1 min");
});

test("names are made readable", () => {
  expect(spacedName("MovingAverageCrossover")).toBe("Moving Average Crossover");
  expect(spacedName("MACDStrategy")).toBe("MACD Strategy");
  expect(spacedName("RSIStrategy")).toBe("RSI Strategy");
  expect(sentenceName("fast_length")).toBe("Fast length");
  expect(plural(1, "trade")).toBe("1 trade");
  expect(plural(1200, "trade")).toBe("1,200 trades");
});
