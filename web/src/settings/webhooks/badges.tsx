import type { Webhook } from "../../api/schema";

export function WebhookState({ webhook }: { webhook: Webhook }) {
  if (webhook.disabled_reason !== null) return <span className="badge danger">Disabled by the server</span>;
  if (!webhook.enabled) return <span className="badge">Paused</span>;
  if (webhook.failing_since !== null) return <span className="badge warning">Failing</span>;
  return <span className="badge good">Active</span>;
}

export function EventBadges({ events }: { events: readonly string[] }) {
  return (
    <span className="settings-badges">
      {events.map((event) => (
        <span key={event} className="badge">
          {event === "*" ? "all events" : event}
        </span>
      ))}
    </span>
  );
}
