import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { post } from "../api/client";
import type { InputDefinition } from "../api/types";
import type { Finding } from "../api/schema";
import { useDelayed } from "../ui/useDelayed";

/** What the server's compiler says of a script. */
export interface PineCheck {
  readonly valid: boolean;
  readonly findings: readonly Finding[];
  readonly kind?: string;
  readonly title?: string;
  readonly inputs?: InputDefinition[];
}

const kCheckAfterMs = 500;

/** Asks the compiler a moment after the last change; an answer that comes too late is not waited for. */
export function usePineCheck(pine: string | null) {
  const settled = useDelayed(pine, kCheckAfterMs);
  const query = useQuery({
    queryKey: ["pine-check", settled],
    queryFn: ({ signal }) => post<PineCheck>("/pine/check", { pine: settled }, signal),
    enabled: settled !== null && pine !== null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  /** Whether the answer is of the script as it stands. */
  return { data: query.data, isPlaceholderData: query.isPlaceholderData, current: settled === pine };
}
