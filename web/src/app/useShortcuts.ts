import { useEffect } from "react";

/** How long the second key of a pair may take. */
const kPairMs = 1200;

/**
 * One key listener for the page. A control names its key in `data-shortcut`, or two that are typed one after the other
 * ("g d"): a key press clicks it, or puts the cursor into it. Keys are left alone while something is typed or a dialog
 * is open.
 */
export function useShortcuts(): void {
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      const dialog = document.querySelector('dialog[open], [role="dialog"], [role="alertdialog"]') !== null;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !dialog) {
        event.preventDefault();
        submitForm(event.target);
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog || isTyping(event.target)) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const before = first !== null && event.timeStamp - first.at < kPairMs ? first.key : null;
      first = { key, at: event.timeStamp };
      const control = (before === null ? null : controlOf(`${before} ${key}`)) ?? controlOf(key);
      if (control === null) return;
      first = null;
      event.preventDefault();
      control.focus({ preventScroll: true });
      if (!(control instanceof HTMLInputElement)) control.click();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function controlOf(keys: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-shortcut="${CSS.escape(keys)}"]`);
}

/** The form that is being filled in; from anywhere else, the strategy's. */
function submitForm(target: EventTarget | null): void {
  const own = target instanceof Element ? target.closest("form") : null;
  const form = own ?? document.getElementById("strategy-form");
  if (form instanceof HTMLFormElement) form.requestSubmit();
  else document.querySelector<HTMLElement>("[data-run]")?.click();
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  if (target instanceof HTMLElement && target.isContentEditable) return true;
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
