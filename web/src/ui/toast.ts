import { useSyncExternalStore } from "react";

/** A short notice of what was done, with the way back from it. */
export interface Toast {
  readonly id: number;
  readonly title: string;
  readonly detail?: string;
  readonly look?: "plain" | "danger";
  readonly action?: { readonly label: string; readonly run: () => void };
}

const kShownMax = 4;

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function publish(changed: readonly Toast[]): void {
  toasts = changed;
  for (const listener of listeners) listener();
}

export function toast(content: Omit<Toast, "id">): void {
  publish([...toasts, { ...content, id: next++ }].slice(-kShownMax));
}

/** Of something that was removed: `undo` brings it back. */
export function toastUndo(title: string, undo: () => void): void {
  toast({ title, action: { label: "Undo", run: undo } });
}

/** Of something that did not work, where there is no place beside it to say so. */
export function toastFailure(what: string, error: Error): void {
  toast({ title: what, detail: error.message, look: "danger" });
}

export function dropToast(id: number): void {
  publish(toasts.filter((each) => each.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
