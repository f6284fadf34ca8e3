import { expect, test } from "vitest";
import { filterTest } from "./filter";

const passes = (filter: string, value: number | string | null, text = String(value)) => filterTest(filter)?.(value, text) ?? true;

test("nothing written lets everything through", () => {
  expect(filterTest("  ")).toBeNull();
});

test("numbers are compared as numbers, with thousands and a real minus", () => {
  expect(passes("> 1,000", 1200)).toBe(true);
  expect(passes("> 1,000", 999)).toBe(false);
  expect(passes(">= 5", 5)).toBe(true);
  expect(passes("< −2", -3)).toBe(true);
  expect(passes("= 5", 5)).toBe(true);
  expect(passes("!= 5", 5)).toBe(false);
});

test("a range holds its ends", () => {
  expect(passes("10..20", 10)).toBe(true);
  expect(passes("10..20", 20)).toBe(true);
  expect(passes("10..20", 20.5)).toBe(false);
});

test("times are compared as they are shown; the end of a range holds all that begins with it", () => {
  const time = Date.UTC(2008, 8, 15) / 1000;
  expect(passes("2008-09..2008-09", time, "2008-09-15")).toBe(true);
  expect(passes("> 2008-09-15", time, "2008-09-15")).toBe(false);
  expect(passes("2008-09", time, "2008-09-15")).toBe(true);
});

test("what is not known passes no comparison but that it is something else", () => {
  expect(passes("> 0", null, "–")).toBe(false);
  expect(passes("!= 0", null, "–")).toBe(true);
});

test("anything else is looked for in what is shown", () => {
  expect(passes("lon", "long", "Long")).toBe(true);
  expect(passes("short", "long", "Long")).toBe(false);
});
