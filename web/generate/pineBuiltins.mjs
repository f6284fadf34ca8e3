// Writes the names that the Pine editor completes, with their parameters, from the compiler's own tables:
//   node generate/pineBuiltins.mjs
// `builtinsText` is also what a test compares the written file with.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const kPine = resolve(import.meta.dirname, "../../src/pine");
export const kWritten = resolve(import.meta.dirname, "../src/strategy/editor/builtins.ts");

const read = (path) => readFileSync(join(kPine, path), "utf8");

/** Neighbouring string literals of C++ as one. */
function literals(source) {
  return [...source.matchAll(/"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/g)].map(([all]) =>
    [...all.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([, text]) => text.replace(/\\(.)/g, "$1")).join(""),
  );
}

const kKinds = { whole: "int", number: "int/float", printable: "any", direction: "direction", first: "as the first", second: "as the second" };
const kindOf = (word) => kKinds[word] ?? word.replaceAll("<number>", "<int/float>").replaceAll(",", ", ");

function split(list) {
  const parts = [];
  let depth = 0;
  let part = "";
  for (const letter of list) {
    if (letter === "<") depth += 1;
    if (letter === ">") depth -= 1;
    if (letter === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += letter;
  }
  return part.trim() === "" ? parts : [...parts, part.trim()];
}

/** `ta.tr(handle_na: simple bool = false) float` as the editor shows it. */
function shown(signature) {
  const [, name, list, result] = /^([\w.]+)(?:<[A-Z,]+>)?\((.*)\)\s*(.*)$/.exec(signature);
  const parameters = split(list).flatMap((part) => {
    if (part === "...") return ["…"];
    const [, parameter, rest] = /^(\w+)\s*:\s*(.*)$/.exec(part);
    if (/^(implicit|absent)\b/.test(rest)) return [];
    const [, kind, optional, value] = /^(?:simple )?(.*?)\s*(\?|=\s*(.*))?$/.exec(rest);
    const end = optional === undefined ? "" : optional === "?" ? "?" : ` = ${value}`;
    return [optional === "?" ? `${parameter}?: ${kindOf(kind)}` : `${parameter}: ${kindOf(kind)}${end}`];
  });
  const results = result.split(" ").filter((word) => word !== "" && word !== "void").map(kindOf);
  const gives = results.length === 0 ? "" : results.length === 1 ? ` → ${results[0]}` : ` → [${results.join(", ")}]`;
  return { name, text: `(${parameters.join(", ")})${gives}` };
}

function functions() {
  const all = new Map();
  const add = (name, text, also = true) => {
    const known = all.get(name) ?? [];
    if (known.includes(text) || (!also && known.length > 0)) return;
    all.set(name, [...known, text]);
  };
  for (const file of ["collections", "color", "drawings", "math", "str", "strategy", "ta", "time"]) {
    for (const text of literals(read(`analysis/builtins/${file}.cpp`))) {
      if (!/^[a-z]\w*(\.\w+)*(<[A-Z,]+>)?\(.*\) \S/.test(text)) continue;
      const { name, text: parameters } = shown(text);
      add(name, parameters);
    }
  }
  const named = (name, parameters) => add(name, `(${parameters.join(", ")})`, false);
  const words = (text) => text.split(" ").filter((word) => word !== "");

  // Inputs: what each takes is one of a few lists.
  const inputs = read("analysis/lower_input.cpp");
  const lists = Object.fromEntries(
    [...inputs.matchAll(/std::vector<std::string> (k\w+) = \{([^}]*)\}/g)].map(([, name, list]) => [name, literals(list)]),
  );
  for (const [, name, list] of inputs.matchAll(/\{"(input(?:\.\w+)?)",\s*\{InputKind::\w+,\s*Type::\w+,\s*(k\w+|\{[^}]*\})/g)) {
    named(name, lists[list] ?? list.match(/\w+/g));
  }
  // What is drawn.
  for (const [, name, list] of read("analysis/lower_output.cpp").matchAll(/\{"(\w+)",\s*\{OutputKind::\w+,\s*words\(([^)]*)\)/g)) {
    named(name, words(literals(list).join("")).filter((parameter) => parameter !== "transp"));
  }
  for (const [, list] of read("analysis/lower_output.cpp").matchAll(/words\(("(?:plot|hline)1[^)]*)\)/g)) {
    add("fill", `(${words(literals(list).join("")).filter((parameter) => parameter !== "transp").join(", ")})`);
  }
  // Orders, and the declarations.
  const orders = read("analysis/lower_strategy.cpp");
  const orderLists = Object.fromEntries(
    [...orders.matchAll(/std::vector<std::string> (k\w+) =\s*words\(([^)]*)\)/g)].map(([, name, list]) => [name, words(literals(list).join(""))]),
  );
  for (const [, name, list] of orders.matchAll(/\{"(strategy\.[\w.]+)",\s*\{Function::\w+,\s*(k\w+|words\("[^)]*\)|\{[^}]*\})/g)) {
    named(name, orderLists[list] ?? words(literals(list).join(" ")));
  }
  named("strategy", orderLists.kStrategyParameters);
  named("indicator", orderLists.kIndicatorParameters);
  named("library", ["title", "overlay", "dynamic_requests"]);
  // Other data.
  const requests = read("analysis/lower_request.cpp");
  const [security = [], lower = []] = [...requests.matchAll(/=\s*\{\s*("symbol",[^}]*)\}/g)].map(([, list]) => [...list.matchAll(/"(\w+)"/g)].map(([, word]) => word));
  named("request.security", security);
  named("request.security_lower_tf", lower);
  named("request.currency_rate", ["from", "to", "ignore_invalid_currency"]);
  for (const [, name, list] of requests.matchAll(/\{"(request\.\w+)",\s*\{words\(([^)]*)\)/g)) named(name, words(literals(list).join("")));
  // What is called by name in the test of all names.
  for (const call of literals(read("builtin_names_test.cpp"))) {
    const [, name, list] = /^([a-z_]\w*(?:\.\w+)*)\((.*)\)$/.exec(call) ?? [];
    if (name === undefined) continue;
    if (/^[\w?, ]+$/.test(list) && /\w/.test(list)) {
      if (/^(box|chart|label|line|linefill|polyline|table)\./.test(name)) named(name, split(list));
    } else {
      const parameters = [...list.matchAll(/(\w+) = /g)].map(([, parameter]) => parameter);
      if (parameters.length > 0) named(name, parameters);
    }
  }
  named("nz", ["source", "replacement"]);
  named("na", ["x"]);
  named("str.tostring", ["value", "format"]);
  named("log.info", ["message"]);
  named("log.warning", ["message"]);
  named("ticker.heikinashi", ["symbol"]);
  named("ticker.standard", ["symbol"]);
  for (const type of ["int", "float", "bool", "string", "color"]) named(type, ["x"]);
  return new Map([...all].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function variables() {
  const source = read("analysis/builtins/variables.cpp");
  const names = new Set([...source.matchAll(/all\["([\w.]+)"\]/g)].map(([, name]) => name));
  // Spaces with their words: constants whose value is their own name, and those of the test of all names.
  for (const text of [source, read("builtin_names_test.cpp")]) {
    for (const [, space, list] of text.matchAll(/(?:\{|expect_known\()"(\w*)",\s*((?:"[\w ]*"\s*)+)[})]/g)) {
      for (const word of literals(list).join("").split(" ")) if (word !== "") names.add(space === "" ? word : `${space}.${word}`);
    }
  }
  for (const [, list] of source.matchAll(/for \(const char\* name : \{("strategy|[^}]*"oca\.[^}]*)\}/g)) {
    for (const name of literals(list.replaceAll(",", ";\n"))) names.add(`strategy.${name}`);
  }
  for (const [, name] of source.matchAll(/\{"(\w+)", 0x[0-9A-F]{6}\}/g)) names.add(`color.${name}`);
  return [...names].filter((name) => !name.startsWith(".")).toSorted();
}

export function builtinsText() {
  const quoted = (text) => JSON.stringify(text);
  const rows = [...functions()].map(([name, overloads]) => `  ${quoted(name)}: [${overloads.map(quoted).join(", ")}],`);
  return `// Written by web/generate/pineBuiltins.mjs from the compiler's tables; do not change it by hand.

/** Parameters and result of each function, an entry an overload. */
export const kFunctions: Readonly<Record<string, readonly string[]>> = {
${rows.join("\n")}
};

/** Variables and constants. */
export const kVariables: readonly string[] = [
${variables().map((name) => `  ${quoted(name)},`).join("\n")}
];
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(kWritten, builtinsText());
