import { expect, test } from "vitest";
import { compareErrors, compareRequest, returnPairs } from "./compare";
import { kInitialDraft } from "./draft";

test("instruments are compared over the range of the form", () => {
  expect(compareErrors(kInitialDraft, ["A"], null).get("/symbols")).toContain("2 to 10");
  expect(compareErrors(kInitialDraft, ["A", "B"], null)).toEqual(new Map());
  expect(compareRequest(kInitialDraft, ["A", "B"], null)).toEqual({ symbols: ["A", "B"], frequency: "1d", last: 1000 });
});

test("periods of one instrument have ranges of their own", () => {
  const periods = [{ start: "2008-01-01", end: "2008-02-01" }, { start: "2009-02-01", end: "2009-01-01" }];
  const draft = { ...kInitialDraft, last: "" };
  expect([...compareErrors(draft, ["A"], periods).keys()]).toEqual(["/periods/1"]);
  expect(compareErrors(draft, ["A", "B"], periods).has("/symbol")).toBe(true);
  expect(compareRequest(draft, ["A"], periods)).toEqual({ symbol: "A", periods, frequency: "1d" });
});

test("returns are of bars where both prices are known and above 0", () => {
  const pairs = returnPairs([100, 110, null, 120, 121], [50, 55, 56, 57, 0]);
  expect(pairs).toHaveLength(1);
  expect(pairs[0]?.[0]).toBeCloseTo(9.531, 3);
});
