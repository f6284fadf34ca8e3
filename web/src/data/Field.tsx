import { type ReactNode, useId } from "react";
import { Hint } from "../ui/Hint";

interface FieldProps {
  title: string;
  error?: string | undefined;
  hint?: string;
  /** Gets what ties the control to its label and its error. */
  children: (control: { id: string; "aria-invalid": boolean; "aria-describedby": string | undefined }) => ReactNode;
}

/** A control with its name, and what is wrong with it. */
export function Field({ title, error, hint, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <span className="label">
        <label htmlFor={id}>{title}</label>
        {hint !== undefined && <Hint about={title} text={hint} />}
      </span>
      {children({ id, "aria-invalid": error !== undefined, "aria-describedby": error === undefined ? undefined : `${id}-error` })}
      {error !== undefined && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface SelectFieldProps<T extends string> {
  title: string;
  value: T;
  choices: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
  error?: string | undefined;
  hint?: string;
}

export function SelectField<T extends string>({ title, value, choices, onChange, ...more }: SelectFieldProps<T>) {
  return (
    <Field title={title} {...more}>
      {(control) => (
        <select
          {...control}
          className="control"
          value={value}
          onChange={(event) => {
            const chosen = choices.find(([each]) => each === event.target.value);
            if (chosen !== undefined) onChange(chosen[0]);
          }}
        >
          {choices.map(([each, label]) => (
            <option key={each} value={each}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface NumberFieldProps {
  title: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string;
}

export function NumberField({ title, value, onChange, ...more }: NumberFieldProps) {
  return (
    <Field title={title} {...more}>
      {(control) => (
        <input
          {...control}
          className="control number"
          inputMode="numeric"
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A day, with a time of day where one matters: `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`, UTC. */
export function MomentField({ title, value, withTime, onChange, ...more }: NumberFieldProps & { withTime: boolean }) {
  const [day = "", time = ""] = value.split(" ");
  return (
    <Field title={title} {...more}>
      {(control) => (
        <span className="data-moment">
          <input
            {...control}
            type="date"
            className="control"
            value={day}
            onChange={(event) => onChange(event.target.value === "" || time === "" ? event.target.value : `${event.target.value} ${time}`)}
          />
          {(withTime || time !== "") && (
            <input
              type="time"
              className="control"
              aria-label={`${title}, time of day, UTC`}
              value={time}
              disabled={day === ""}
              onChange={(event) => onChange(event.target.value === "" ? day : `${day} ${event.target.value}`)}
            />
          )}
        </span>
      )}
    </Field>
  );
}

export function CheckField({ title, checked, onChange, error, hint }: { title: string; checked: boolean; onChange: (checked: boolean) => void; error?: string | undefined; hint?: string }) {
  return (
    <div>
      <span className="data-check">
        <label>
          <input type="checkbox" checked={checked} aria-invalid={error !== undefined} onChange={(event) => onChange(event.target.checked)} />
          {title}
        </label>
        {hint !== undefined && <Hint about={title} text={hint} />}
      </span>
      {error !== undefined && <p className="error">{error}</p>}
    </div>
  );
}
