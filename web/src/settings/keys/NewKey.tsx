import { type FormEvent, useState } from "react";
import { fieldErrors } from "../../api/problem";
import type { IssuedApiKey } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Field } from "../parts/Field";
import { Modal } from "../parts/Modal";
import { type Expiry, expiresAt, kExpiries, kScopes, type Scope } from "./scopes";
import { useCreateKey } from "./useKeys";

/** Asks for what a key is for and what it may do. */
export function NewKey({ onClose, onMade }: { onClose: () => void; onMade: (key: IssuedApiKey) => void }) {
  const create = useCreateKey();
  const [name, setName] = useState("");
  const [owner, setOwner] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["read"]);
  const [expiry, setExpiry] = useState<Expiry>("90");
  const [date, setDate] = useState("");
  const errors = fieldErrors(create.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      {
        name: name.trim(),
        scopes: [...scopes],
        ...(owner.trim() === "" ? {} : { owner: owner.trim() }),
        expires_at: expiresAt(expiry, date, Date.now()),
      },
      { onSuccess: onMade },
    );
  };
  const all = scopes.includes("admin");
  return (
    <Modal title="New API key" onClose={onClose}>
      <form className="settings-form" onSubmit={submit}>
        <Field label="Name" hint="What it is for: a program, a desk, a person" error={errors.get("/name")}>
          <input className="control" value={name} required maxLength={100} autoComplete="off" onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Owner" hint="Empty: your own. Owners do not see each other's jobs and files." error={errors.get("/owner")}>
          <input className="control" value={owner} autoComplete="off" onChange={(event) => setOwner(event.target.value)} />
        </Field>
        <fieldset className="settings-scopes" aria-describedby="scopes-error">
          <legend>Scopes</legend>
          {kScopes.map(([scope, allows]) => (
            <label key={scope}>
              <input
                type="checkbox"
                checked={scopes.includes(scope) || all}
                disabled={all && scope !== "admin"}
                onChange={(event) => setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))}
              />
              <span>
                <strong>{scope}</strong>
                <span className="muted">{allows}</span>
              </span>
            </label>
          ))}
          <span id="scopes-error" className="error">
            {errors.get("/scopes")}
          </span>
        </fieldset>
        <div className="settings-pair">
          <Field label="Expires" error={errors.get("/expires_at")}>
            <select className="control" value={expiry} onChange={(event) => setExpiry(event.target.value as Expiry)}>
              {kExpiries.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </Field>
          {expiry === "date" && (
            <Field label="Date" hint="From 00:00 UTC on">
              <input type="date" className="control" value={date} required onChange={(event) => setDate(event.target.value)} />
            </Field>
          )}
        </div>
        {create.error !== null && errors.size === 0 && <Failure error={create.error} what="The key was not made" />}
        <div className="settings-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={create.isPending || scopes.length === 0}>
            Make the key
          </button>
        </div>
      </form>
    </Modal>
  );
}
