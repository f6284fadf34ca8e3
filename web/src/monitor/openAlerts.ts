import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Alert, AlertPage } from "../api/schema";
import { useChannel } from "../live/link";

export const kAlerts = "alerts";
const kOpenMax = 100;

export function useOpenAlerts() {
  return useQuery({
    queryKey: [kAlerts, "open"],
    queryFn: async ({ signal }) => (await get<AlertPage>(`/alerts?state=open&limit=${String(kOpenMax)}`, signal)).alerts,
    refetchInterval: 30_000,
  });
}

/** Asks again for alerts when something happens to one. */
export function useAlertChannel(): void {
  const queries = useQueryClient();
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: [kAlerts] });
    void queries.invalidateQueries({ queryKey: ["health", "detailed"] });
  };
  useChannel(
    "system",
    (messages) => {
      if (messages.some((message) => message.messageType === "performance_alert")) refresh();
    },
    refresh,
  );
}

/** Open alerts that are not muted: those that want somebody. */
export function wanting(alerts: readonly Alert[]): Alert[] {
  return alerts.filter((alert) => alert.state !== "muted");
}
