import { expect, test } from "vitest";
import {
  decimalsOf,
  formatAgo,
  formatBytes,
  formatCompact,
  formatDuration,
  formatInstant,
  formatNumber,
  formatPlain,
  formatSigned,
  formatSignedPercent,
  formatTime,
  plural,
  sentenceName,
  setNumberLocale,
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

test("moments by the clock of a time zone", () => {
  expect(formatInstant("2026-01-05T14:30:05Z")).toBe("2026-01-05 14:30 UTC");
  expect(formatInstant("2026-01-05T14:30:05.123456789Z", "America/New_York", true)).toBe("2026-01-05 09:30:05 EST");
  // Summer time begins between these two.
  expect(formatInstant("2026-03-08T06:59:00Z", "America/New_York")).toBe("2026-03-08 01:59 EST");
  expect(formatInstant("2026-03-08T07:00:00Z", "America/New_York")).toBe("2026-03-08 03:00 EDT");
  expect(formatInstant("2026-01-05T20:00:00Z", "Asia/Kolkata")).toMatch(/^2026-01-06 01:30 /);
  expect(formatInstant("2026-01-05T00:00:00Z")).toBe("2026-01-05 00:00 UTC");
  expect([formatInstant(null), formatInstant("nonsense")]).toEqual(["–", "–"]);
});

test("how long ago", () => {
  const now = Date.parse("2026-01-05T12:00:00Z");
  expect(formatAgo("2026-01-05T11:59:55Z", now)).toBe("now");
  expect(formatAgo("2026-01-05T11:59:00Z", now)).toBe("1 minute ago");
  expect(formatAgo("2026-01-02T11:00:00Z", now)).toBe("3 days ago");
  expect(formatAgo("2026-01-06T11:00:00Z", now)).toBe("in 23 hours");
  expect(formatAgo(null, now)).toBe("–");
});

test("sizes", () => {
  expect([formatBytes(0), formatBytes(999), formatBytes(1_449_000), formatBytes(2e9), formatBytes(null)]).toEqual(["0 B", "999 B", "1.4 MB", "2.0 GB", "–"]);
});

test("numbers as a language writes them", () => {
  setNumberLocale("de-DE");
  expect([formatNumber(-1234.5), formatBytes(1_449_000)]).toEqual(["−1.234,50", "1,4 MB"]);
  setNumberLocale("en-US");
  expect(formatNumber(-1234.5)).toBe("−1,234.50");
});
