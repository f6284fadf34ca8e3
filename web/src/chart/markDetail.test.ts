import { expect, test } from "vitest";
import { markDetail, marksBetween } from "./markDetail";
import type { TradeMark } from "./seriesData";

test("marks lose their text first, then their size, then go", () => {
  expect(markDetail(100, 12)).toBe("text");
  expect(markDetail(500, 12)).toBe("marks");
  expect(markDetail(5000, 200)).toBe("small");
  expect(markDetail(50_000, 5000)).toBe("none");
});

test("marks in view are counted with both ends", () => {
  const marks = [10, 20, 20, 30].map((time) => ({ time }) as TradeMark);
  expect(marksBetween(marks, 10, 30)).toBe(4);
  expect(marksBetween(marks, 20, 20)).toBe(2);
  expect(marksBetween(marks, 21, 29)).toBe(0);
  expect(marksBetween(marks, 31, 99)).toBe(0);
  expect(marksBetween([], 0, 99)).toBe(0);
});
