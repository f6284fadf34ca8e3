import { useMemo, useState } from "react";
import type { IssuedWebhook, Webhook } from "../../api/schema";
import { type Command, useCommands } from "../../app/commands";
import { Icon } from "../../ui/Icon";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { updateSettings, useSettings } from "../useSettings";
import { SecretOnce } from "../parts/SecretOnce";
import { SectionFailure } from "../parts/SectionFailure";
import { EventBadges, WebhookState } from "./badges";
import { WebhookForm } from "./WebhookForm";
import { WebhookView } from "./WebhookView";
import { useWebhooks } from "./useWebhooks";

/** Addresses that are told of events. */
export function WebhooksSection() {
  const webhooks = useWebhooks();
  const { webhook: chosen } = useSettings();
  const [making, setMaking] = useState(false);
  const [issued, setIssued] = useState<IssuedWebhook | null>(null);
  const commands = useMemo((): Command[] => [{ id: "new webhook", title: "New webhook", group: "Settings", keys: "N", run: () => setMaking(true) }], []);
  useCommands(commands);
  const found = webhooks.data?.find((each) => each.id === chosen);
  return (
    <>
      {chosen !== null && found !== undefined && <WebhookView webhook={found} onIssued={setIssued} />}
      {chosen !== null && webhooks.isPending && <Skeleton lines={12} />}
      {(chosen === null || (found === undefined && !webhooks.isPending)) && (
        <section className="section">
          <div className="section-head">
            <h3>Webhooks</h3>
            {webhooks.data !== undefined && (
              <button type="button" className="button primary" data-shortcut="n" onClick={() => setMaking(true)}>
                <Icon name="plus" size={14} />
                New webhook
              </button>
            )}
          </div>
          <p className="muted settings-lead">
            Programs that hear of what happens: the server posts each event to their address, signed, and tries again for three days
            where nobody answers.
          </p>
          {webhooks.isPending && <Skeleton lines={6} />}
          {webhooks.error !== null && webhooks.data === undefined && (
            <SectionFailure error={webhooks.error} what="The webhooks could not be loaded" scope="write" onRetry={() => void webhooks.refetch()} />
          )}
          {chosen !== null && webhooks.data !== undefined && (
            <p className="notice warning">
              There is no webhook <code>{chosen}</code> of yours; it may have been deleted.
            </p>
          )}
          {webhooks.data?.length === 0 && (
            <div className="card settings-empty">
              <Icon name="bell" size={20} />
              <h4>Nobody is told yet</h4>
              <p className="muted">Make a webhook to hear of finished searches, new data or alerts in a program of yours.</p>
            </div>
          )}
          {webhooks.data !== undefined && webhooks.data.length > 0 && <WebhooksTable webhooks={webhooks.data} />}
        </section>
      )}
      {making && (
        <WebhookForm
          onClose={() => setMaking(false)}
          onMade={(webhook) => {
            setMaking(false);
            setIssued(webhook);
            updateSettings({ webhook: webhook.id, state: null, delivery: null });
          }}
        />
      )}
      {issued !== null && (
        <SecretOnce
          issued={{
            title: "Secret of the webhook",
            kind: "secret",
            secret: issued.secret,
            about: "The receiver checks with it that a message comes from this server: webhook-signature is an HMAC (SHA-256) made with it.",
          }}
          onDone={() => setIssued(null)}
        />
      )}
    </>
  );
}

function WebhooksTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  return (
    <div className="card settings-table-card">
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Webhooks">
        <table className="plain-table settings-table">
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Events</th>
              <th scope="col">State</th>
              <th scope="col">Changed</th>
            </tr>
          </thead>
          <tbody>
            {webhooks.map((webhook) => (
              <tr key={webhook.id} data-webhook={webhook.id}>
                <th scope="row">
                  <button
                    type="button"
                    className="settings-link"
                    onClick={() => updateSettings({ webhook: webhook.id, state: null, delivery: null })}
                  >
                    {webhook.url}
                  </button>
                  <span className="muted">{webhook.description}</span>
                </th>
                <td>
                  <EventBadges events={webhook.events} />
                </td>
                <td>
                  <WebhookState webhook={webhook} />
                </td>
                <td>
                  <Instant time={webhook.updated_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
