import type { ThresholdsAnswer } from "../api/schema";
import { formatPercent, kNone, sentenceName } from "../ui/format";
import { type TabItem, Tabs } from "../ui/Tabs";
import { TableScroll } from "../ui/table/TableScroll";
import { monitorState } from "./address";
import { AlertDetail } from "./AlertDetail";
import { Events } from "./AlertEvents";
import { AlertList } from "./AlertList";
import { useAlertHistory, useAllAlerts, useThresholds } from "./monitorApi";
import type { AlertView } from "./monitorState";
import { useOpenAlerts } from "./openAlerts";
import { Answer, More } from "./parts";
import { formatSeconds, formatWithUnit } from "./values";

const kViews: readonly TabItem<AlertView>[] = [
  { id: "open", label: "Open" },
  { id: "all", label: "All" },
  { id: "history", label: "History" },
  { id: "thresholds", label: "Thresholds" },
];

/** What is wrong with the server, or was; what happened to it; from when on something is wrong. */
export function Alerts() {
  const { view, alert } = monitorState.use();
  return (
    <>
      {alert !== null && <AlertDetail key={alert} id={alert} />}
      <section className="section" aria-label="Alerts">
        <div className="section-head">
          <h3>Alerts</h3>
          <Tabs label="Which alerts" items={kViews} chosen={view} panel="monitor-alerts-panel" look="segments" onChoose={(next) => monitorState.update({ view: next })} />
        </div>
        <div id="monitor-alerts-panel" className="section" role="tabpanel" aria-labelledby={`monitor-alerts-panel-tab-${view}`}>
          {view === "open" && <Open />}
          {view === "all" && <All />}
          {view === "history" && <History />}
          {view === "thresholds" && <Thresholds />}
        </div>
      </section>
    </>
  );
}

function Open() {
  return (
    <Answer query={useOpenAlerts()} what="The alerts could not be loaded">
      {(alerts) =>
        alerts.length === 0 ? (
          <div className="place-empty">
            <h3>No open alert</h3>
            <p className="muted">Everything that is looked at is within its bounds. All has those that are over.</p>
          </div>
        ) : (
          <AlertList alerts={alerts} />
        )
      }
    </Answer>
  );
}

function All() {
  const list = useAllAlerts();
  return (
    <Answer query={list} what="The alerts could not be loaded">
      {({ pages }) => {
        const alerts = pages.flatMap((page) => page.alerts);
        return alerts.length === 0 ? (
          <div className="place-empty">
            <h3>No alert yet</h3>
            <p className="muted">Alerts are kept for 90 days after their end.</p>
          </div>
        ) : (
          <>
            <AlertList alerts={alerts} />
            <More list={list} what="Load older alerts" />
          </>
        );
      }}
    </Answer>
  );
}

function History() {
  const list = useAlertHistory(null);
  return (
    <Answer query={list} what="The history could not be loaded">
      {({ pages }) => (
        <>
          <Events events={pages.flatMap((page) => page.events)} named />
          <More list={list} what="Load what was before" />
        </>
      )}
    </Answer>
  );
}

function Thresholds() {
  return (
    <Answer query={useThresholds()} what="The thresholds could not be loaded" lines={10}>
      {(answer) => <ThresholdTable answer={answer} />}
    </Answer>
  );
}

function ThresholdTable({ answer }: { answer: ThresholdsAnswer }) {
  const bound = (value: number | null, unit: string, bad: string) => (value === null ? "off" : `${bad} ${formatWithUnit(value, unit)}`);
  return (
    <>
      <p className="muted monitor-about">
        An alert is over when all was good for {formatSeconds(answer.clear_seconds)}; what comes back within{" "}
        {formatSeconds(answer.cooldown_seconds)} is the same alert. It gets better only when the value is{" "}
        {formatPercent(answer.margin * 100, 0)} beyond its bound. The setting <code>alert_thresholds</code> changes bounds and turns
        types off.
      </p>
      <TableScroll label="Thresholds">
        <table className="plain-table monitor-table numbers" aria-label="Thresholds">
          <thead>
            <tr>
              <th scope="col">Type</th>
              <th scope="col">What</th>
              <th scope="col" className="number">Warning</th>
              <th scope="col" className="number">Critical</th>
              <th scope="col" className="number">For at least</th>
            </tr>
          </thead>
          <tbody>
            {answer.thresholds.map((each) => (
              <tr key={each.type}>
                <td>{sentenceName(each.type)}</td>
                <td className="monitor-wrap muted">{each.what}</td>
                {each.unit === "" && each.warning !== null ? (
                  // A matter of yes or no: its bounds are degrees that say nothing to people.
                  <td colSpan={2} className="number muted">
                    whenever it is so
                  </td>
                ) : (
                  <>
                    <td className="number">{bound(each.warning, each.unit, each.bad)}</td>
                    <td className="number">{bound(each.critical, each.unit, each.bad)}</td>
                  </>
                )}
                <td className="number">{each.hold_seconds === 0 ? kNone : formatSeconds(each.hold_seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </>
  );
}
