import { expect, test } from "vitest";
import { formatBytes, formatMilliseconds, formatNamed, formatSeconds, formatUtc, formatWithUnit, namedTitle } from "./values";

test("sizes and times have units that fit them", () => {
  expect([formatBytes(0), formatBytes(999), formatBytes(360_448), formatBytes(36_221_075_456)]).toEqual(["0 B", "999 B", "360.4 kB", "36.2 GB"]);
  expect([formatSeconds(0), formatSeconds(0.000475), formatSeconds(1.5), formatSeconds(90), formatSeconds(14_400)]).toEqual(["0 s", "0.475 ms", "1.5 s", "1 min 30 s", "4 h"]);
  expect([formatMilliseconds(0), formatMilliseconds(1e-6), formatMilliseconds(2500)]).toEqual(["0 ms", "<0.001 ms", "2.50 s"]);
});

test("what was not measured is never 0", () => {
  for (const format of [formatBytes, formatSeconds, formatMilliseconds, formatUtc]) expect(format(null)).toBe("–");
  expect(formatWithUnit(null, "ms")).toBe("–");
});

test("a component's numbers are read by their names", () => {
  expect([namedTitle("size_bytes"), formatNamed("size_bytes", 5e6)]).toEqual(["Size", "5.00 MB"]);
  expect([namedTitle("bytes_max"), namedTitle("bytes")]).toEqual(["Size at most", "Size"]);
  expect([namedTitle("readers_max"), namedTitle("error_max_seconds")]).toEqual(["Readers at most", "Error at most"]);
  expect(formatNamed("bytes_max", 268_435_456)).toBe("268.4 MB");
  expect([namedTitle("jump_seconds"), formatNamed("cpu_share", 0.0049)]).toEqual(["Jump", "0.5%"]);
  expect(formatNamed("is_synchronised", 0)).toBe("No");
  expect(formatNamed("open_files_max", 20_000)).toBe("20,000");
});

test("units of the server", () => {
  expect(formatWithUnit(34.9, "GB")).toBe("34.9 GB");
  expect(formatWithUnit(0.5, "%")).toBe("0.5%");
  expect(formatWithUnit(12, "1/s")).toBe("12/s");
  expect(formatUtc("2026-11-28T12:04:20.193333548Z")).toBe("2026-11-28 12:04:20 UTC");
});
