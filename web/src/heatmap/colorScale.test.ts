import { expect, test } from "vitest";
import { colorAt, colorScale } from "./colorScale";

test("zero has the neutral colour when gains and losses meet", () => {
  const scale = colorScale(-1, 3, "light");
  expect(colorAt(scale, 0)).toEqual([240, 241, 244]);
  expect(colorAt(scale, 3)).toEqual([3, 102, 84]);
  // A loss of 1 beside a gain of 3 is a weak colour: both sides have the same measure.
  expect(colorAt(scale, -3)).toEqual([178, 24, 43]);
  expect(colorAt(scale, -1)).not.toEqual([178, 24, 43]);
});

test("values of one sign run from pale to strong", () => {
  const scale = colorScale(2, 5, "light");
  expect(colorAt(scale, 2)).toEqual([236, 240, 251]);
  expect(colorAt(scale, 5)).toEqual([27, 38, 102]);
  expect(colorAt(scale, 3)).toEqual([148, 171, 240]);
  expect(colorAt(scale, 99)).toEqual([27, 38, 102]);
});

test("a single value is a colour, not a division by zero", () => {
  expect(colorAt(colorScale(2, 2, "dark"), 2).every(Number.isFinite)).toBe(true);
});
