import { useEffect, useMemo, useState } from "react";
import { useStrategy } from "../api/queries";
import type { InputDefinition, Strategy } from "../api/types";
import { useStored } from "../state/useStored";
import { kFirstScript, kOwnScript, ownStrategy } from "./ownScript";
import { type PineCheck, usePineCheck } from "./usePineCheck";

/** The strategy that the address names: one of the catalogue, or the user's own script. */
export interface ChosenStrategy {
  readonly data: Strategy | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly refetch: () => void;
  readonly setScript: (script: string) => void;
  /** What the compiler says of the own script, a moment after it was typed. */
  readonly check: PineCheck | undefined;
}

const kNone: InputDefinition[] = [];

export function useChosenStrategy(name: string | null): ChosenStrategy {
  const own = name === kOwnScript;
  const [script, setScript] = useStored("script", kFirstScript);
  const check = usePineCheck(own ? script : null);
  const query = useStrategy(own ? null : name);
  // While the script is being changed and does not compile, it keeps the inputs it had.
  const [inputs, setInputs] = useState(kNone);
  useEffect(() => {
    if (check.data?.inputs !== undefined) setInputs(check.data.inputs);
  }, [check.data]);
  const data = useMemo(() => (own ? ownStrategy(script, inputs) : query.data), [own, script, inputs, query.data]);
  return {
    data,
    error: own ? null : query.error,
    isPending: !own && query.isPending,
    refetch: () => void query.refetch(),
    setScript,
    check: own && !check.isPlaceholderData && check.current ? check.data : undefined,
  };
}
