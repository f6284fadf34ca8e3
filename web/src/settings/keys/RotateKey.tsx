import { type FormEvent, useState } from "react";
import { keyId, useApiKey } from "../../api/key";
import type { ApiKey, IssuedApiKey } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Field } from "../parts/Field";
import { Modal } from "../parts/Modal";
import { kGraces } from "./graces";
import { useRotateKey } from "./useKeys";

/** Another secret for a key, with the time that the one before still holds. */
export function RotateKey({ apiKey: key, onClose, onRotated }: { apiKey: ApiKey; onClose: () => void; onRotated: (key: IssuedApiKey) => void }) {
  const rotate = useRotateKey();
  const own = keyId(useApiKey()) === key.id;
  const [grace, setGrace] = useState("86400");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate({ id: key.id, grace_seconds: Number(grace) }, { onSuccess: onRotated });
  };
  return (
    <Modal title={`Rotate ${key.name}`} onClose={onClose}>
      <form className="settings-form" onSubmit={submit}>
        <p>
          The key keeps its name, owner and scopes and gets another secret.
          {own && " This page uses this key and goes on with the new secret."}
        </p>
        <Field label="The token of before still holds" hint="Time to put the new one into what uses the key">
          <select className="control" value={grace} onChange={(event) => setGrace(event.target.value)}>
            {kGraces.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        {rotate.error !== null && <Failure error={rotate.error} what="The key was not rotated" />}
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
