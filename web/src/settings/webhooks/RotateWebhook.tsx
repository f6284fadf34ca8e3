import { type FormEvent, useState } from "react";
import type { IssuedWebhook, Webhook } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { kGraces } from "../keys/graces";
import { Field } from "../parts/Field";
import { Modal } from "../parts/Modal";
import { useRotateWebhook } from "./useWebhooks";

export function RotateWebhook({ webhook, onClose, onRotated }: { webhook: Webhook; onClose: () => void; onRotated: (webhook: IssuedWebhook) => void }) {
  const rotate = useRotateWebhook();
  const [grace, setGrace] = useState("86400");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate({ id: webhook.id, grace_seconds: Number(grace) }, { onSuccess: onRotated });
  };
  return (
    <Modal title="Rotate the secret" onClose={onClose}>
      <form className="settings-form" onSubmit={submit}>
        <p>Messages are signed with another secret from now on, and with the one before beside it for a while.</p>
        <Field label="The secret of before still signs" hint="Time to put the new one into the receiver">
          <select className="control" value={grace} onChange={(event) => setGrace(event.target.value)}>
            {kGraces.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        {rotate.error !== null && <Failure error={rotate.error} what="The secret was not rotated" />}
        <div className="settings-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={rotate.isPending}>
            Rotate
          </button>
        </div>
      </form>
    </Modal>
  );
}
