// What most searches do without: constraints, conditions, several objectives, limits. As typed, and as sent.

import type { InputValue, SearchExtras } from "../api/types";

export interface ExtrasDraft {
  /** A comparison of two inputs, or of one with a number, in each line. */
  readonly constraints: string;
  /** `length if exit = atr, both` in each line. */
  readonly conditions: string;
  /** What a result has to satisfy, one in each line. */
  readonly require: string;
  /** Objectives beside the first. */
  readonly objectives: readonly string[];
  /** Of `composite`; what is empty is left out. */
  readonly weights: Readonly<Record<string, string>>;
  readonly stopAfter: string;
  readonly timeLimit: string;
  /** Other instruments that the result is run on. */
  readonly also: string;
  readonly validate: boolean;
  readonly randomPeriods: string;
  readonly priceAdjustment: "" | "raw" | "splits" | "splits_and_dividends";
  readonly threads: string;
  readonly priority: string;
  /** An earlier search whose best trials are tried first; empty: none. */
  readonly firstFrom: string;
}

export const kNoExtras: ExtrasDraft = {
  constraints: "",
  conditions: "",
  require: "",
  objectives: [],
  weights: {},
  stopAfter: "",
  timeLimit: "",
  also: "",
  validate: true,
  randomPeriods: "",
  priceAdjustment: "",
  threads: "",
  priority: "",
  firstFrom: "",
};

export interface Condition {
  readonly parameter: string;
  readonly values: InputValue[];
}

export interface ExtrasReading {
  readonly extras: SearchExtras;
  /** By the parameter that is only in use sometimes. */
  readonly conditions: ReadonlyMap<string, Condition>;
  /** By the name that the server uses. */
  readonly errors: ReadonlyMap<string, string>;
}

const kComparison = /^\s*[\w.]+\s*(<=|>=|<|>)\s*[\w.+-]+\s*$/;

export function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export function readExtras(draft: ExtrasDraft, objective: string): ExtrasReading {
  const errors = new Map<string, string>();
  const constraints = comparisons("constraints", draft.constraints, errors);
  const require = comparisons("require", draft.require, errors);
  const number = (name: string, text: string, whole: boolean, minimum: number) => {
    if (text.trim() === "") return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < minimum || (whole && !Number.isInteger(value))) {
      errors.set(name, `Enter a ${whole ? "whole " : ""}number, ${minimum} or more, or nothing.`);
    }
    return value;
  };
  const stopAfter = number("stop_after", draft.stopAfter, true, 1);
  const timeLimit = number("time_limit_seconds", draft.timeLimit, false, 0.1);
  const periods = number("random_periods", draft.randomPeriods, true, 0);
  const threads = number("threads", draft.threads, true, 0);
  const priority = number("priority", draft.priority, true, 0);
  const objectives = [objective, ...draft.objectives.filter((name) => name !== objective)];
  const weights = objectives.includes("composite") ? readWeights(draft.weights, errors) : {};
  const also = draft.also.split(/[\s,]+/).filter((symbol) => symbol !== "");
  const extras: SearchExtras = {
    ...(objectives.length > 1 ? { objectives } : {}),
    ...(Object.keys(weights).length > 0 ? { weights } : {}),
    ...(constraints.length > 0 ? { constraints } : {}),
    ...(require.length > 0 ? { require } : {}),
    ...(stopAfter === undefined ? {} : { stop_after: stopAfter }),
    ...(timeLimit === undefined ? {} : { time_limit_seconds: timeLimit }),
    ...(also.length > 0 ? { also } : {}),
    ...(draft.validate ? {} : { validate: false }),
    ...(periods === undefined ? {} : { random_periods: periods }),
    ...(draft.priceAdjustment === "" ? {} : { price_adjustment: draft.priceAdjustment }),
    ...(threads === undefined ? {} : { threads }),
    ...(priority === undefined ? {} : { priority }),
  };
  return { extras, conditions: readConditions(draft.conditions, errors), errors };
}

/** How many of them are at something else than their default. */
export function countExtras(draft: ExtrasDraft): number {
  return (Object.keys(kNoExtras) as (keyof ExtrasDraft)[]).filter(
    (name) => JSON.stringify(draft[name]) !== JSON.stringify(kNoExtras[name]),
  ).length;
}

function comparisons(name: string, text: string, errors: Map<string, string>): string[] {
  const all = lines(text);
  const wrong = all.find((line) => !kComparison.test(line));
  if (wrong !== undefined) errors.set(name, `“${wrong}” is no comparison such as fast_length < slow_length.`);
  return all;
}

function readConditions(text: string, errors: Map<string, string>): Map<string, Condition> {
  const conditions = new Map<string, Condition>();
  for (const line of lines(text)) {
    const match = /^([\w.]+)\s+if\s+([\w.]+)\s*=\s*(.+)$/.exec(line);
    const [, name = "", parameter = "", values = ""] = match ?? [];
    if (match === null) errors.set("conditions", `“${line}” is no condition such as length if exit = atr, both.`);
    else conditions.set(name, { parameter, values: values.split(",").map((value) => readValue(value.trim())) });
  }
  return conditions;
}

/** As a script would write it: a number, true or false, or a text. */
function readValue(text: string): InputValue {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function readWeights(weights: ExtrasDraft["weights"], errors: Map<string, string>): Record<string, number> {
  const read: Record<string, number> = {};
  for (const [name, text] of Object.entries(weights)) {
    if (text.trim() === "") continue;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) errors.set("weights", "Enter weights of 0 or more.");
    read[name] = value;
  }
  return read;
}
