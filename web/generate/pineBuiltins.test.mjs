import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { builtinsText, kWritten } from "./pineBuiltins.mjs";

test("the editor's table of built-in names is the compiler's", () => {
  expect(readFileSync(kWritten, "utf8")).toBe(builtinsText());
});
