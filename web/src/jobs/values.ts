import type { InputValue, OptimizeResults, Strategy } from "../api/types";
import { formatPlain, sentenceName } from "../ui/format";

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

export type TitleOf = (parameter: string) => string;

/** What the script calls an input, or its name made readable while the script is not known. */
export function parameterTitles(strategy: Strategy | undefined): TitleOf {
  const titles = new Map(strategy?.inputs.map((input) => [input.name, input.title]));
  return (parameter) => {
    const title = titles.get(parameter) ?? "";
    return title === "" ? sentenceName(parameter) : title;
  };
}

/** What "Use these values" takes into a strategy. */
export interface ChosenValues {
  /** Of the catalogue; null: the script in `pine`. */
  strategy: string | null;
  pine: string | null;
  symbol: string;
  timeframe: string;
  parameters: Record<string, InputValue>;
}

/** The script that was searched, where it was not one of the catalogue. */
export function searchedScript({ request }: Pick<OptimizeResults, "request">): string | null {
  const body = (request as { body?: { pine?: unknown } } | null | undefined)?.body;
  return typeof body?.pine === "string" ? body.pine : null;
}
