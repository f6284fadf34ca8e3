import { useEffect, useSyncExternalStore } from "react";

/** Something that can be done now, for the command palette. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** The keys that do the same, for show. */
  readonly keys?: string;
  /** Other words that it is found by. */
  readonly words?: string;
  readonly run: () => void;
}

let registered: readonly (readonly Command[])[] = [];
let all: readonly Command[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly (readonly Command[])[]): void {
  registered = next;
  all = next.flat();
  for (const listener of listeners) listener();
}

/** Offers commands while the component is shown. The list must be kept (useMemo) while it stays the same. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    publish([...registered, commands]);
    return () => publish(registered.filter((each) => each !== commands));
  }, [commands]);
}

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => all,
  );
}
