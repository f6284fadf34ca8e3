import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { Icon } from "./Icon";
import "./combobox.css";

export interface Choice {
  value: string;
  label: string;
  detail?: string;
}

interface ComboboxProps {
  label: string;
  value: string | null;
  placeholder: string;
  choices: readonly Choice[];
  onChoose: (value: string) => void;
  /** Lets a text that is no choice be chosen: its value, or null while it is not acceptable. */
  custom?: (text: string) => string | null;
  /** What to say when nothing matches. */
  emptyText: string;
  /** `data-shortcut` that the page's key handler clicks. */
  shortcut?: string;
}

/** A button that opens a searchable list: type to narrow, arrows to move, Enter to choose, Escape to leave. */
export function Combobox(props: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const current = props.choices.find((choice) => choice.value === props.value);

  useEffect(() => {
    if (!open) return undefined;
    const closeOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [open]);

  const leave = () => {
    setOpen(false);
    button.current?.focus();
  };

  return (
    <div className="combobox" ref={root}>
      <button
        ref={button}
        type="button"
        className="combobox-button"
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-label={`${props.label}: ${current?.label ?? props.value ?? props.placeholder}`}
        data-shortcut={props.shortcut}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" && !open) {
            event.preventDefault();
            setOpen(true);
          }
        }}
      >
        <span className="combobox-value">{current?.label ?? props.value ?? props.placeholder}</span>
        <Icon name="chevron" size={12} />
      </button>
      {open && (
        <ComboboxList
          {...props}
          onLeave={leave}
          onChoose={(value) => {
            leave();
            props.onChoose(value);
          }}
        />
      )}
    </div>
  );
}

function ComboboxList(props: ComboboxProps & { onLeave: () => void }) {
  const { choices, custom, label, value, onChoose, onLeave } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [text, setText] = useState("");
  const [active, setActive] = useState(() => Math.max(0, choices.findIndex((choice) => choice.value === value)));

  const needle = text.trim().toLowerCase();
  const matches = choices.filter((choice) => `${choice.label} ${choice.detail ?? ""}`.toLowerCase().includes(needle));
  const own = needle === "" ? null : (custom?.(text.trim()) ?? null);
  if (own !== null && !matches.some((choice) => choice.value === own)) matches.push({ value: own, label: own });

  useEffect(() => input.current?.focus(), []);

  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active, text]);

  const onKeyDown = (event: KeyboardEvent) => {
    const last = matches.length - 1;
    const moves: Partial<Record<string, number>> = {
      ArrowDown: active >= last ? 0 : active + 1,
      ArrowUp: active <= 0 ? last : active - 1,
      Home: 0,
      End: last,
      PageDown: Math.min(last, active + 8),
      PageUp: Math.max(0, active - 8),
    };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, move));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const choice = matches[active];
      if (choice !== undefined) onChoose(choice.value);
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      onLeave();
    }
  };

  return (
    <div className="combobox-popup">
      <input
        ref={input}
        className="combobox-input"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={matches.length === 0 ? undefined : `${id}-${active}`}
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul className="combobox-list" role="listbox" id={`${id}-list`} aria-label={label} ref={list}>
        {matches.map((choice, index) => (
          <li
            key={choice.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className="combobox-option"
            onPointerMove={() => setActive(index)}
            // The list must not take the focus from the input before the click arrives.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(choice.value)}
          >
            <span>
              {choice.label}
              {choice.detail !== undefined && <span className="combobox-detail">{choice.detail}</span>}
            </span>
            {choice.value === value && <Icon name="check" size={14} />}
          </li>
        ))}
      </ul>
      {matches.length === 0 && <p className="combobox-empty">{props.emptyText}</p>}
    </div>
  );
}
