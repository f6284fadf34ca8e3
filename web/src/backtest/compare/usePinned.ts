import { useMemo } from "react";
import { useBacktest, useStrategy } from "../../api/queries";
import { kOwnScript, ownStrategy } from "../../strategy/ownScript";
import { useDraft } from "../../strategy/useDraft";
import { usePineCheck } from "../../strategy/usePineCheck";
import { pinnedPage, pinnedScript } from "../pin";

/** The run that was pinned: the same request gives the same result, so it is made again where it is wanted. */
export function usePinned(pin: string) {
  const page = useMemo(() => pinnedPage(pin), [pin]);
  const script = page.strategy === kOwnScript ? pinnedScript() : null;
  const known = useStrategy(script === null ? page.strategy : null);
  const inputs = usePineCheck(script).data?.inputs;
  const own = useMemo(() => (script === null || inputs === undefined ? undefined : ownStrategy(script, inputs)), [script, inputs]);
  const draft = useDraft(page, own ?? known.data, null);
  const query = useBacktest(draft.request, 0);
  return { page, script, result: query.data, error: known.error ?? query.error, refetch: () => void query.refetch() };
}
