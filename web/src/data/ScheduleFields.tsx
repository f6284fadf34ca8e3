import { Field, NumberField, SelectField } from "./Field";
import { kDays, type ScheduleDraft } from "./schedule";

interface ScheduleFieldsProps {
  draft: ScheduleDraft;
  error: string | undefined;
  onChange: (change: Partial<ScheduleDraft>) => void;
}

export function ScheduleFields({ draft, error, onChange }: ScheduleFieldsProps) {
  return (
    <fieldset className="data-schedule">
      <legend className="section-title">Runs by itself</legend>
      <SelectField
        title="When"
        value={draft.kind}
        choices={[
          ["none", "Never"],
          ["every", "Every so many minutes"],
          ["at", "At a time of day"],
        ]}
        onChange={(kind) => onChange({ kind })}
      />
      {draft.kind === "every" && <NumberField title="Minutes" value={draft.minutes} hint="Counted on the clock: 15 is at :00, :15, :30 and :45." onChange={(minutes) => onChange({ minutes })} />}
      {draft.kind === "at" && (
        <>
          <Field title="Time of day">
            {(control) => <input {...control} type="time" className="control" value={draft.at} onChange={(event) => onChange({ at: event.target.value })} />}
          </Field>
          <Field title="Time zone">
            {(control) => <input {...control} className="control" list="data-zones" autoComplete="off" value={draft.zone} onChange={(event) => onChange({ zone: event.target.value })} />}
          </Field>
          <datalist id="data-zones">
            {["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <div className="data-days" role="group" aria-label="Days">
            {kDays.map((day) => (
              <button
                key={day}
                type="button"
                className="button small"
                aria-pressed={draft.days.includes(day)}
                onClick={() => onChange({ days: kDays.filter((each) => (each === day ? !draft.days.includes(day) : draft.days.includes(each))) })}
              >
                {day.charAt(0).toUpperCase() + day.slice(1)}
              </button>
            ))}
          </div>
        </>
      )}
      {error !== undefined && <p className="error">{error}</p>}
    </fieldset>
  );
}
