import { useId } from "react";

interface PeriodFieldsProps {
  from: string;
  to: string;
  errors: ReadonlyMap<string, string>;
  onChange: (change: { from?: string; to?: string }) => void;
}

/** First and last day of the run, UTC; empty means everything that is stored. */
export function PeriodFields({ from, to, errors, onChange }: PeriodFieldsProps) {
  return (
    <section className="form-section" aria-label="Period">
      <header className="form-head">
        <h3 className="section-title">Period, UTC</h3>
        {(from !== "" || to !== "") && (
          <button type="button" className="button quiet small" onClick={() => onChange({ from: "", to: "" })}>
            Whole history
          </button>
        )}
      </header>
      <DateField title="From" value={from} error={errors.get("from")} onChange={(value) => onChange({ from: value })} />
      <DateField title="To" value={to} error={errors.get("to")} onChange={(value) => onChange({ to: value })} />
    </section>
  );
}

interface DateFieldProps {
  title: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

function DateField({ title, value, error, onChange }: DateFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      <input
        id={id}
        className="control"
        type="date"
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onChange={(event) => onChange(event.target.value)}
      />
      {error !== undefined && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
