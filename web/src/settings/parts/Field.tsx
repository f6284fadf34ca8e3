import { cloneElement, type ReactElement, type ReactNode, useId } from "react";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: ReactElement<{ id?: string; "aria-describedby"?: string; "aria-invalid"?: boolean }>;
}

/** A control below its label, with what the server had against it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="settings-field">
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, { id, "aria-describedby": `${id}-about`, "aria-invalid": error !== undefined })}
      <span id={`${id}-about`} className={error === undefined ? "muted" : "error"}>
        {error ?? hint}
      </span>
    </div>
  );
}
