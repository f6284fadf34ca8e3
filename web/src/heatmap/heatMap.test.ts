import { describe, expect, test } from "vitest";
import type { InputValue, TrialColumns } from "../api/types";
import { buildAxis, buildHeatMap, type HeatMapRequest, variedParameters } from "./heatMap";

function trials(parameters: Record<string, InputValue[]>, objective: (number | null)[]): TrialColumns {
  return { count: objective.length, index: objective.map((_, row) => row + 1), objective, parameters, metrics: {} };
}

// Two values each way; the third parameter puts two trials into the cell (10, 50), one into the others; (20, 60) has
// no value.
const kTrials = trials(
  { fast: [20, 10, 10, 10, 20], slow: [50, 50, 50, 60, 60], stop: [0, 0, 1, 0, 0] },
  [4, 1, 3, -2, null],
);

function request(more: Partial<HeatMapRequest>): HeatMapRequest {
  return {
    x: "fast",
    y: "slow",
    values: kTrials.objective,
    gathering: "best",
    lowerIsBetter: false,
    titleOf: (name) => name,
    ...more,
  };
}

describe("gathering trials into cells", () => {
  test("takes the best of a cell, and remembers which trial it was", () => {
    const map = buildHeatMap(kTrials, request({}));
    expect(map.x.labels).toEqual(["10", "20"]);
    expect(map.y.labels).toEqual(["50", "60"]);
    expect([...map.values]).toEqual([3, 4, -2, Number.NaN]);
    expect([...map.counts]).toEqual([2, 1, 1, 0]);
    expect([...map.bestTrial]).toEqual([2, 0, 3, -1]);
    expect(map).toMatchObject({ minimum: -2, maximum: 4, bestCell: 1 });
  });

  test("takes the mean of a cell", () => {
    const map = buildHeatMap(kTrials, request({ gathering: "mean" }));
    expect([...map.values]).toEqual([2, 4, -2, Number.NaN]);
    expect(map.bestTrial[0]).toBe(2);
  });

  test("looks for the lowest where less is better", () => {
    const map = buildHeatMap(kTrials, request({ lowerIsBetter: true }));
    expect([...map.values]).toEqual([1, 4, -2, Number.NaN]);
    expect([...map.bestTrial]).toEqual([1, 0, 3, -1]);
    expect(map.bestCell).toBe(2);
  });

  test("of trials without a single value is empty", () => {
    const map = buildHeatMap(kTrials, request({ values: [null, null, null, null, null] }));
    expect(map.bestCell).toBe(-1);
    expect([...map.counts]).toEqual([0, 0, 0, 0]);
  });

  test("turns around when the axes are exchanged", () => {
    const map = buildHeatMap(kTrials, request({ x: "slow", y: "fast" }));
    expect([...map.values]).toEqual([3, -2, 4, Number.NaN]);
  });
});

describe("an axis", () => {
  test("sorts numbers as numbers, and texts as texts", () => {
    expect(buildAxis("n", [100, 9, 20]).labels).toEqual(["9", "20", "100"]);
    expect(buildAxis("t", ["SMA", "EMA", "SMA"]).labels).toEqual(["EMA", "SMA"]);
    expect(buildAxis("b", [true, false]).labels).toEqual(["false", "true"]);
  });

  test("of too many whole numbers has ranges of whole numbers, each value in exactly one", () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    const axis = buildAxis("n", values, 30);
    expect(axis.labels[0]).toBe("1 to 4");
    expect(axis.labels.at(-1)).toBe("97 to 100");
    expect(axis.labels).toHaveLength(25);
    expect([...axis.cellOf].map((cell, index) => [values[index], cell]).filter(([, cell]) => cell === 1)).toEqual([
      [5, 1],
      [6, 1],
      [7, 1],
      [8, 1],
    ]);
  });

  test("of too many fractions keeps the largest in the last range", () => {
    const values = Array.from({ length: 50 }, (_, index) => index / 49);
    const axis = buildAxis("n", values, 10);
    expect(axis.labels).toHaveLength(10);
    expect(axis.cellOf.at(-1)).toBe(9);
    expect(axis.cellOf[0]).toBe(0);
  });
});

test("random trials that leave most pairs empty get wider cells", () => {
  const scattered = trials(
    {
      fast: Array.from({ length: 200 }, (_, row) => (row * 37) % 100),
      slow: Array.from({ length: 200 }, (_, row) => (row * 61) % 300),
    },
    Array.from({ length: 200 }, (_, row) => row),
  );
  const map = buildHeatMap(scattered, request({ values: scattered.objective }));
  expect(map.x.labels.length * map.y.labels.length).toBeLessThanOrEqual(scattered.count);
  expect(map.counts.reduce((sum, count) => sum + count, 0)).toBe(scattered.count);
});

test("only parameters that vary are offered as axes", () => {
  expect(variedParameters(trials({ a: [1, 2], b: [3, 3], c: ["x", "y"] }, [1, 2]))).toEqual(["a", "c"]);
});
