import type { KeyboardEvent, PointerEvent } from "react";
import "./splitter.css";

interface SplitterProps {
  label: string;
  /** Share of the first part, percent. */
  share: number;
  minimum: number;
  maximum: number;
  onChange: (share: number) => void;
}

/** The bar between two parts, one above the other: dragged, or moved with the arrow keys. */
export function Splitter({ label, share, minimum, maximum, onChange }: SplitterProps) {
  const bounded = (value: number) => Math.min(maximum, Math.max(minimum, value));
  const drag = (event: PointerEvent<HTMLElement>) => {
    const frame = event.currentTarget.parentElement?.getBoundingClientRect();
    if (frame === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onChange(bounded(((event.clientY - frame.top) / frame.height) * 100));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Partial<Record<string, number>> = {
      ArrowUp: share - 4,
      ArrowDown: share + 4,
      Home: minimum,
      End: maximum,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    onChange(bounded(move));
  };
  return (
    <div
      className="splitter"
      role="separator"
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuenow={Math.round(share)}
      aria-valuemin={minimum}
      aria-valuemax={maximum}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={onKeyDown}
    />
  );
}
