import { useAlertChannel, useOpenAlerts, wanting } from "./openAlerts";

/** How many alerts are open, on the way to the place Monitor; part of its link's name. */
export function MonitorBadge() {
  useAlertChannel();
  const alerts = wanting(useOpenAlerts().data ?? []);
  if (alerts.length === 0) return null;
  const critical = alerts.some((alert) => alert.severity === "critical");
  return (
    <span className="places-badge" data-critical={critical || undefined}>
      {alerts.length > 99 ? "99+" : alerts.length}
      <span className="visually-hidden"> {alerts.length === 1 ? "open alert" : "open alerts"}</span>
    </span>
  );
}
