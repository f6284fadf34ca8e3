import { describe, expect, test } from "vitest";
import type { TrialColumns } from "../../api/types";
import { importances, ordered } from "./importance";

function trials(columns: Record<string, (number | string)[]>, objective: (number | null)[], more: Partial<TrialColumns> = {}): TrialColumns {
  return { count: objective.length, index: objective.map((_, row) => row), parameters: columns, objective, metrics: {}, ...more };
}

/** 0, 1, 2, … as a small generator that is the same every time. */
function noise(count: number): number[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  });
}

describe("importance", () => {
  test("of the parameter that decides is all, of one that does nothing none", () => {
    const rows = noise(400);
    const fast = rows.map((value) => Math.floor(value * 8));
    const slow = noise(800).slice(400).map((value) => Math.floor(value * 8));
    const found = importances(trials({ fast, slow }, fast.map((value) => value * value)));
    expect(found[0]?.parameter).toBe("fast");
    expect(found[0]?.share).toBeCloseTo(1, 6);
    expect(found[1]?.share).toBeLessThan(0.03);
  });

  test("does not rise by chance with the number of bins", () => {
    const random = noise(300);
    const found = importances(trials({ x: noise(600).slice(300) }, random));
    expect(found[0]?.bins.length).toBe(10);
    expect(found[0]?.share).toBeLessThan(0.05);
  });

  test("knows words as values, and leaves out what never varied", () => {
    const found = importances(trials({ mode: ["a", "b", "a", "b", "a", "b"], fixed: [1, 1, 1, 1, 1, 1] }, [1, 5, 1.1, 5.1, 0.9, 4.9]));
    expect(found.map(({ parameter }) => parameter)).toEqual(["mode"]);
    expect(found[0]?.share).toBeGreaterThan(0.95);
    expect(found[0]?.bins.find(({ label }) => label === "b")?.mean).toBeCloseTo(5);
  });

  test("counts only trials on all bars that have a value", () => {
    const found = importances(trials({ x: [1, 2, 1, 2, 1, 2] }, [1, 2, 1, 2, 99, null], { bar_share: [1, 1, 1, 1, 0.5, 1] }));
    expect(found[0]?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });

  test("of no trials is nothing", () => {
    expect(importances(trials({ x: [1, 2] }, [null, null]))).toEqual([]);
  });

  test("shows bins as the values go", () => {
    expect(ordered([{ label: "10 to below 20", mean: 1, count: 1 }, { label: "9", mean: 1, count: 1 }]).map(({ label }) => label)).toEqual([
      "9",
      "10 to below 20",
    ]);
  });
});
