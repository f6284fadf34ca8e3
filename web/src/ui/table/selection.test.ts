import { expect, test } from "vitest";
import { extendTo, isSelected, kNothing, selectedCount, selectedPlaces, selectOne, toggle } from "./selection";

test("a selection is drawn out from where it began, either way", () => {
  const one = selectOne(5);
  expect(selectedPlaces(extendTo(one, 8))).toEqual([5, 6, 7, 8]);
  expect(selectedPlaces(extendTo(extendTo(one, 8), 3))).toEqual([3, 4, 5]);
});

test("single rows are added, and taken out of the middle", () => {
  const span = extendTo(selectOne(1), 4);
  const without = toggle(span, 2);
  expect(selectedPlaces(without)).toEqual([1, 3, 4]);
  expect(isSelected(without, 2)).toBe(false);
  expect(selectedPlaces(toggle(without, 9))).toEqual([1, 3, 4, 9]);
});

test("a million rows are one span", () => {
  const all = { spans: [[0, 999_999] as const], anchor: 0 };
  expect(selectedCount(all)).toBe(1_000_000);
  expect(selectedCount(kNothing)).toBe(0);
});
