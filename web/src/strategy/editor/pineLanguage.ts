// Pine Script 6 for CodeMirror: a tokenizer by hand, folding and indentation by the indent.

import { foldService, indentService, LanguageSupport, StreamLanguage, type StreamParser, type StringStream } from "@codemirror/language";
import { kFunctions, kVariables } from "./builtins";

/** Names of the styles; those of the tokens that CodeMirror knows. */
export type Style =
  | "keyword"
  | "typeName"
  | "namespace"
  | "variableName.function.standard"
  | "variableName.standard"
  | "variableName"
  | "propertyName"
  | "variableName.definition"
  | "string"
  | "number"
  | "color"
  | "comment"
  | "meta"
  | "bool"
  | "operator"
  | "punctuation";

const kKeywords = new Set(
  "if else for to by in while switch var varip and or not break continue import export method type enum as".split(" "),
);
const kTypes = new Set(
  "int float bool string color label line box table linefill polyline array matrix map series simple const input void".split(" "),
);
const kNamespaces = new Set([...Object.keys(kFunctions), ...kVariables].flatMap((full) => (full.includes(".") ? [full.slice(0, full.indexOf("."))] : [])));
const kBuiltinVariables = new Set(kVariables);

export const kPineKeywords: readonly string[] = [...kKeywords, "true", "false", "na"];
export const kPineTypes: readonly string[] = [...kTypes];

interface State {
  /** The quote that ends the text; null outside of one. */
  quote: string | null;
  /** What stands before the next name, up to its last dot: `ta.`, or "". */
  path: string;
}

/** The rest of a text whose quote was opened. */
function text(stream: StringStream, state: State): Style {
  while (!stream.eol()) {
    const letter = stream.next();
    if (letter === "\\") stream.next();
    else if (letter === state.quote) {
      state.quote = null;
      return "string";
    }
  }
  state.quote = null;
  return "string";
}

function name(stream: StringStream, state: State): Style {
  const word = String((stream.match(/^[A-Za-z_]\w*/) as RegExpMatchArray)[0]);
  const before = state.path;
  const full = before + word;
  const called = stream.match(/^\s*(<[\w., ]*>)?\s*\(/, false) !== null;
  state.path = stream.peek() === "." ? `${full}.` : "";
  if (before === "") {
    if (word === "true" || word === "false" || word === "na") return called ? "variableName.function.standard" : "bool";
    if (kKeywords.has(word)) return "keyword";
    if (stream.peek() === "." && kNamespaces.has(word)) return "namespace";
    if (kTypes.has(word) && !(called && word in kFunctions)) return "typeName";
  }
  if (full in kFunctions && called) return "variableName.function.standard";
  if (kBuiltinVariables.has(full)) return "variableName.standard";
  if (before !== "") return called ? "variableName.function.standard" : kNamespaces.has(full.slice(0, full.indexOf("."))) ? "namespace" : "propertyName";
  if (stream.match(/^\s*(:=|=(?!=)|=>)/, false) !== null) return "variableName.definition";
  return called ? "variableName.function.standard" : "variableName";
}

export const pineParser: StreamParser<State> = {
  name: "pine",
  startState: () => ({ quote: null, path: "" }),
  copyState: (state) => ({ ...state }),
  token: (stream, state): Style | null => {
    if (state.quote !== null) return text(stream, state);
    if (stream.eatSpace()) return null;
    if (state.path !== "" && stream.eat(".") !== undefined) return "punctuation";
    if (stream.match(/^\/\/\s*@\w+.*/) !== null) return "meta";
    if (stream.match(/^\/\/.*/) !== null) return "comment";
    if (stream.match(/^#[\dA-Fa-f]{8}\b|^#[\dA-Fa-f]{6}\b/) !== null) return "color";
    if (stream.match(/^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/) !== null) return "number";
    const letter = stream.peek() ?? "";
    if (letter === '"' || letter === "'") {
      stream.next();
      state.quote = letter;
      return text(stream, state);
    }
    if (/[A-Za-z_]/.test(letter)) return name(stream, state);
    state.path = "";
    if (stream.match(/^(:=|=>|==|!=|<=|>=|\+=|-=|\*=|\/=|%=|[-+*/%<>=?:])/) !== null) return "operator";
    stream.next();
    return "punctuation";
  },
  languageData: {
    commentTokens: { line: "//" },
    closeBrackets: { brackets: ["(", "[", '"', "'"] },
    indentOnInput: /^\s*else$/,
  },
};

/** How deep a line begins; null of an empty one. A tab counts as four. */
export function depthOf(line: string): number | null {
  const blank = /^\s*/.exec(line)?.[0] ?? "";
  return blank.length === line.length ? null : [...blank].reduce((sum, letter) => sum + (letter === "\t" ? 4 : 1), 0);
}

/** The number of the last line that belongs to the block under a line, counted from 0; null where there is none. */
export function blockEnd(lines: readonly string[], at: number): number | null {
  const depth = depthOf(lines[at] ?? "");
  if (depth === null) return null;
  let end: number | null = null;
  for (let next = at + 1; next < lines.length; ++next) {
    const inner = depthOf(lines[next] ?? "");
    if (inner === null) continue;
    if (inner <= depth) break;
    end = next;
  }
  return end;
}

const kLookAheadMax = 500;

const folding = foldService.of((state, start) => {
  const first = state.doc.lineAt(start);
  const last = Math.min(state.doc.lines, first.number + kLookAheadMax);
  const lines: string[] = [];
  for (let number = first.number; number <= last; ++number) lines.push(state.doc.line(number).text);
  const end = blockEnd(lines, 0);
  return end === null ? null : { from: first.to, to: state.doc.line(first.number + end).to };
});

/** Lines that a block follows. */
const kOpens = /^\s*(if|else|for|while|switch|method|type|enum)\b|=>\s*$|=\s*(if|for|while|switch)\b/;

const indentation = indentService.of((context, position) => {
  const line = context.state.doc.lineAt(position);
  if (line.number === 1) return 0;
  const before = context.state.doc.line(line.number - 1).text;
  const depth = depthOf(before);
  if (depth === null) return null;
  return kOpens.test(before.replace(/\/\/.*/, "").trimEnd()) ? depth + 4 : depth;
});

const language = StreamLanguage.define(pineParser);

export function pine(): LanguageSupport {
  return new LanguageSupport(language, [folding, indentation]);
}
