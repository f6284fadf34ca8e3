import { type FormEvent, useState } from "react";
import { fieldErrors } from "../../api/problem";
import type { IssuedWebhook, Webhook } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Field } from "../parts/Field";
import { Modal } from "../parts/Modal";
import { EventsField } from "./EventsField";
import { useChangeWebhook, useCreateWebhook } from "./useWebhooks";

interface WebhookFormProps {
  /** The one that is changed; none: another is made. */
  webhook?: Webhook;
  onClose: () => void;
  onMade?: (webhook: IssuedWebhook) => void;
}

export function WebhookForm({ webhook, onClose, onMade }: WebhookFormProps) {
  const create = useCreateWebhook();
  const change = useChangeWebhook();
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [events, setEvents] = useState<readonly string[]>(webhook?.events ?? ["job.*"]);
  const error = create.error ?? change.error;
  const errors = fieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { url: url.trim(), description: description.trim(), events: [...events] };
    if (webhook === undefined) create.mutate(body, { onSuccess: (made) => onMade?.(made) });
    else change.mutate({ id: webhook.id, change: body }, { onSuccess: onClose });
  };
  return (
    <Modal title={webhook === undefined ? "New webhook" : "Edit the webhook"} onClose={onClose}>
      <form className="settings-form" onSubmit={submit} noValidate>
        <Field
          label="URL"
          hint="https or http. This machine and private networks are refused unless webhook_private_addresses is allowed."
          error={errors.get("/url")}
        >
          <input
            className="control"
            type="url"
            value={url}
            placeholder="https://desk.example.com/hook"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setUrl(event.target.value)}
          />
        </Field>
        <Field label="Description" hint="What listens there" error={errors.get("/description")}>
          <input className="control" value={description} autoComplete="off" onChange={(event) => setDescription(event.target.value)} />
        </Field>
        <EventsField filter={events} onChange={setEvents} error={errors.get("/events")} />
        {error !== null && errors.size === 0 && <Failure error={error} what="The webhook was not stored" />}
        <div className="settings-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={create.isPending || change.isPending || events.length === 0}>
            {webhook === undefined ? "Make the webhook" : "Save"}
          </button>
        </div>
      </form>
    </Modal>
  );
}
