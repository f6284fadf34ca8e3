import { useState } from "react";
import type { IssuedWebhook, Webhook } from "../../api/schema";
import { Icon } from "../../ui/Icon";
import { Instant } from "../../ui/Instant";
import { toast, toastFailure } from "../../ui/toast";
import { updateSettings, useSettings } from "../useSettings";
import { Confirm } from "../parts/Confirm";
import { Facts } from "../parts/Facts";
import { EventBadges, WebhookState } from "./badges";
import { Deliveries } from "./Deliveries";
import { DeliveryView } from "./DeliveryView";
import { ReplayRange } from "./ReplayRange";
import { RotateWebhook } from "./RotateWebhook";
import { WebhookForm } from "./WebhookForm";
import { useChangeWebhook, useRemoveWebhook, useTestWebhook } from "./useWebhooks";

/** One webhook, what can be done with it, and what it was sent. */
export function WebhookView({ webhook, onIssued }: { webhook: Webhook; onIssued: (webhook: IssuedWebhook) => void }) {
  const { delivery } = useSettings();
  const [open, setOpen] = useState<"edit" | "rotate" | "replay" | null>(null);
  const change = useChangeWebhook();
  const test = useTestWebhook();
  const close = () => setOpen(null);
  const enable = (enabled: boolean) =>
    change.mutate({ id: webhook.id, change: { enabled } }, { onError: (error) => toastFailure("The webhook was not changed", error) });
  return (
    <section className="section">
      <div className="section-head">
        <button type="button" className="button small" onClick={() => updateSettings({ webhook: null, state: null, delivery: null })}>
          <Icon name="back" size={14} />
          Webhooks
        </button>
        <h3 className="settings-url">
          {webhook.url}
        </h3>
        <WebhookState webhook={webhook} />
      </div>
      {webhook.disabled_reason !== null && (
        <p className="notice danger">
          <span>Disabled by the server: {webhook.disabled_reason}. Enable it when it can be reached; what it missed can be sent again.</span>
          <button type="button" className="button small" onClick={() => enable(true)}>
            Enable
          </button>
        </p>
      )}
      {webhook.enabled && webhook.failing_since !== null && (
        <p className="notice warning">
          <span>
            Nothing was delivered since <Instant time={webhook.failing_since} />. The log below says why.
          </span>
        </p>
      )}
      <div className="card settings-about">
        <Facts
          facts={[
            ["Description", webhook.description === "" ? <span className="muted">None</span> : webhook.description],
            ["Events", <EventBadges key="events" events={webhook.events} />],
            ["Owner", webhook.owner],
            ["Made", <Instant key="made" time={webhook.created_at} />],
          ]}
        />
        <div className="settings-buttons">
          <button
            type="button"
            className="button primary"
            disabled={!webhook.enabled || test.isPending}
            title={webhook.enabled ? "Sends webhook.test now" : "It is paused; enable it first"}
            onClick={() =>
              test.mutate(webhook.id, {
                onSuccess: (sent) => updateSettings({ delivery: sent.delivery_id, state: null }),
                onError: (error) => toastFailure("The test was not sent", error),
              })
            }
          >
            <Icon name="play" size={14} />
            Send a test
          </button>
          <button type="button" className="button" onClick={() => setOpen("edit")}>
            Edit
          </button>
          <button type="button" className="button" disabled={change.isPending} onClick={() => enable(!webhook.enabled)}>
            <Icon name={webhook.enabled ? "pause" : "play"} size={14} />
            {webhook.enabled ? "Pause" : "Enable"}
          </button>
          <button type="button" className="button" onClick={() => setOpen("rotate")}>
            Rotate the secret
          </button>
          <button type="button" className="button" disabled={!webhook.enabled} onClick={() => setOpen("replay")}>
            Send missed events
          </button>
          <DeleteWebhook webhook={webhook} />
        </div>
      </div>
      <div className="settings-log" data-open={delivery !== null || undefined}>
        <Deliveries webhook={webhook.id} />
        {delivery !== null && <DeliveryView webhook={webhook} id={delivery} />}
      </div>
      {open === "edit" && <WebhookForm webhook={webhook} onClose={close} />}
      {open === "replay" && <ReplayRange webhook={webhook} onClose={close} />}
      {open === "rotate" && (
        <RotateWebhook
          webhook={webhook}
          onClose={close}
          onRotated={(issued) => {
            close();
            onIssued(issued);
          }}
        />
      )}
    </section>
  );
}

function DeleteWebhook({ webhook }: { webhook: Webhook }) {
  const remove = useRemoveWebhook();
  return (
    <Confirm
      title="Delete the webhook?"
      text={
        <p>
          Nothing is sent to <code>{webhook.url}</code> any more. Its secret, its deliveries and their log are gone for good; to stop it
          for a while, pause it.
        </p>
      }
      action="Delete"
      onConfirm={() =>
        remove.mutate(webhook.id, {
          onSuccess: () => {
            updateSettings({ webhook: null, state: null, delivery: null });
            toast({ title: "The webhook is deleted", detail: webhook.url });
          },
          onError: (error) => toastFailure("The webhook was not deleted", error),
        })
      }
    >
      <button type="button" className="button quiet settings-danger-text">
        <Icon name="trash" size={14} />
        Delete
      </button>
    </Confirm>
  );
}
