import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, remove } from "../../api/client";
import { apiKey, isKept, keyId, signIn } from "../../api/key";
import type { ApiKey, IssuedApiKey, NewKeyRequest } from "../../api/schema";

const kQueryKey = ["api-keys"];

export function useKeys() {
  return useQuery({
    queryKey: kQueryKey,
    queryFn: async ({ signal }) => (await get<{ keys: ApiKey[] }>("/admin/keys", signal)).keys,
    refetchInterval: 30_000, // last use
  });
}

function useChange<V, R>(mutationFn: (variables: V) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => void queries.invalidateQueries({ queryKey: kQueryKey }) });
}

export function useCreateKey() {
  return useChange((request: NewKeyRequest) => post<IssuedApiKey>("/admin/keys", request));
}

export function useRotateKey() {
  return useChange(async ({ id, grace_seconds }: { id: string; grace_seconds: number }) => {
    const issued = await post<IssuedApiKey>(`/admin/keys/${encodeURIComponent(id)}/rotate`, { grace_seconds });
    // The page goes on with the new secret of its own key.
    if (id === keyId(apiKey())) signIn(issued.token, isKept());
    return issued;
  });
}

export function useRevokeKey() {
  return useChange((id: string) => remove<ApiKey>(`/admin/keys/${encodeURIComponent(id)}`));
}
