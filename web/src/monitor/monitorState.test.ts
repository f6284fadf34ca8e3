import { expect, test } from "vitest";
import { formatMonitor, monitorStep, parseMonitor } from "./monitorState";

test("an address is read again as it was written", () => {
  for (const search of ["", "tab=trends&range=7d", "tab=alerts&view=history&alert=12", "tab=errors&errors=ignored"]) {
    expect(formatMonitor(parseMonitor(search))).toBe(search);
  }
});

test("what is not known is left out", () => {
  expect(formatMonitor(parseMonitor("?tab=odd&range=2y&alert=x"))).toBe("");
});

test("Back returns from another tab or range, not from another measurement", () => {
  const start = parseMonitor("");
  expect(monitorStep(start, { ...start, range: "1h" })).toBe(true);
  expect(monitorStep(start, { ...start, measure: "read" })).toBe(false);
});
