import type { Delivery } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { formatInteger, kNone, sentenceName } from "../../ui/format";
import { updateSettings, useSettings } from "../useSettings";
import { useDeliveries } from "./useWebhooks";

const kStates = ["pending", "delivering", "delivered", "failed", "cancelled"] as const;
const kLooks: Partial<Record<string, string>> = { delivered: "good", failed: "danger", pending: "warning" };

export function DeliveryState({ delivery: { state, attempts } }: { delivery: Pick<Delivery, "state" | "attempts"> }) {
  const text = state === "pending" && attempts > 0 ? "Tried again soon" : sentenceName(state);
  return <span className={`badge ${kLooks[state] ?? ""}`}>{text}</span>;
}

/** The log of what a webhook was sent. */
export function Deliveries({ webhook }: { webhook: string }) {
  const { state, delivery: chosen } = useSettings();
  const deliveries = useDeliveries(webhook, state);
  const all = deliveries.data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <section className="section">
      <div className="section-head">
        <h4>Deliveries</h4>
        <select
          className="control settings-filter"
          aria-label="State of deliveries"
          value={state ?? ""}
          onChange={(event) => updateSettings({ state: event.target.value === "" ? null : event.target.value, delivery: null })}
        >
          <option value="">All</option>
          {kStates.map((each) => (
            <option key={each} value={each}>
              {sentenceName(each)}
            </option>
          ))}
        </select>
      </div>
      {deliveries.isPending && <Skeleton lines={5} />}
      {deliveries.error !== null && deliveries.data === undefined && (
        <Failure error={deliveries.error} what="The deliveries could not be loaded" onRetry={() => void deliveries.refetch()} />
      )}
      {deliveries.data !== undefined && all.length === 0 && (
        <p className="card muted">{state === null ? "Nothing was sent yet. Send a test to see one." : `None is ${state}.`}</p>
      )}
      {all.length > 0 && (
        <div className="card settings-table-card">
          <div className="table-scroll" tabIndex={0} role="region" aria-label="Deliveries">
            <table className="plain-table settings-table">
              <thead>
                <tr>
                  <th scope="col">Event</th>
                  <th scope="col">State</th>
                  <th scope="col" className="number">
                    Answer
                  </th>
                  <th scope="col" className="number">
                    Tries
                  </th>
                  <th scope="col">Made</th>
                </tr>
              </thead>
              <tbody>
                {all.map((delivery) => (
                  <tr key={delivery.delivery_id} data-delivery={delivery.delivery_id} data-chosen={delivery.delivery_id === chosen || undefined}>
                    <th scope="row">
                      <button
                        type="button"
                        className="settings-link"
                        aria-current={delivery.delivery_id === chosen ? "true" : undefined}
                        onClick={() => updateSettings({ delivery: delivery.delivery_id })}
                      >
                        {delivery.event_type}
                      </button>
                      {delivery.replay && <span className="badge">sent again</span>}
                    </th>
                    <td>
                      <DeliveryState delivery={delivery} />
                    </td>
                    <td className="number" title={delivery.last_error ?? undefined}>
                      {delivery.last_status ?? kNone}
                    </td>
                    <td className="number">{formatInteger(delivery.attempts)}</td>
                    <td>
                      <Instant time={delivery.created_at} seconds />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {deliveries.hasNextPage && (
            <button type="button" className="button small settings-more" disabled={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>
              Older ones
            </button>
          )}
        </div>
      )}
    </section>
  );
}
