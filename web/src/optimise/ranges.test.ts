import { describe, expect, test } from "vitest";
import type { InputDefinition } from "../api/types";
import { initialRange, readRange, searchSpace, stepCount } from "./ranges";

function input(more: Partial<InputDefinition>): InputDefinition {
  return {
    name: "length",
    title: "Length",
    kind: "int",
    default: 10,
    minimum: 2,
    maximum: 20,
    step: 1,
    options: null,
    group: "",
    tooltip: "",
    ...more,
  };
}

describe("counting the values of a range", () => {
  test("both ends count", () => {
    expect(stepCount(2, 20, 1)).toBe(19);
    expect(stepCount(5, 5, 1)).toBe(1);
    expect(stepCount(1, 10, 4)).toBe(3);
  });

  test("decimal steps reach the end in spite of rounding", () => {
    expect(stepCount(0, 1, 0.1)).toBe(11);
    expect(stepCount(0.1, 0.7, 0.1)).toBe(7);
    expect(stepCount(0, 20, 0.5)).toBe(41);
  });
});

describe("the search space", () => {
  test("is the product of the ranges that vary", () => {
    const definitions = [
      input({ name: "fast" }),
      input({ name: "slow", minimum: 10, maximum: 100, step: 10 }),
      input({ name: "source", kind: "source", default: "close", minimum: null, maximum: null }),
    ];
    const space = searchSpace(definitions, {});
    expect(space.combinations).toBe(19 * 10);
    expect(space.parameters).toEqual([
      { name: "fast", from: 2, to: 20, step: 1 },
      { name: "slow", from: 10, to: 100, step: 10 },
    ]);
  });

  test("is empty when nothing varies", () => {
    const space = searchSpace([input({})], { length: { ...initialRange(input({})), varied: false } });
    expect(space).toMatchObject({ combinations: 0, parameters: [] });
  });

  test("counts chosen options, and keeps their types", () => {
    const average = input({ name: "average", kind: "string", default: "SMA", options: ["SMA", "EMA", "WMA"] });
    const both = input({ name: "both", kind: "bool", default: true });
    const space = searchSpace([average, both], {
      average: { ...initialRange(average), varied: true, values: ["WMA", "SMA"] },
      both: { ...initialRange(both), varied: true },
    });
    expect(space.combinations).toBe(4);
    expect(space.parameters).toEqual([
      { name: "average", values: ["SMA", "WMA"] },
      { name: "both", values: [false, true] },
    ]);
  });

  test("names the field that is wrong", () => {
    const draft = initialRange(input({}));
    const field = (change: object) => {
      const reading = readRange(input({}), { ...draft, ...change });
      return reading.ok ? "none" : reading.field;
    };
    expect(field({})).toBe("none");
    expect(field({ from: "1" })).toBe("from");
    expect(field({ to: "21" })).toBe("to");
    expect(field({ from: "9", to: "8" })).toBe("to");
    expect(field({ step: "0" })).toBe("step");
    expect(field({ step: "0.5" })).toBe("step");
    expect(field({ from: "" })).toBe("from");
  });
});

test("an input without limits starts fixed, with a range around its default to begin from", () => {
  expect(initialRange(input({ minimum: null, maximum: null, step: null }))).toMatchObject({
    varied: false,
    from: "5",
    to: "20",
    step: "1",
  });
  expect(initialRange(input({ kind: "float", default: 2, minimum: null, maximum: null, step: null }))).toMatchObject({
    from: "1",
    to: "4",
    step: "0.2",
  });
});
