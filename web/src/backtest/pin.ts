import { formatState, kInitialState, type PageState, parseState } from "../state/url";
import { updatePage } from "../state/usePageState";
import { readStored, writeStored } from "../state/useStored";
import { kOwnScript } from "../strategy/ownScript";

const kScript = "script.pinned";

/** What a run is of, as the address of it alone. */
export function pinOf({ symbol, timeframe, strategy, inputs, properties, from, to }: PageState): string {
  return formatState({ ...kInitialState, symbol, timeframe, strategy, inputs, properties, from, to });
}

/** Keeps a run to hold others against it; a script of one's own is kept too, since it may change. */
export function pinRun(page: PageState, script: string): void {
  if (page.strategy === kOwnScript) writeStored(kScript, script);
  updatePage({ pin: pinOf(page) });
}

export function pinnedPage(pin: string): PageState {
  return parseState(pin);
}

export function pinnedScript(): string {
  return readStored(kScript, "");
}
