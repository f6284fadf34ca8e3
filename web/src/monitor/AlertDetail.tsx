import { type FormEvent, useId, useState } from "react";
import type { Alert } from "../api/schema";
import { Icon } from "../ui/Icon";
import { formatInteger, kNone, sentenceName } from "../ui/format";
import { monitorState } from "./address";
import { AlertActions } from "./AlertActions";
import { Events } from "./AlertEvents";
import { SeverityBadge } from "./AlertList";
import { useAlert, useAlertAction, useAlertHistory, useThresholds } from "./monitorApi";
import { Answer, Facts, More, StatusBadge } from "./parts";
import { formatUtc, formatWithUnit } from "./values";

/** One alert: how bad it is, who did what about it, and for how long it should be quiet. */
export function AlertDetail({ id }: { id: number }) {
  const alert = useAlert(id);
  const history = useAlertHistory(id);
  return (
    <section className="section card monitor-detail" aria-label="Alert">
      <button
        type="button"
        className="button quiet icon small monitor-close"
        aria-label="Close the alert"
        title="Close the alert"
        onClick={() => monitorState.update({ alert: null })}
      >
        <Icon name="close" size={14} />
      </button>
      <Answer query={alert} what="The alert could not be loaded" lines={12}>
        {(found) => <About alert={found} />}
      </Answer>
      {alert.data !== undefined && (
        <>
          <h4>What happened</h4>
          <Answer query={history} what="The history could not be loaded" lines={3}>
            {({ pages }) => (
              <>
                <Events events={pages.flatMap((page) => page.events)} named={false} />
                <More list={history} what="Load what was before" />
              </>
            )}
          </Answer>
        </>
      )}
    </section>
  );
}

function About({ alert }: { alert: Alert }) {
  const threshold = useThresholds().data?.thresholds.find((each) => each.type === alert.type);
  const unit = threshold?.unit ?? "";
  const bad = threshold?.bad === "below" ? "below " : threshold?.bad === "above" ? "from " : "";
  return (
    <>
      <div className="monitor-detail-head">
        <h3>{sentenceName(alert.type)}</h3>
        <SeverityBadge alert={alert} />
        <StatusBadge status={alert.state} />
      </div>
      <p>{alert.message}</p>
      <div className="monitor-detail-actions">
        <AlertActions alert={alert} />
        {alert.state !== "resolved" && alert.state !== "muted" && alert.id !== 0 && <MuteFor id={alert.id} />}
      </div>
      <Facts
        facts={[
          ["Source", alert.source],
          ["Value now", formatWithUnit(alert.value, unit)],
          [alert.severity === "critical" ? "Critical" : "Warning", `${bad}${formatWithUnit(alert.threshold, unit)}`],
          ["Raised", formatUtc(alert.raised_at)],
          ["Seen last", formatUtc(alert.seen_at)],
          ["Came", alert.occurrences === 1 ? "once" : `${formatInteger(alert.occurrences)} times`],
          ["Acknowledged", alert.acknowledged_at === null ? kNone : `${formatUtc(alert.acknowledged_at)}, by ${alert.acknowledged_by ?? "somebody"}`],
          ["Muted until", alert.muted_until === null ? kNone : `${formatUtc(alert.muted_until)}, by ${alert.muted_by ?? "somebody"}`],
          ["Resolved", formatUtc(alert.resolved_at)],
          ["What to do", <code key="runbook">{alert.runbook}</code>],
        ]}
      />
    </>
  );
}

/** As the server bounds it: a year and a day. */
const kMinutesMax = 527_040;

function MuteFor({ id }: { id: number }) {
  const field = useId();
  const ask = useAlertAction(id);
  const [text, setText] = useState("120");
  const minutes = /^\d+$/.test(text.trim()) ? Number(text) : 0;
  const good = minutes >= 1 && minutes <= kMinutesMax;
  return (
    <form
      className="monitor-mute"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (good) ask.mutate({ action: "mute", minutes });
      }}
    >
      <label htmlFor={field}>Mute for</label>
      <input
        id={field}
        className="control number"
        inputMode="numeric"
        value={text}
        aria-invalid={!good}
        onChange={(event) => setText(event.target.value)}
      />
      <span>minutes</span>
      <button type="submit" className="button small" disabled={!good || ask.isPending}>
        Mute
      </button>
    </form>
  );
}
