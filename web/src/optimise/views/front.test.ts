import { expect, test } from "vitest";
import { paretoFront } from "./front";

test("the front has what no other beats in both", () => {
  const first = { values: [5, 4, 3, 4, 1], lowerIsBetter: false };
  const second = { values: [1, 3, 2, 2, 5], lowerIsBetter: false };
  expect(paretoFront(first, second)).toEqual([0, 1, 4]);
});

test("less can be better", () => {
  const profit = { values: [10, 20, 30, 30], lowerIsBetter: false };
  const drawdown = { values: [1, 5, 9, 8], lowerIsBetter: true };
  expect(paretoFront(profit, drawdown)).toEqual([3, 1, 0]);
});

test("trials without a value are in no front, and equal ones once", () => {
  const first = { values: [null, 2, 2, Number.NaN], lowerIsBetter: false };
  const second = { values: [9, 3, 3, 9], lowerIsBetter: false };
  expect(paretoFront(first, second)).toEqual([1]);
  expect(paretoFront({ values: [], lowerIsBetter: false }, { values: [], lowerIsBetter: true })).toEqual([]);
});
