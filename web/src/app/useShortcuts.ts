import { useEffect } from "react";

/**
 * One key listener for the page. A control names its key in `data-shortcut`: a key press clicks it, or puts the
 * cursor into it. Keys are left alone while something is typed or a dialog is open.
 */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const dialog = document.querySelector("dialog[open]") !== null;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !dialog) {
        event.preventDefault();
        submitForm(event.target);
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog || isTyping(event.target)) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const control = document.querySelector<HTMLElement>(`[data-shortcut="${CSS.escape(key)}"]`);
      if (control === null) return;
      event.preventDefault();
      control.focus({ preventScroll: true });
      if (!(control instanceof HTMLInputElement)) control.click();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
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
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
