// The search space as the form holds it: which inputs vary, over which values, and how many combinations that makes.

import type { InputDefinition, InputValue, ParameterRange } from "../api/types";
import { isNumeric } from "../strategy/inputs";

export type Spread = "steps" | "every" | "log";

export interface RangeDraft {
  readonly varied: boolean;
  /** Numeric inputs: as typed. */
  readonly from: string;
  readonly to: string;
  readonly step: string;
  /** In steps, or every number between, or so that equal ratios are as likely; absent: in steps. */
  readonly spread?: Spread;
  /** Inputs with options: the chosen ones, as text. */
  readonly values: readonly string[];
}

export type RangeDrafts = Readonly<Record<string, RangeDraft>>;

export type RangeReading =
  | { ok: true; count: number; parameter: ParameterRange }
  | { ok: false; field: "from" | "to" | "step" | "values"; message: string };

/** Values an input is chosen from, when it is not a number in a range. */
export function optionsOf(definition: InputDefinition): InputValue[] | null {
  if (definition.options !== null && definition.options.length > 1) return definition.options;
  return definition.kind === "bool" ? [false, true] : null;
}

export function canVary(definition: InputDefinition): boolean {
  return optionsOf(definition) !== null || ((definition.kind === "int" || definition.kind === "float") && isNumeric(definition));
}

/** An input varies from the start when the script gives it a range; without one, its surroundings are suggested. */
export function initialRange(definition: InputDefinition): RangeDraft {
  const options = optionsOf(definition);
  if (options !== null) return { varied: false, from: "", to: "", step: "", values: options.map(String) };
  const { minimum, maximum, step } = definition;
  const center = typeof definition.default === "number" ? definition.default : 0;
  const whole = definition.kind === "int";
  const from = minimum ?? (whole ? Math.floor(center / 2) : center / 2);
  const to = maximum ?? (whole ? Math.ceil(center * 2) : center * 2);
  const size = step ?? (whole ? 1 : roundedStep((to - from) / 10));
  return { varied: minimum !== null && maximum !== null, from: String(from), to: String(to), step: String(size), values: [] };
}

export function rangeOf(drafts: RangeDrafts, definition: InputDefinition): RangeDraft {
  return drafts[definition.name] ?? initialRange(definition);
}

export function readRange(definition: InputDefinition, draft: RangeDraft): RangeReading {
  const refuse = (field: "from" | "to" | "step" | "values", message: string): RangeReading => ({ ok: false, field, message });
  const options = optionsOf(definition);
  if (options !== null) {
    const values = options.filter((option) => draft.values.includes(String(option)));
    if (values.length === 0) return refuse("values", "Choose at least one value.");
    return { ok: true, count: values.length, parameter: { name: definition.name, values } };
  }
  const spread = draft.spread ?? "steps";
  const numbers = { from: Number(draft.from), to: Number(draft.to), step: Number(draft.step) };
  for (const field of ["from", "to", "step"] as const) {
    if (field === "step" && spread !== "steps") continue;
    if (draft[field].trim() === "" || !Number.isFinite(numbers[field])) return refuse(field, "Enter a number.");
    if (definition.kind === "int" && !Number.isInteger(numbers[field])) return refuse(field, "Enter a whole number.");
  }
  const { from, to, step } = numbers;
  const { minimum, maximum } = definition;
  if (minimum !== null && from < minimum) return refuse("from", `The input allows ${minimum} or more.`);
  if (maximum !== null && to > maximum) return refuse("to", `The input allows ${maximum} or less.`);
  if (to < from) return refuse("to", "The range ends before it starts.");
  const { name, kind } = definition;
  if (spread === "log") {
    if (from <= 0) return refuse("from", "Equal ratios need a range above zero.");
    return { ok: true, count: kind === "int" ? to - from + 1 : Infinity, parameter: { name, from, to, scale: "log" } };
  }
  if (spread === "every") return { ok: true, count: kind === "int" ? to - from + 1 : Infinity, parameter: { name, from, to, continuous: true } };
  if (step <= 0) return refuse("step", "The step must be above zero.");
  return { ok: true, count: stepCount(from, to, step), parameter: { name, from, to, step } };
}

/** How many values `from, from + step, …` reach up to `to`, forgiving the rounding of decimal steps. */
export function stepCount(from: number, to: number, step: number): number {
  return Math.floor((to - from) / step + 1e-9) + 1;
}

export interface SearchSpace {
  readonly parameters: ParameterRange[];
  /** Product of the counts; may exceed what can be tried or even written exactly. */
  readonly combinations: number;
  /** By input name. */
  readonly problems: ReadonlyMap<string, { field: string; message: string }>;
}

export function searchSpace(definitions: readonly InputDefinition[], drafts: RangeDrafts): SearchSpace {
  const parameters: ParameterRange[] = [];
  const problems = new Map<string, { field: string; message: string }>();
  let combinations = 1;
  for (const definition of definitions.filter(canVary)) {
    const draft = rangeOf(drafts, definition);
    if (!draft.varied) continue;
    const reading = readRange(definition, draft);
    if (reading.ok) {
      parameters.push(reading.parameter);
      combinations *= reading.count;
    } else {
      problems.set(definition.name, reading);
    }
  }
  return { parameters, combinations: parameters.length === 0 ? 0 : combinations, problems };
}

/** 1, 2 or 5 times a power of ten, so that suggested steps read well. */
function roundedStep(size: number): number {
  if (size <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(size));
  const lead = size / power;
  return Number(((lead < 2 ? 1 : lead < 5 ? 2 : 5) * power).toPrecision(1));
}
