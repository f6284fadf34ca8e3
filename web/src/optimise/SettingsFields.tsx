import { useObjectives, useSamplers } from "../api/queries";
import { formatInteger } from "../ui/format";
import { Setting } from "./Setting";
import type { SearchSettings } from "./settings";
import { samplerTitle, sentence } from "./names";

interface SettingsFieldsProps {
  settings: SearchSettings;
  /** null while only the server knows. */
  combinations: number | null;
  errorOf: (name: string) => string | undefined;
  onChange: (settings: SearchSettings) => void;
}

/** How to look, and what counts as good. */
export function SettingsFields({ settings, combinations, errorOf, onChange }: SettingsFieldsProps) {
  const objectives = useObjectives();
  const samplers = useSamplers();
  const kinds = samplers.data ?? [{ name: settings.sampler, summary: "", needs_steps: false }];
  const grid = settings.sampler === "grid" && combinations !== null && Number.isFinite(combinations);
  const endless = combinations !== null && !Number.isFinite(combinations);
  const number = (name: "trials" | "seed" | "share" | "validation") => ({
    className: "control number",
    type: "number",
    value: settings[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => onChange({ ...settings, [name]: event.target.value }),
  });
  return (
    <>
      <Setting title="Objective" hint="What the best trial is the best in. It is judged in sample only." error={errorOf("objective")}>
        {(id) => (
          <select
            id={id}
            className="control"
            value={settings.objective}
            onChange={(event) => onChange({ ...settings, objective: event.target.value })}
          >
            {(objectives.data ?? [{ name: settings.objective, title: settings.objective }]).map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Setting>
      <Setting
        title="Sampler"
        hint={`How combinations are chosen. ${sentence(kinds.find(({ name }) => name === settings.sampler)?.summary ?? "")}`}
        error={errorOf("sampler")}
      >
        {(id) => (
          <select
            id={id}
            className="control"
            value={settings.sampler}
            onChange={(event) => onChange({ ...settings, sampler: event.target.value })}
          >
            {kinds.map(({ name, summary, needs_steps: steps }) => (
              <option key={name} value={name} title={summary} disabled={steps && endless}>
                {samplerTitle(name)}
              </option>
            ))}
          </select>
        )}
      </Setting>
      <Setting title="Trials" hint="How many combinations are tried. The more, the likelier the best one is luck." error={errorOf("trials")}>
        {(id) =>
          grid ? (
            <input id={id} className="control number" disabled value={formatInteger(combinations)} readOnly />
          ) : (
            <input id={id} min={1} step={1} {...number("trials")} />
          )
        }
      </Setting>
      <Setting title="Seed" hint="The same seed draws the same trials." error={errorOf("seed")}>
        {(id) => <input id={id} step={1} {...number("seed")} />}
      </Setting>
      <Setting
        title="Out of sample, %"
        hint="The newest part of the data, which the search never sees. The best values are then measured on it."
        error={errorOf("out_of_sample_share")}
      >
        {(id) => <input id={id} min={0} max={90} step={5} {...number("share")} />}
      </Setting>
      <Setting
        title="Validation, %"
        hint="Data before that, on which the ten best trials are measured; the best there is the result. 15 and 15 make 70/15/15."
        error={errorOf("validation_share")}
      >
        {(id) => <input id={id} min={0} max={90} step={5} {...number("validation")} />}
      </Setting>
      <WalkForwardFields settings={settings} errorOf={errorOf} onChange={onChange} />
    </>
  );
}

function WalkForwardFields({ settings, errorOf, onChange }: Omit<SettingsFieldsProps, "combinations">) {
  const days = (title: string, name: "trainDays" | "testDays" | "stepDays", hint: string, field: string) => (
    <Setting title={title} hint={hint} error={errorOf(`walk_forward/${field}`)}>
      {(id) => (
        <input
          id={id}
          className="control number"
          type="number"
          min={1}
          value={settings[name]}
          onChange={(event) => onChange({ ...settings, [name]: event.target.value })}
        />
      )}
    </Setting>
  );
  return (
    <fieldset className="search-walk">
      <legend className="visually-hidden">Walk-forward</legend>
      <label className="check">
        <input type="checkbox" checked={settings.walks} onChange={(event) => onChange({ ...settings, walks: event.target.checked })} />
        Walk forward
      </label>
      {settings.walks && (
        <>
          {days("Train, days", "trainDays", "Each search sees so many calendar days.", "train_days")}
          {days("Test, days", "testDays", "What it finds is measured on the days behind them.", "test_days")}
          {days("Step, days", "stepDays", "The next search begins so many days later. All of them make as many trials as this one.", "step_days")}
          <label className="check">
            <input
              type="checkbox"
              checked={settings.anchored}
              onChange={(event) => onChange({ ...settings, anchored: event.target.checked })}
            />
            Begin each at the first bar
          </label>
          {errorOf("walk_forward") !== undefined && <p className="error">{errorOf("walk_forward")}</p>}
        </>
      )}
    </fieldset>
  );
}
