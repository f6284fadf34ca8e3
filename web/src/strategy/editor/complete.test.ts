import { describe, expect, test } from "vitest";
import { kFunctions } from "./builtins";
import { openCall, ownNames, parametersOf, signatures } from "./complete";

describe("the call around the cursor", () => {
  test("is the innermost that is open, with its argument", () => {
    expect(openCall("x = ta.sma(close, ")).toMatchObject({ name: "ta.sma", argument: 1, named: null });
    expect(openCall("plot(ta.ema(close, 5), ")).toMatchObject({ name: "plot", argument: 1 });
    expect(openCall("plot(ta.ema(close, 5))")).toBeNull();
    expect(openCall("strategy.entry(\"a\", direction = strat")).toMatchObject({ name: "strategy.entry", argument: 1, named: "direction" });
    expect(openCall("array.from([1, 2], ")).toMatchObject({ name: "array.from", argument: 1 });
  });

  test("is not misled by texts and comments", () => {
    expect(openCall("label.new(bar_index, high, \"a, (b\", ")).toMatchObject({ name: "label.new", argument: 3 });
    expect(openCall("plot(close) // ta.sma(")).toBeNull();
    expect(openCall("plot( // why\n close, ")).toMatchObject({ name: "plot", argument: 1 });
  });
});

describe("signatures", () => {
  test("name their parameters", () => {
    expect(parametersOf("(source: float, length: int = 1, anchor?: bool) → float")).toEqual(["source", "length", "anchor"]);
    expect(parametersOf("(defval, title, minval)")).toEqual(["defval", "title", "minval"]);
    expect(parametersOf("()")).toEqual([]);
    expect(parametersOf("(id: map<K, V>, key: K) → V")).toEqual(["id", "key"]);
  });

  test("mark the parameter that is being written, by place or by name", () => {
    expect(signatures({ name: "ta.sma", argument: 1, named: null, at: 0 })[0]?.current).toBe("length: int");
    expect(signatures({ name: "ta.sma", argument: 0, named: "length", at: 0 })[0]?.current).toBe("length: int");
    expect(signatures({ name: "nobody", argument: 0, named: null, at: 0 })).toEqual([]);
  });

  test("of every function can be read", () => {
    for (const [name, overloads] of Object.entries(kFunctions)) {
      for (const text of overloads) {
        expect(text, name).toMatch(/^\(.*\)( → .+)?$/);
        expect(parametersOf(text).every((parameter) => /^\w+$/.test(parameter)), name).toBe(true);
      }
    }
    expect(Object.keys(kFunctions).length).toBeGreaterThan(400);
  });
});

test("names of the script's own are found", () => {
  const script = `
var float best = na
length = input.int(5)
[upper, lower] = f(1)
smooth(source, span) => ta.ema(source, span)
    inner := 3
if close == open
`;
  expect(ownNames(script).toSorted()).toEqual(["best", "inner", "length", "lower", "smooth", "upper"]);
});
