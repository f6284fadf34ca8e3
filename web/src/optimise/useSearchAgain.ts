import { useNavigate } from "@tanstack/react-router";
import type { OptimizeRequest, OptimizeResults, Strategy } from "../api/types";
import { formatState } from "../state/url";
import { writeStored } from "../state/useStored";
import { searchAgain } from "./again";

/** Opens the form as it was when these results were asked for; null where that is not known. */
export function useSearchAgain(results: OptimizeResults, strategy: Strategy | undefined): (() => void) | null {
  const navigate = useNavigate();
  const body = (results.request as { body?: Partial<OptimizeRequest> } | null | undefined)?.body;
  if (body === undefined || strategy === undefined) return null;
  return () => {
    const again = searchAgain(body, strategy.name, strategy.inputs);
    writeStored(`ranges.${strategy.name}`, again.ranges);
    writeStored("search", again.settings);
    writeStored(`search.extras.${strategy.name}`, again.extras);
    const search = { ...Object.fromEntries(new URLSearchParams(formatState(again.setup))), new: "search" };
    // The place reads its query string itself; the router only carries it.
    void navigate({ to: "/optimise", search: search as never });
  };
}
