// A Pine script of the user's own, in the place of a strategy from the catalogue. It is kept in this browser; the server
// gets it with every run.

import type { InputDefinition, Strategy } from "../api/types";
import { readStored, writeStored } from "../state/useStored";
import { toastUndo } from "../ui/toast";

/** Stands for the script in the address. No catalogue name can contain it. */
export const kOwnScript = "~script";

export const kOwnScriptName = "Your own script";

export const kFirstScript = `//@version=6
strategy("My strategy", overlay = true, default_qty_type = strategy.percent_of_equity, default_qty_value = 100)

length = input.int(50, "Length", minval = 2, maxval = 200)
average = ta.sma(close, length)
plot(average, "Average")

if ta.crossover(close, average)
    strategy.entry("Long", strategy.long)
if ta.crossunder(close, average)
    strategy.close("Long")
`;

const kStored = "script";

/** Puts another script in the place of the one that is kept, which can be had back. */
export function replaceOwnScript(pine: string): void {
  const before = readStored(kStored, kFirstScript);
  if (before === pine) return;
  writeStored(kStored, pine);
  toastUndo("Another script took the place of yours", () => {
    writeStored(kStored, before);
    location.reload();
  });
}

/** The script as a strategy: its settings are known to the server only, its inputs when it has looked at them. */
export function ownStrategy(pine: string, inputs: InputDefinition[]): Strategy {
  return {
    name: kOwnScript,
    category: "",
    risk_level: "",
    complexity: "",
    summary: "",
    input_count: inputs.length,
    idea: "",
    works_when: "",
    fails_when: "",
    source_reference: "",
    pine,
    settings: {},
    inputs,
  };
}

/** How a run or a search names its strategy to the server. */
export function strategyFields(strategy: Strategy): { strategy: string } | { pine: string } {
  return strategy.name === kOwnScript ? { pine: strategy.pine } : { strategy: strategy.name };
}
