import { useMemo } from "react";
import { fieldErrors } from "../api/problem";
import type { BacktestRequest, InputDefinition, Strategy } from "../api/types";
import type { PageState } from "../state/url";
import { readInputs } from "./inputs";
import { kOwnScript, strategyFields } from "./ownScript";
import { propertyDefinitions } from "./properties";

/** What Run would send, and what keeps it from being sent. */
export interface Draft {
  /** null while something is missing or wrong. */
  readonly request: BacktestRequest | null;
  readonly properties: readonly InputDefinition[];
  readonly inputErrors: ReadonlyMap<string, string>;
  readonly propertyErrors: ReadonlyMap<string, string>;
  readonly periodErrors: ReadonlyMap<string, string>;
}

/** `refusal`: the last run's error, whose field messages are shown at the fields. */
export function useDraft(page: PageState, strategy: Strategy | undefined, refusal: Error | null): Draft {
  return useMemo(() => {
    const properties = propertyDefinitions(strategy?.settings ?? {}, strategy?.name !== kOwnScript);
    const inputs = readInputs(strategy?.inputs ?? [], page.inputs);
    const settings = readInputs(properties, page.properties);
    const period = periodErrors(page.from, page.to);
    const valid = inputs.errors.size === 0 && settings.errors.size === 0 && period.size === 0;
    const { symbol, timeframe } = page;
    const request: BacktestRequest | null =
      !valid || strategy === undefined || strategy.name !== page.strategy || symbol === null || timeframe === null
        ? null
        : {
            ...strategyFields(strategy),
            symbol,
            timeframe,
            ...periodOf(page.from, page.to),
            inputs: inputs.values,
            properties: settings.values,
            include_plots: true,
          };
    const refused = fieldErrors(refusal);
    return {
      request,
      properties,
      inputErrors: withRefused(inputs.errors, refused, "/inputs/"),
      propertyErrors: withRefused(settings.errors, refused, "/properties/"),
      periodErrors: withRefused(period, refused, "/"),
    };
  }, [page, strategy, refusal]);
}

/** Days as the instants that enclose them. */
export function periodOf(from: string, to: string): { from?: string; to?: string } {
  return {
    ...(from === "" ? {} : { from: `${from}T00:00:00Z` }),
    ...(to === "" ? {} : { to: `${to}T23:59:59Z` }),
  };
}

function periodErrors(from: string, to: string): ReadonlyMap<string, string> {
  return from !== "" && to !== "" && from > to ? new Map([["to", "The period ends before it starts."]]) : new Map();
}

function withRefused(
  own: ReadonlyMap<string, string>,
  refused: ReadonlyMap<string, string>,
  prefix: string,
): ReadonlyMap<string, string> {
  const merged = new Map(own);
  for (const [pointer, message] of refused) {
    const name = pointer.slice(prefix.length);
    if (pointer.startsWith(prefix) && !name.includes("/") && !merged.has(name)) merged.set(name, message);
  }
  return merged;
}
