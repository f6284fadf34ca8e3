import { type FormEvent, useState } from "react";
import { fieldErrors } from "../../api/problem";
import type { Webhook } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { plural } from "../../ui/format";
import { toast } from "../../ui/toast";
import { Field } from "../parts/Field";
import { Modal } from "../parts/Modal";
import { useReplayRange } from "./useWebhooks";

const kDayMs = 86_400_000;

/** `2026-01-05T14:30` of a moment, as the field of date and time wants it; UTC. */
function fieldTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 16);
}

/** Sends the events of a range of time again, those that were not delivered. */
export function ReplayRange({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const replay = useReplayRange();
  const [now] = useState(() => Date.now());
  const [from, setFrom] = useState(() => fieldTime(webhook.failing_since === null ? now - kDayMs : Date.parse(webhook.failing_since)));
  const [to, setTo] = useState(() => fieldTime(now + 60_000));
  const [deliveredToo, setDeliveredToo] = useState(false);
  const errors = fieldErrors(replay.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    replay.mutate(
      { id: webhook.id, range: { from: `${from}:00Z`, to: `${to}:00Z`, delivered_too: deliveredToo } },
      {
        onSuccess: ({ replayed }) => {
          onClose();
          toast({ title: replayed === 0 ? "There was nothing to send again" : `${plural(replayed, "event")} are sent again` });
        },
      },
    );
  };
  return (
    <Modal title="Send missed events" onClose={onClose}>
      <form className="settings-form" onSubmit={submit}>
        <p>The events of this time that were not delivered are sent again, the oldest first, at most 1,000.</p>
        <div className="settings-pair">
          <Field label="From" hint="UTC" error={errors.get("/from")}>
            <input type="datetime-local" className="control" required value={from} onChange={(event) => setFrom(event.target.value)} />
          </Field>
          <Field label="To" hint="UTC" error={errors.get("/to")}>
            <input type="datetime-local" className="control" required value={to} onChange={(event) => setTo(event.target.value)} />
          </Field>
        </div>
        <label className="settings-check">
          <input type="checkbox" checked={deliveredToo} onChange={(event) => setDeliveredToo(event.target.checked)} />
          Also those that were delivered
        </label>
        {replay.error !== null && errors.size === 0 && <Failure error={replay.error} what="Nothing was sent again" />}
        <div className="settings-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={replay.isPending}>
            Send again
          </button>
        </div>
      </form>
    </Modal>
  );
}
