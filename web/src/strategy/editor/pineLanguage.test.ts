import { StringStream } from "@codemirror/language";
import { describe, expect, test } from "vitest";
import { blockEnd, depthOf, pineParser } from "./pineLanguage";

/** The words of a line with their styles. */
function tokens(line: string): [text: string, style: string | null][] {
  const state = pineParser.startState?.(4);
  if (state === undefined) throw new Error("the parser has no state");
  const stream = new StringStream(line, 4, 4);
  const found: [string, string | null][] = [];
  while (!stream.eol()) {
    stream.start = stream.pos;
    const style = pineParser.token(stream, state);
    if (stream.current().trim() !== "") found.push([stream.current(), style]);
    expect(stream.pos).toBeGreaterThan(stream.start);
  }
  return found;
}

const styleOf = (line: string, word: string) => tokens(line).find(([text]) => text === word)?.[1];

describe("the Pine tokenizer", () => {
  test("tells declarations, built-in functions, inputs and numbers", () => {
    expect(tokens("length = input.int(50, minval = 2)")).toEqual([
      ["length", "variableName.definition"],
      ["=", "operator"],
      ["input", "namespace"],
      [".", "punctuation"],
      ["int", "variableName.function.standard"],
      ["(", "punctuation"],
      ["50", "number"],
      [",", "punctuation"],
      ["minval", "variableName.definition"],
      ["=", "operator"],
      ["2", "number"],
      [")", "punctuation"],
    ]);
  });

  test("knows namespaces, constants and built-in variables", () => {
    expect(styleOf("x = ta.tr", "ta")).toBe("namespace");
    expect(styleOf("x = ta.tr", "tr")).toBe("variableName.standard");
    expect(styleOf("x = strategy.oca.cancel", "cancel")).toBe("variableName.standard");
    expect(styleOf("x = close > open", "close")).toBe("variableName.standard");
    expect(styleOf("x = bar.value", "value")).toBe("propertyName");
  });

  test("keywords, types and literals", () => {
    expect(tokens("var float x = na").map(([, style]) => style)).toEqual(["keyword", "typeName", "variableName.definition", "operator", "bool"]);
    expect(styleOf("if na(x) and true", "na")).toBe("variableName.function.standard");
    expect(styleOf("x = #FF000080", "#FF000080")).toBe("color");
    expect(styleOf("x = 1.5e-3", "1.5e-3")).toBe("number");
    expect(styleOf("x = .5", ".5")).toBe("number");
    expect(styleOf("x := y == 1 ? a : b", "==")).toBe("operator");
    expect(styleOf("x := 1", "x")).toBe("variableName.definition");
    expect(styleOf("x == 1", "x")).toBe("variableName");
  });

  test("texts keep their quotes and escapes, and end with the line at the latest", () => {
    expect(tokens(`plot(x, "a \\"b\\" // c")`)).toContainEqual([`"a \\"b\\" // c"`, "string"]);
    expect(tokens("x = 'open")).toContainEqual(["'open", "string"]);
  });

  test("comments and annotations", () => {
    expect(tokens("//@version=6")).toEqual([["//@version=6", "meta"]]);
    expect(tokens("x = 1 // why")).toContainEqual(["// why", "comment"]);
  });
});

describe("blocks by the indent", () => {
  const lines = ["if a", "    b", "", "    if c", "        d", "e"];

  test("end before the next line that is not deeper, blank lines apart", () => {
    expect(blockEnd(lines, 0)).toBe(4);
    expect(blockEnd(lines, 3)).toBe(4);
    expect(blockEnd(lines, 1)).toBeNull();
    expect(blockEnd(lines, 2)).toBeNull();
  });

  test("a tab counts as four", () => {
    expect(depthOf("\tx")).toBe(4);
    expect(depthOf("  ")).toBeNull();
  });
});
