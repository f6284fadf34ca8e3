import { useNavigate } from "@tanstack/react-router";
import type { InputValue } from "../../api/types";
import type { ChosenValues } from "../../jobs/values";
import { formatState, kInitialState } from "../../state/url";
import { kOwnScript, replaceOwnScript } from "../../strategy/ownScript";

/** What the address of the strategies says of one with these values, run. */
export function strategySearch(
  strategy: string,
  symbol: string | null,
  timeframe: string | null,
  parameters: Readonly<Record<string, InputValue>>,
): Record<string, string> {
  const inputs = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  return Object.fromEntries(new URLSearchParams(formatState({ ...kInitialState, strategy, symbol, timeframe, inputs, ran: true })));
}

/** Takes values that were found to the strategy, and runs it with them. */
export function useOpenStrategy(): (values: ChosenValues) => void {
  const navigate = useNavigate();
  return ({ strategy, pine, symbol, timeframe, parameters }) => {
    if (pine !== null) replaceOwnScript(pine);
    void navigate({ to: "/strategies", search: strategySearch(strategy ?? kOwnScript, symbol, timeframe, parameters) as never });
  };
}
