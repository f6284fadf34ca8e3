import { useEffect, useState } from "react";
import { useBacktest } from "../api/queries";
import type { BacktestRequest, BacktestResult, Strategy } from "../api/types";
import type { PageState } from "../state/url";
import { updatePage } from "../state/usePageState";
import { kOwnScript } from "../strategy/ownScript";
import { type Draft, useDraft } from "../strategy/useDraft";

export interface Run {
  readonly draft: Draft;
  readonly result: BacktestResult | undefined;
  readonly error: Error | null;
  readonly running: boolean;
  /** The form says something else than the result that is shown. */
  readonly outdated: boolean;
  /** Runs what the form says, as soon as it can be read. */
  readonly start: () => void;
}

/** The backtest of the page: what was last run stays shown until something else is run. */
export function useRun(page: PageState, strategy: Strategy | undefined): Run {
  // A link to a result runs it; so does going back to one.
  const [wanted, setWanted] = useState(page.ran);
  const [settled, setSettled] = useState<{ request: BacktestRequest; count: number } | null>(null);

  const belongs = settled !== null && (settled.request.strategy ?? kOwnScript) === page.strategy;
  // Another instrument or timeframe runs at once: it is the same question about other bars.
  const request =
    belongs && page.symbol !== null && page.timeframe !== null
      ? { ...settled.request, symbol: page.symbol, timeframe: page.timeframe }
      : null;
  const query = useBacktest(request, settled?.count ?? 0);
  const draft = useDraft(page, strategy, query.error);

  useEffect(() => {
    if (page.ran && !belongs) setWanted(true);
  }, [page.ran, belongs]);

  useEffect(() => {
    if (!wanted || strategy === undefined) return;
    if (draft.request === null) {
      // The instrument may not be known yet; errors of the form end the wish.
      if (draft.inputErrors.size + draft.propertyErrors.size + draft.periodErrors.size > 0) setWanted(false);
      return;
    }
    setWanted(false);
    setSettled({ request: draft.request, count: (settled?.count ?? 0) + 1 });
    updatePage({ ran: true });
  }, [wanted, strategy, draft, settled]);

  return {
    draft,
    result: request !== null && query.error === null ? query.data : undefined,
    error: request === null ? null : query.error,
    running: query.isFetching,
    outdated: request !== null && draft.request !== null && JSON.stringify(request) !== JSON.stringify(draft.request),
    start: () => setWanted(true),
  };
}
