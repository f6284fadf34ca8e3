// Reading what was typed into a strategy's inputs. The rules are the server's; they are checked here too, so that a
// mistake shows while it is made.

import type { InputDefinition, InputValue } from "../api/types";
import type { RawValues } from "../state/url";
import { formatPlain } from "../ui/format";

export type Reading = { ok: true; value: InputValue } | { ok: false; message: string };

export const kSources = ["open", "high", "low", "close", "hl2", "hlc3", "ohlc4", "hlcc4", "volume"];

export function isNumeric(definition: InputDefinition): boolean {
  return definition.kind === "int" || definition.kind === "float" || definition.kind === "price" || definition.kind === "time";
}

/** The text a field starts with. */
export function defaultText(definition: InputDefinition): string {
  return definition.default === null ? "" : String(definition.default);
}

export function readInput(definition: InputDefinition, text: string): Reading {
  const refuse = (message: string): Reading => ({ ok: false, message });
  if (definition.kind === "bool") {
    return text === "true" || text === "false" ? { ok: true, value: text === "true" } : refuse("Use true or false.");
  }
  if (!isNumeric(definition)) {
    const allowed = definition.options?.map(String) ?? (definition.kind === "source" ? kSources : null);
    if (allowed !== null && !allowed.includes(text)) return refuse(`Choose one of ${allowed.join(", ")}.`);
    return { ok: true, value: text };
  }
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return refuse("Enter a number.");
  if (definition.kind !== "float" && definition.kind !== "price" && !Number.isInteger(value)) {
    return refuse("Enter a whole number.");
  }
  const { minimum, maximum, options } = definition;
  if (options !== null && !options.includes(value)) return refuse(`Choose one of ${options.join(", ")}.`);
  if (minimum !== null && maximum !== null && (value < minimum || value > maximum)) {
    return refuse(`Enter ${formatPlain(minimum)} to ${formatPlain(maximum)}.`);
  }
  if (minimum !== null && value < minimum) return refuse(`Enter ${formatPlain(minimum)} or more.`);
  if (maximum !== null && value > maximum) return refuse(`Enter ${formatPlain(maximum)} or less.`);
  return { ok: true, value };
}

export interface Readings {
  /** What differs from the defaults, ready to send. */
  readonly values: Record<string, InputValue>;
  /** Message by input name. */
  readonly errors: ReadonlyMap<string, string>;
}

export function readInputs(definitions: readonly InputDefinition[], raw: RawValues): Readings {
  const values: Record<string, InputValue> = {};
  const errors = new Map<string, string>();
  for (const definition of definitions) {
    const text = raw[definition.name];
    if (text === undefined) continue;
    const reading = readInput(definition, text);
    if (reading.ok) values[definition.name] = reading.value;
    else errors.set(definition.name, reading.message);
  }
  return { values, errors };
}

/** Raw values after a field changed; a value that is back at its default is dropped, so that links stay short. */
export function withRaw(raw: RawValues, definition: InputDefinition, text: string): RawValues {
  const next = { ...raw };
  if (text === defaultText(definition)) delete next[definition.name];
  else next[definition.name] = text;
  return next;
}

/** Definitions in their groups, in the order in which the groups first appear. */
export function grouped(definitions: readonly InputDefinition[]): { group: string; members: InputDefinition[] }[] {
  const groups: { group: string; members: InputDefinition[] }[] = [];
  for (const definition of definitions) {
    const group = groups.find((each) => each.group === definition.group);
    if (group === undefined) groups.push({ group: definition.group, members: [definition] });
    else group.members.push(definition);
  }
  return groups;
}
