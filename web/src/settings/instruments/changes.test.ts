import { expect, test } from "vitest";
import { changes } from "./changes";

test("only what differs is told", () => {
  expect(changes({ before: { name: "", tick_size: 0.01, exchange: "" }, after: { name: "S&P 500", tick_size: 0.01, exchange: "" } })).toEqual([
    { field: "Name", before: "empty", after: "S&P 500" },
  ]);
});

test("of an instrument that was made or hidden nothing is repeated", () => {
  expect(changes({ before: null, after: { symbol: "SPX", name: "" } })).toEqual([]);
  expect(changes({ before: { symbol: "SPX" }, after: null })).toEqual([]);
  expect(changes({ before: null, after: null })).toEqual([]);
});

test("a corporate action is told with its values", () => {
  expect(changes({ before: null, after: { corporate_action: { kind: "split", value: 2 } } })).toEqual([
    { field: "Kind", before: null, after: "split" },
    { field: "Value", before: null, after: "2" },
  ]);
});
