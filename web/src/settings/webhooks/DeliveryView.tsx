import type { DeliveryAttempt, DeliveryDetail, Webhook } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { formatInteger } from "../../ui/format";
import { toastFailure } from "../../ui/toast";
import { updateSettings } from "../useSettings";
import { Copy } from "../parts/Copy";
import { DeliveryState } from "./Deliveries";
import { isUnderWay, useDelivery, useReplayDelivery } from "./useWebhooks";

/** One delivery: what was sent, and what each try was answered. */
export function DeliveryView({ webhook, id }: { webhook: Webhook; id: string }) {
  const delivery = useDelivery(webhook.id, id);
  return (
    <section className="section" aria-labelledby="delivery-title">
      <div className="section-head">
        <h4 id="delivery-title">{delivery.data?.event_type ?? "Delivery"}</h4>
        {delivery.data !== undefined && <DeliveryState delivery={delivery.data} />}
        {delivery.data !== undefined && <SendAgain webhook={webhook} delivery={delivery.data} />}
        <button type="button" className="button quiet icon small" aria-label="Close the delivery" onClick={() => updateSettings({ delivery: null })}>
          <Icon name="close" size={14} />
        </button>
      </div>
      {delivery.isPending && <Skeleton lines={8} />}
      {delivery.error !== null && delivery.data === undefined && (
        <Failure error={delivery.error} what="The delivery could not be loaded" onRetry={() => void delivery.refetch()} />
      )}
      {delivery.data !== undefined && (
        <div className="card settings-delivery">
          {delivery.data.next_attempt_at !== null && (
            <p>
              Tried again at <Instant time={delivery.data.next_attempt_at} seconds />
            </p>
          )}
          <Body title="Request body" text={readable(delivery.data.request_body)} />
          {delivery.data.log.length === 0 && <p className="muted">Not tried yet.</p>}
          {delivery.data.log.toReversed().map((attempt) => (
            <Attempt key={attempt.number} attempt={attempt} open={attempt.number === delivery.data.log.at(-1)?.number} />
          ))}
        </div>
      )}
    </section>
  );
}

function SendAgain({ webhook, delivery }: { webhook: Webhook; delivery: DeliveryDetail }) {
  const replay = useReplayDelivery();
  const why = isUnderWay(delivery) ? "It is not over yet" : webhook.enabled ? null : "The webhook is paused; enable it first";
  return (
    <button
      type="button"
      className="button small"
      disabled={why !== null || replay.isPending}
      title={why ?? "The same event, with the same webhook-id"}
      onClick={() =>
        replay.mutate(
          { webhook: webhook.id, id: delivery.delivery_id },
          {
            onSuccess: (sent) => updateSettings({ delivery: sent.delivery_id, state: null }),
            onError: (error) => toastFailure("It was not sent again", error),
          },
        )
      }
    >
      <Icon name="refresh" size={14} />
      Send again
    </button>
  );
}

function Attempt({ attempt, open }: { attempt: DeliveryAttempt; open: boolean }) {
  const works = attempt.error === null;
  return (
    <details className="settings-attempt" open={open}>
      <summary>
        <span>Try {attempt.number}</span>
        <span className={`badge ${works ? "good" : "danger"}`}>{attempt.status ?? "No answer"}</span>
        <span className="muted numbers">{formatInteger(attempt.took_ms)} ms</span>
        <Instant time={attempt.at} seconds />
      </summary>
      {attempt.error !== null && <p className="error">{attempt.error}</p>}
      <Body title="Request headers" text={attempt.request_headers} />
      <Body title="Response headers" text={attempt.response_headers} />
      <Body title={attempt.response_is_cut ? "Response body, its beginning" : "Response body"} text={readable(attempt.response_body)} />
    </details>
  );
}

function Body({ title, text }: { title: string; text: string }) {
  if (text === "") return null;
  return (
    <div className="settings-body">
      <div className="settings-body-head">
        <h5>{title}</h5>
        <Copy text={text} what={title.toLowerCase()} />
      </div>
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

/** JSON with an indent; everything else as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
