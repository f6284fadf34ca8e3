import type { AlertEvent } from "../api/schema";
import { sentenceName } from "../ui/format";
import { TableScroll } from "../ui/table/TableScroll";
import { monitorState } from "./address";
import { SeverityBadge } from "./AlertList";
import { useThresholds } from "./monitorApi";
import { formatUtc, formatWithUnit } from "./values";

/** What happened, newest first: when, by whom, with which value. */
export function Events({ events, named }: { events: readonly AlertEvent[]; named: boolean }) {
  const thresholds = useThresholds();
  const unitOf = (type: string) => thresholds.data?.thresholds.find((each) => each.type === type)?.unit ?? "";
  if (events.length === 0) return <p className="muted">Nothing has happened yet.</p>;
  return (
    <TableScroll label="History">
      <table className="plain-table monitor-table numbers" aria-label="History">
        <thead>
          <tr>
            <th scope="col">When, UTC</th>
            {named && <th scope="col">Alert</th>}
            <th scope="col">What</th>
            <th scope="col">Severity</th>
            <th scope="col" className="number">Value</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td>{formatUtc(event.at).replace(" UTC", "")}</td>
              {named && (
                <td>
                  <button type="button" className="monitor-link" title={event.message} onClick={() => monitorState.update({ alert: event.alert_id })}>
                    {sentenceName(event.type)}
                  </button>{" "}
                  <span className="muted">{event.source}</span>
                </td>
              )}
              <td>{sentenceName(event.event)}</td>
              <td>
                <SeverityBadge alert={{ severity: event.severity, state: event.event }} />
              </td>
              <td className="number">{formatWithUnit(event.value, unitOf(event.type))}</td>
              <td>{event.actor ?? <span className="muted">the server</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
