import { Skeleton } from "../../ui/Skeleton";
import { Failure } from "../../ui/Failure";
import { eventGroups, matches, toggled } from "./events";
import { useEventTypes } from "./useWebhooks";

interface EventsFieldProps {
  filter: readonly string[];
  onChange: (filter: string[]) => void;
  error?: string | undefined;
}

/** The events that a webhook is told of: all, groups, or one by one. */
export function EventsField({ filter, onChange, error }: EventsFieldProps) {
  const types = useEventTypes();
  const groups = eventGroups(types.data ?? []);
  const toggle = (pattern: string) => onChange(toggled(filter, pattern, groups));
  const all = filter.includes("*");
  return (
    <fieldset className="settings-events" aria-describedby="events-error">
      <legend>Events</legend>
      {types.isPending && <Skeleton lines={6} />}
      {types.error !== null && <Failure error={types.error} what="The events could not be loaded" onRetry={() => void types.refetch()} />}
      {groups.length > 0 && (
        <label className="settings-check">
          <input type="checkbox" checked={all} onChange={() => toggle("*")} />
          <strong>All</strong>
          <span className="muted">also those that come to be later</span>
        </label>
      )}
      <div className="settings-event-groups">
        {groups.map((group) => (
          <div key={group.pattern}>
            <label className="settings-check">
              <input type="checkbox" checked={all || filter.includes(group.pattern)} onChange={() => toggle(group.pattern)} />
              <strong>{group.pattern}</strong>
            </label>
            {group.types.map(({ type, summary }) => (
              <label key={type} className="settings-check settings-event">
                <input type="checkbox" checked={matches(filter, type)} onChange={() => toggle(type)} />
                <span>
                  <code>{type}</code>
                  <span className="muted">{summary}</span>
                </span>
              </label>
            ))}
          </div>
        ))}
      </div>
      <span id="events-error" className="error">
        {error}
      </span>
    </fieldset>
  );
}
