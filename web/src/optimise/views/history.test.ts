import { expect, test } from "vitest";
import type { TrialColumns } from "../../api/types";
import { improvements } from "./history";
import { parallelLines } from "./parallel";

const kTrials: TrialColumns = {
  count: 5,
  // Best first, as the server lists them.
  index: [3, 1, 4, 0, 2],
  objective: [9, 5, 4, 3, null],
  parameters: { x: [30, 10, 40, 0, 20], mode: ["b", "a", "a", "b", "b"] },
  metrics: {},
};

test("the best so far follows the trials' own order", () => {
  expect(improvements(kTrials, false).map(({ trial }) => trial)).toEqual([0, 1, 3]);
  expect(improvements(kTrials, true).map(({ trial }) => trial)).toEqual([0]);
});

test("a trial on part of the bars, or that breaks what is required, is never the best", () => {
  expect(improvements({ ...kTrials, bar_share: [0.3, 1, 1, 1, 1] }, false).map(({ trial }) => trial)).toEqual([0, 1]);
  expect(improvements({ ...kTrials, violation: [2, 0, 0, 0, 0] }, false).map(({ trial }) => trial)).toEqual([0, 1]);
});

test("parallel lines end with the objective, the best on top", () => {
  const { axes, lines } = parallelLines(kTrials, ["x", "mode"], false, 3);
  expect(axes).toEqual([
    { name: "x", categories: null },
    { name: "mode", categories: ["a", "b"] },
  ]);
  expect(lines.map(({ values }) => values)).toEqual([
    [40, "a", 4],
    [10, "a", 5],
    [30, "b", 9],
  ]);
});
