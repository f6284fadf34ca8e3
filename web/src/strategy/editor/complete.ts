// Completion and the signature of the call around the cursor, from the table of built-in names.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { kFunctions, kVariables } from "./builtins";
import { kPineKeywords, kPineTypes } from "./pineLanguage";

const kFunctionNames = Object.keys(kFunctions);

function builtins(): Completion[] {
  const functions = kFunctionNames.map((label): Completion => ({ label, type: "function", detail: kFunctions[label]?.[0] ?? "" }));
  const names = new Set(kFunctionNames);
  const variables = kVariables.filter((name) => !names.has(name)).map((label): Completion => ({ label, type: "variable" }));
  const words = kPineKeywords.map((label): Completion => ({ label, type: "keyword" }));
  const types = kPineTypes.filter((name) => !names.has(name)).map((label): Completion => ({ label, type: "type" }));
  return [...functions, ...variables, ...words, ...types];
}

const kBuiltins = builtins();

/** Names that the script gives to something itself. */
export function ownNames(script: string): string[] {
  const names = new Set<string>();
  const declared = /^[ \t]*(?:export\s+)?(?:(?:var|varip)\s+)?(?:method\s+)?(?:[\w.<>[\]]+\s+)?([A-Za-z_]\w*)\s*(?::?=(?!=)|\([^)\n]*\)\s*=>)/gm;
  for (const [, name] of script.matchAll(declared)) if (name !== undefined) names.add(name);
  for (const [, list] of script.matchAll(/^\s*\[([\w\s,]+)\]\s*=/gm)) for (const name of (list ?? "").split(",")) names.add(name.trim());
  return [...names].filter((name) => name !== "" && !kPineKeywords.includes(name));
}

export interface OpenCall {
  readonly name: string;
  /** Which argument the cursor is in, from 0. */
  readonly argument: number;
  /** Of the argument, where it is given by name. */
  readonly named: string | null;
  /** Where its bracket stands. */
  readonly at: number;
}

/** The innermost call that is open at the end of a text; brackets in texts and comments do not count. */
export function openCall(text: string): OpenCall | null {
  const open: { at: number; commas: number; since: number }[] = [];
  let quote: string | null = null;
  for (let at = 0; at < text.length; ++at) {
    const letter = text[at] ?? "";
    if (quote !== null) {
      if (letter === "\\") ++at;
      else if (letter === quote || letter === "\n") quote = null;
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === "/" && text[at + 1] === "/") {
      const end = text.indexOf("\n", at);
      if (end < 0) return null;
      at = end;
    } else if (letter === "(" || letter === "[") open.push({ at, commas: 0, since: at + 1 });
    else if (letter === ")" || letter === "]") open.pop();
    else if (letter === ",") {
      const last = open.at(-1);
      if (last !== undefined) {
        last.commas += 1;
        last.since = at + 1;
      }
    }
  }
  const last = open.findLast(({ at }) => text[at] === "(");
  if (last === undefined) return null;
  const name = /([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:<[\w., ]*>)?\s*$/.exec(text.slice(0, last.at))?.[1];
  if (name === undefined) return null;
  const named = /^\s*([A-Za-z_]\w*)\s*=(?!=)/.exec(text.slice(last.since))?.[1] ?? null;
  return { name, argument: last.commas, named, at: last.at };
}

/** The names of a signature's parameters. */
export function parametersOf(signature: string): string[] {
  const list = signature.slice(1, signature.lastIndexOf(")"));
  return [...list.matchAll(/(?:^|, )(\w+)\??(?=[:,]|$| =)/g)].map(([, name]) => name ?? "");
}

export interface ShownSignature {
  readonly name: string;
  readonly before: string;
  readonly current: string;
  readonly after: string;
}

/** Each overload of a call with the parameter that the cursor is in. */
export function signatures({ name, argument, named }: OpenCall): ShownSignature[] {
  return (kFunctions[name] ?? []).map((text) => {
    const parameters = parametersOf(text);
    const current = named ?? (argument < parameters.length ? parameters[argument] : undefined);
    const match = current === undefined ? null : new RegExp(`(?<=[(,] ?)${current}\\b[^,)]*(?:<[^>]*>[^,)]*)?`).exec(text);
    if (match === null) return { name, before: text, current: "", after: "" };
    return { name, before: text.slice(0, match.index), current: match[0], after: text.slice(match.index + match[0].length) };
  });
}

const kBeforeMax = 4000;

export function completePine(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z_][\w.]*/);
  if (word === null && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  const before = context.state.sliceDoc(Math.max(0, from - kBeforeMax), from);
  if (/\/\/[^\n]*$/.test(before) || /^[^"\n]*"[^"\n]*$/.test(before.slice(before.lastIndexOf("\n") + 1))) return null;
  const call = openCall(before);
  const parameters = call === null ? [] : [...new Set((kFunctions[call.name] ?? []).flatMap(parametersOf))];
  return {
    from,
    options: [
      ...parameters.map((name): Completion => ({ label: name, apply: `${name} = `, type: "property", detail: "parameter", boost: 2 })),
      ...ownNames(context.state.doc.toString()).map((label): Completion => ({ label, type: "variable", detail: "of this script", boost: 1 })),
      ...kBuiltins,
    ],
    validFor: /^[\w.]*$/,
  };
}
