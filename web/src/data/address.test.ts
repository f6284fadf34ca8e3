import { expect, test, vi } from "vitest";

vi.mock("../state/address", () => ({ addressState: () => ({}) }));
const { formatData, isDataStep, kInitialData, parseData } = await import("./address");

test("an empty address is the beginning, and is written as one", () => {
  expect(parseData("")).toEqual(kInitialData);
  expect(formatData(kInitialData)).toBe("");
});

test("everything that is shown is read back from the address", () => {
  const state = {
    ...kInitialData,
    tab: "compare" as const,
    draft: {
      ...kInitialData.draft,
      symbols: ["SPX", "ES.c.0"],
      frequency: "4h",
      range: "absolute" as const,
      start: "2008-01-01",
      end: "2008-06-01 14:30",
      continuous: true,
      roll: "calendar" as const,
      vwap: "rolling" as const,
      quality: false,
    },
    ran: "saved" as const,
    query: "abc",
    saved: 7,
    shown: "SPX",
    view: "table" as const,
    periods: [{ start: "2008-01-01", end: "2008-06-01" }, { start: "", end: "" }, { start: "", end: "" }],
    compared: ["SPX", "GOLD"],
    compareRan: true,
    compareView: "spread" as const,
    search: "a b",
    favourites: true,
    tag: "daily",
  };
  expect(parseData(formatData(state))).toEqual(state);
});

test("nonsense is left out", () => {
  expect(parseData("?range=never&tab=none&view=x&saved=no&roll=x")).toEqual(kInitialData);
});

test("tabs and symbols are steps, typing is none", () => {
  const { draft } = kInitialData;
  expect(isDataStep(kInitialData, { ...kInitialData, tab: "saved" })).toBe(true);
  expect(isDataStep(kInitialData, { ...kInitialData, draft: { ...draft, last: "5" } })).toBe(false);
  expect(isDataStep(kInitialData, { ...kInitialData, shown: "SPX" })).toBe(false);
  expect(isDataStep({ ...kInitialData, shown: "SPX" }, { ...kInitialData, shown: "GOLD" })).toBe(true);
});
