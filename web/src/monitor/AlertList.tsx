import type { Alert } from "../api/schema";
import { formatInteger, sentenceName } from "../ui/format";
import { monitorAddress, monitorState } from "./address";
import { AlertActions } from "./AlertActions";
import { formatUtc } from "./values";

/** Alerts below one another, each with what can be done about it. */
export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const chosen = monitorState.use().alert;
  return (
    <ul className="monitor-alerts numbers">
      {alerts.map((alert) => (
        <li key={alert.id} data-alert={alert.type} data-state={alert.state} aria-current={alert.id === chosen ? "true" : undefined}>
          <SeverityBadge alert={alert} />
          <div className="monitor-alert-text">
            <a
              href={monitorAddress({ tab: "alerts", alert: alert.id })}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                monitorState.update({ tab: "alerts", alert: alert.id });
              }}
            >
              {sentenceName(alert.type)}
            </a>
            <p>{alert.message}</p>
            <p className="muted">{lifeOf(alert)}</p>
          </div>
          <AlertActions alert={alert} />
        </li>
      ))}
    </ul>
  );
}

export function SeverityBadge({ alert }: { alert: Pick<Alert, "severity" | "state"> }) {
  const look = alert.state === "resolved" ? "" : alert.severity === "critical" ? "danger" : "warning";
  return <span className={`badge ${look}`}>{sentenceName(alert.severity)}</span>;
}

/** What became of it, in one line. */
export function lifeOf(alert: Alert): string {
  const parts = [`Since ${formatUtc(alert.raised_at)}`];
  if (alert.occurrences > 1) parts.push(`${formatInteger(alert.occurrences)} times`);
  if (alert.state === "acknowledged") parts.push(`acknowledged${alert.acknowledged_by === null ? "" : ` by ${alert.acknowledged_by}`}`);
  if (alert.state === "muted") parts.push(`muted until ${formatUtc(alert.muted_until)}`);
  if (alert.resolved_at !== null) parts.push(`resolved ${formatUtc(alert.resolved_at)}`);
  return parts.join(", ");
}
