import { useEffect, useState } from "react";
import { Icon } from "../../ui/Icon";

const kShownMs = 2000;

/** Puts a text on the clipboard; where the browser does not let it, the text beside it can still be marked. */
export function Copy({ text, what, primary = false }: { text: string; what: string; primary?: boolean }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return undefined;
    const timer = setTimeout(() => setState("idle"), kShownMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  return (
    <button type="button" className={`button${primary ? " primary" : " small"}`} aria-label={`Copy ${what}`} onClick={() => void copy()}>
      <Icon name={state === "copied" ? "check" : "copy"} size={14} />
      <span aria-live="polite">{{ idle: "Copy", copied: "Copied", refused: "Copy it by hand" }[state]}</span>
    </button>
  );
}

/** A command for a terminal, ready to be copied. */
export function Command({ text }: { text: string }) {
  return (
    <span className="settings-command">
      <code>{text}</code>
      <Copy text={text} what={text} />
    </span>
  );
}
