import { DropdownMenu } from "radix-ui";
import type { Alert } from "../api/schema";
import { Icon } from "../ui/Icon";
import { sentenceName } from "../ui/format";
import { useAlertAction } from "./monitorApi";

const kMutes: readonly (readonly [minutes: number, title: string])[] = [
  [30, "30 minutes"],
  [60, "1 hour"],
  [240, "4 hours"],
  [1440, "24 hours"],
  [10_080, "7 days"],
];

/** Acknowledge, mute, unmute: what the alert's state has room for. */
export function AlertActions({ alert }: { alert: Alert }) {
  const ask = useAlertAction(alert.id);
  // One that began while the app database was away has no id yet, so nothing can be done to it.
  if (alert.state === "resolved" || alert.id === 0) return null;
  const name = sentenceName(alert.type).toLowerCase();
  return (
    <div className="monitor-actions">
      {alert.state === "raised" && (
        <button
          type="button"
          className="button small"
          aria-label={`Acknowledge ${name}`}
          disabled={ask.isPending}
          onClick={() => ask.mutate({ action: "acknowledge" })}
        >
          <Icon name="check" size={14} />
          Acknowledge
        </button>
      )}
      {alert.state === "muted" ? (
        <button
          type="button"
          className="button small"
          aria-label={`Unmute ${name}`}
          disabled={ask.isPending}
          onClick={() => ask.mutate({ action: "unmute" })}
        >
          <Icon name="bell" size={14} />
          Unmute
        </button>
      ) : (
        <DropdownMenu.Root>
          <DropdownMenu.Trigger className="button small" aria-label={`Mute ${name}`} disabled={ask.isPending}>
            <Icon name="bell" size={14} />
            Mute
            <Icon name="chevron" size={12} />
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content className="monitor-menu" align="end" sideOffset={4}>
              <DropdownMenu.Label className="monitor-menu-label">Tell nobody for</DropdownMenu.Label>
              {kMutes.map(([minutes, title]) => (
                <DropdownMenu.Item
                  key={minutes}
                  className="monitor-menu-item"
                  onSelect={() => ask.mutate({ action: "mute", minutes })}
                >
                  {title}
                </DropdownMenu.Item>
              ))}
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      )}
    </div>
  );
}
