import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, patch, post, remove } from "../../api/client";
import type {
  Delivery,
  DeliveryDetail,
  DeliveryPage,
  EventType,
  IssuedWebhook,
  NewWebhookRequest,
  Replayed,
  Webhook,
  WebhookPatchRequest,
  WebhookReplayRequest,
} from "../../api/schema";

const kPage = 50;

function path(id: string, more = ""): string {
  return `/webhooks/${encodeURIComponent(id)}${more}`;
}

export function useWebhooks() {
  return useQuery({
    queryKey: ["webhooks"],
    queryFn: async ({ signal }) => (await get<{ webhooks: Webhook[] }>("/webhooks", signal)).webhooks,
    refetchInterval: 30_000,
  });
}

export function useEventTypes() {
  return useQuery({
    queryKey: ["webhook-event-types"],
    queryFn: async ({ signal }) => (await get<{ event_types: EventType[] }>("/webhooks/event-types", signal)).event_types,
    staleTime: Infinity,
  });
}

/** Whether it is still being tried. */
export function isUnderWay({ state }: Pick<Delivery, "state">): boolean {
  return state === "pending" || state === "delivering";
}

/** What was sent, the newest first; asked for often while something is on its way. */
export function useDeliveries(id: string, state: string | null) {
  return useInfiniteQuery({
    queryKey: ["webhook-deliveries", id, state],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(kPage) });
      if (state !== null) query.set("state", state);
      if (pageParam !== null) query.set("cursor", pageParam);
      return get<DeliveryPage>(path(id, `/deliveries?${query}`), signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.deliveries.some(isUnderWay)) === true ? 1_500 : 5_000),
  });
}

export function useDelivery(webhook: string, id: string) {
  return useQuery({
    queryKey: ["webhook-delivery", webhook, id],
    queryFn: ({ signal }) => get<DeliveryDetail>(path(webhook, `/deliveries/${encodeURIComponent(id)}`), signal),
    refetchInterval: (query) => (query.state.data === undefined || isUnderWay(query.state.data) ? 1_500 : false),
  });
}

function useChange<V, R>(mutationFn: (variables: V) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => {
      for (const name of ["webhooks", "webhook-deliveries", "webhook-delivery"]) void queries.invalidateQueries({ queryKey: [name] });
    },
  });
}

export function useCreateWebhook() {
  return useChange((request: NewWebhookRequest) => post<IssuedWebhook>("/webhooks", request));
}

export function useChangeWebhook() {
  return useChange(({ id, change }: { id: string; change: WebhookPatchRequest }) => patch<Webhook>(path(id), change));
}

export function useRemoveWebhook() {
  return useChange((id: string) => remove(path(id)));
}

export function useRotateWebhook() {
  return useChange(({ id, grace_seconds }: { id: string; grace_seconds: number }) => post<IssuedWebhook>(path(id, "/rotate"), { grace_seconds }));
}

export function useTestWebhook() {
  return useChange((id: string) => post<Delivery>(path(id, "/test"), {}));
}

export function useReplayDelivery() {
  return useChange(({ webhook, id }: { webhook: string; id: string }) =>
    post<Delivery>(path(webhook, `/deliveries/${encodeURIComponent(id)}/replay`), {}),
  );
}

export function useReplayRange() {
  return useChange(({ id, range }: { id: string; range: WebhookReplayRequest }) => post<Replayed>(path(id, "/replay"), range));
}
