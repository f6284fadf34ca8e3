import { describe, expect, test } from "vitest";
import type { InputDefinition } from "../api/types";
import { grouped, readInput, readInputs, withRaw } from "./inputs";

function input(more: Partial<InputDefinition>): InputDefinition {
  return {
    name: "length",
    title: "Length",
    kind: "int",
    default: 10,
    minimum: null,
    maximum: null,
    step: null,
    options: null,
    group: "",
    tooltip: "",
    ...more,
  };
}

describe("reading an input", () => {
  test("takes numbers within their limits", () => {
    const definition = input({ minimum: 2, maximum: 200 });
    expect(readInput(definition, "2")).toEqual({ ok: true, value: 2 });
    expect(readInput(definition, "200")).toEqual({ ok: true, value: 200 });
    expect(readInput(definition, "1")).toEqual({ ok: false, message: "Enter 2 to 200." });
    expect(readInput(definition, "201")).toEqual({ ok: false, message: "Enter 2 to 200." });
  });

  test("refuses what is no number, and fractions of whole numbers", () => {
    for (const text of ["", " ", "abc", "1e999"]) expect(readInput(input({}), text).ok, text).toBe(false);
    expect(readInput(input({}), "2.5")).toEqual({ ok: false, message: "Enter a whole number." });
    expect(readInput(input({ kind: "float" }), "2.5")).toEqual({ ok: true, value: 2.5 });
  });

  test("reads yes and no as booleans, not as text", () => {
    expect(readInput(input({ kind: "bool", default: true }), "false")).toEqual({ ok: true, value: false });
  });

  test("takes only the options there are", () => {
    const definition = input({ kind: "string", default: "SMA", options: ["SMA", "EMA"] });
    expect(readInput(definition, "EMA")).toEqual({ ok: true, value: "EMA" });
    expect(readInput(definition, "WMA").ok).toBe(false);
    expect(readInput(input({ kind: "source", default: "close" }), "hlc3").ok).toBe(true);
    expect(readInput(input({ kind: "source", default: "close" }), "nothing").ok).toBe(false);
    expect(readInput(input({ options: [5, 10] }), "7").ok).toBe(false);
  });
});

test("only what differs from the defaults is sent", () => {
  const definitions = [input({ name: "fast" }), input({ name: "slow", default: 50 })];
  expect(readInputs(definitions, { slow: "60" }).values).toEqual({ slow: 60 });
  expect(readInputs(definitions, { slow: "sixty", unknown: "1" }).errors).toEqual(new Map([["slow", "Enter a number."]]));
});

test("a value that is back at its default leaves the address", () => {
  const definition = input({});
  const changed = withRaw({}, definition, "12");
  expect(changed).toEqual({ length: "12" });
  expect(withRaw(changed, definition, "10")).toEqual({});
});

test("groups keep the order of the script", () => {
  const groups = grouped([
    input({ name: "a", group: "One" }),
    input({ name: "b", group: "Two" }),
    input({ name: "c", group: "One" }),
  ]);
  expect(groups.map(({ group, members }) => [group, members.map(({ name }) => name)])).toEqual([
    ["One", ["a", "c"]],
    ["Two", ["b"]],
  ]);
});
