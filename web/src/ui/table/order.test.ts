import { expect, test } from "vitest";
import { sortedOrder } from "./order";

const kValues = [3, null, -1, Number.NaN, 10, 3];

test("rows without a value come last in either direction", () => {
  const key = (row: number) => kValues[row];
  expect([...sortedOrder(kValues.length, key, true)]).toEqual([4, 0, 5, 2, 1, 3]);
  expect([...sortedOrder(kValues.length, key, false)]).toEqual([2, 0, 5, 4, 1, 3]);
});

test("equal rows keep their order", () => {
  expect([...sortedOrder(4, () => 1, true)]).toEqual([0, 1, 2, 3]);
});

test("texts and yes or no sort too", () => {
  const sides = ["short", "long", "short"];
  expect([...sortedOrder(3, (row) => sides[row], false)]).toEqual([1, 0, 2]);
  expect([...sortedOrder(2, (row) => row === 0, true)]).toEqual([0, 1]);
});

test("rows that are in order are turned around at most", () => {
  const grows = [1, 2, 5, 9];
  expect([...sortedOrder(4, (row) => grows[row], false)]).toEqual([0, 1, 2, 3]);
  expect([...sortedOrder(4, (row) => grows[row], true)]).toEqual([3, 2, 1, 0]);
  expect([...sortedOrder(4, (row) => -(grows[row] ?? 0), true)]).toEqual([0, 1, 2, 3]);
  expect([...sortedOrder(4, (row) => [1, 2, null, 3][row], true)]).toEqual([3, 1, 0, 2]);
});
