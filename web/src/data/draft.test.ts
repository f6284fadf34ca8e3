import { expect, test } from "vitest";
import { barOptions, draftErrors, draftOf, kInitialDraft, type QueryDraft, requestOf, symbolsIn } from "./draft";

const draft = (change: Partial<QueryDraft> = {}): QueryDraft => ({ ...kInitialDraft, symbols: ["SPX"], ...change });

test("a plain question asks for the newest bars", () => {
  expect(draftErrors(draft())).toEqual(new Map());
  expect(requestOf(draft())).toEqual({ symbols: ["SPX"], frequency: "1d", last: 1000, quality: true });
});

test("each kind of range is written as the server takes it", () => {
  expect(requestOf(draft({ range: "preset", preset: "ytd" }))).toMatchObject({ preset: "ytd" });
  expect(requestOf(draft({ range: "relative", relative: "6", relativeUnit: "weeks" }))).toMatchObject({ relative: { weeks: 6 } });
  expect(requestOf(draft({ range: "absolute", start: "2008-01-01", end: "2008-06-01 14:30" }))).toMatchObject({
    start: "2008-01-01",
    end: "2008-06-01T14:30:00Z",
  });
});

test("errors stand at the server's pointers", () => {
  const errors = draftErrors({ ...kInitialDraft, frequency: "7x", last: "0", vwap: "anchored" });
  expect([...errors.keys()]).toEqual(["/symbols", "/frequency", "/last", "/vwap"]);
  expect(draftErrors(draft({ range: "absolute", start: "2009-01-01", end: "2008-01-01" })).get("/end")).toContain("before it begins");
  expect(draftErrors(draft({ symbols: Array.from({ length: 51 }, (_, index) => `S${index}`) })).get("/symbols")).toContain("At most 50");
  expect(draftErrors(draft({ continuous: true, priceAdjustment: "splits" })).has("/price_adjustment")).toBe(true);
});

test("a request is read back as the draft that it was made of", () => {
  const drafts = [
    draft({ continuous: true, rank: "1", roll: "calendar", rollDays: "8", adjustment: "ratio" }),
    draft({ range: "relative", relative: "3", relativeUnit: "months", fill: "forward", quality: false, gaps: false }),
    draft({ range: "absolute", start: "2008-01-01", end: "2008-06-01 14:30", priceAdjustment: "splits", factors: true }),
    draft({ vwap: "rolling", vwapBars: "50", source: "csv", assetClass: "index" }),
    draft({ vwap: "anchored", vwapFrom: "2008-09-15 13:30" }),
    draft({ provider: true, extendedHours: true, range: "preset", preset: "5y" }),
  ];
  for (const each of drafts) expect(draftOf(requestOf(each))).toEqual(each);
  expect(draftOf(null)).toEqual({ ...kInitialDraft, range: "absolute", quality: false });
});

test("a query in the background streams its bars", () => {
  expect(requestOf(draft(), true)).toMatchObject({ background: true, stream: true });
});

test("bars are asked for with the same options", () => {
  expect(barOptions(draft({ continuous: true, roll: "volume", vwap: "session", fill: "forward" }))).toEqual({
    adjustment: "none",
    roll: "volume",
    fill: "forward",
    vwap: "session",
  });
});

test("symbols are pasted in any usual way", () => {
  expect(symbolsIn(" SPY, QQQ;IWM\nSPY ")).toEqual(["SPY", "QQQ", "IWM"]);
});
