import { useMemo } from "react";
import { useStrategy } from "../api/queries";
import type { Strategy } from "../api/types";
import { useStored } from "../state/useStored";
import { kFirstScript, kOwnScript, ownStrategy } from "./ownScript";

/** The strategy that the address names: one of the catalogue, or the user's own script. */
export interface ChosenStrategy {
  readonly data: Strategy | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly refetch: () => void;
  readonly setScript: (script: string) => void;
}

export function useChosenStrategy(name: string | null): ChosenStrategy {
  const own = name === kOwnScript;
  const [script, setScript] = useStored("script", kFirstScript);
  const query = useStrategy(own ? null : name);
  const data = useMemo(() => (own ? ownStrategy(script) : query.data), [own, script, query.data]);
  return {
    data,
    error: own ? null : query.error,
    isPending: !own && query.isPending,
    refetch: () => void query.refetch(),
    setScript,
  };
}
