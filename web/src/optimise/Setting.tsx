import { type ReactNode, useId } from "react";
import { Hint } from "../ui/Hint";

interface SettingProps {
  title: string;
  hint: string;
  error: string | undefined;
  /** The control below the name, over the whole width. */
  wide?: boolean;
  children: (id: string) => ReactNode;
}

/** A field of the search: its name, what it means, and what is wrong with it. */
export function Setting({ title, hint, error, wide = false, children }: SettingProps) {
  const id = useId();
  return (
    <div className={wide ? "field field-wide" : "field"}>
      <span className="label">
        <label htmlFor={id}>{title}</label>
        <Hint text={hint} about={title} />
      </span>
      {children(id)}
      {error !== undefined && <p className="error">{error}</p>}
    </div>
  );
}
