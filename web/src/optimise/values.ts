import type { InputValue, OptimizeResults } from "../api/types";
import { formatPlain } from "../ui/format";

export function formatValue(value: InputValue | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "number" ? formatPlain(value) : String(value);
}

/** The parameters of one trial. */
export function trialParameters(results: OptimizeResults, row: number): Record<string, InputValue> {
  const parameters: Record<string, InputValue> = {};
  for (const [name, values] of Object.entries(results.trials.parameters)) {
    const value = values[row];
    if (value !== undefined && value !== null) parameters[name] = value;
  }
  return parameters;
}
