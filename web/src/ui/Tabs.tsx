import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import "./tabs.css";

export interface TabItem<T extends string> {
  id: T;
  label: string;
  /** A count or state beside the label. */
  note?: ReactNode;
  className?: string;
  shortcut?: string;
}

interface TabsProps<T extends string> {
  label: string;
  items: readonly TabItem<T>[];
  chosen: T;
  onChoose: (id: T) => void;
  /** The id of the panel that the tabs switch. */
  panel: string;
  look?: "tabs" | "segments";
}

/** Tabs as the ARIA pattern has them: one stop of the Tab key, arrows to switch. */
export function Tabs<T extends string>({ label, items, chosen, onChoose, panel, look = "tabs" }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  // Stands for the width of all tabs: a note that comes or goes changes it.
  const width = items.map(({ id, note }) => `${id} ${note === null || note === undefined}`).join();

  // Where the tabs do not all fit, the chosen one is brought into view; only the row of tabs moves.
  useEffect(() => {
    const row = list.current;
    const tab = row?.querySelector<HTMLElement>(`[data-tab="${chosen}"]`);
    if (row === null || tab === undefined || tab === null) return;
    const start = tab.offsetLeft - row.offsetLeft;
    const end = start + tab.offsetWidth;
    if (start < row.scrollLeft) row.scrollLeft = start;
    else if (end > row.scrollLeft + row.clientWidth) row.scrollLeft = end - row.clientWidth;
  }, [chosen, width]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const index = items.findIndex((item) => item.id === chosen);
    const moves: Partial<Record<string, number>> = {
      ArrowRight: (index + 1) % items.length,
      ArrowLeft: (index + items.length - 1) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const next = items[moves[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div className={look} ref={list} role="tablist" tabIndex={-1} aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="tab"
          id={`${panel}-tab-${item.id}`}
          data-tab={item.id}
          data-shortcut={item.shortcut}
          className={item.className}
          aria-selected={item.id === chosen}
          aria-controls={panel}
          tabIndex={item.id === chosen ? 0 : -1}
          onClick={() => onChoose(item.id)}
        >
          {item.label}
          {item.note}
        </button>
      ))}
    </div>
  );
}
