import { useId, useState } from "react";
import "./hint.css";

/** A small question mark whose text shows on hover and on focus; Escape hides it. */
export function Hint({ text, about }: { text: string; about: string }) {
  const id = useId();
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  const show = (element: HTMLElement) => {
    // Fixed to the window, because the panel around it scrolls and clips.
    const box = element.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left - 12, window.innerWidth - 268));
    setPlace({ left, top: box.bottom + 6 });
  };
  const hide = () => setPlace(null);
  return (
    <span className="hint">
      <button
        type="button"
        className="hint-mark"
        aria-label={`About ${about}`}
        aria-describedby={id}
        onPointerEnter={(event) => show(event.currentTarget)}
        onPointerLeave={hide}
        onFocus={(event) => show(event.currentTarget)}
        onBlur={hide}
        onClick={(event) => show(event.currentTarget)}
        onKeyDown={(event) => {
          if (event.key === "Escape") hide();
        }}
      >
        ?
      </button>
      <span
        role="tooltip"
        id={id}
        className={place === null ? "visually-hidden" : "hint-text"}
        style={place ?? undefined}
      >
        {text}
      </span>
    </span>
  );
}
