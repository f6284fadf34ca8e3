import { useId, type ReactNode } from "react";
import { fieldErrors } from "../api/problem";
import { useObjectives, useSamplers } from "../api/queries";
import type { BacktestRequest, OptimizeRequest, Strategy } from "../api/types";
import { updatePage } from "../state/usePageState";
import { useStored } from "../state/useStored";
import { Failure } from "../ui/Failure";
import { Hint } from "../ui/Hint";
import { Icon } from "../ui/Icon";
import { formatInteger, plural, sentenceName } from "../ui/format";
import { JobList } from "../jobs/JobList";
import { kOwnScript } from "../strategy/ownScript";
import { RangeTable } from "./RangeTable";
import { canVary, type RangeDrafts, searchSpace } from "./ranges";
import { initialSettings, readSettings, type SearchSettings } from "./settings";
import { useStartSearch } from "../jobs/useJobs";

interface SearchFormProps {
  strategy: Strategy | undefined;
  draft: BacktestRequest | null;
}

/** What to vary, how to look, and what counts as good; beside it the searches made before. */
export function SearchForm({ strategy, draft }: SearchFormProps) {
  return (
    <div className="search">
      {strategy === undefined ? (
        <div className="tab-empty">
          <p>Choose a strategy to search its inputs for better values.</p>
        </div>
      ) : (
        <SpaceForm strategy={strategy} draft={draft} />
      )}
      <section className="search-jobs" aria-label="Searches">
        <h3 className="section-title">Searches</h3>
        <JobList />
      </section>
    </div>
  );
}

function SpaceForm({ strategy, draft }: { strategy: Strategy; draft: BacktestRequest | null }) {
  const [drafts, setDrafts] = useStored<RangeDrafts>(`ranges.${strategy.name}`, {});
  const [chosen, setSettings] = useStored<SearchSettings | null>("search", null);
  const start = useStartSearch((job) => updatePage({ job, view: "summary" }));
  const space = searchSpace(strategy.inputs, drafts);
  const own = strategy.name === kOwnScript;
  // What was kept by an earlier build of the page lacks what has been added since.
  const initial = initialSettings(own ? null : space.combinations);
  const settings = chosen === null ? initial : { ...initial, ...chosen };
  const reading = readSettings(settings, own ? null : space.combinations);
  const refused = fieldErrors(start.error);
  const varied = strategy.inputs.filter(canVary);

  const problems = new Map(space.problems);
  space.parameters.forEach(({ name }, index) => {
    for (const [pointer, message] of refused) {
      const match = /^\/parameters\/(\d+)(?:\/(\w+))?/.exec(pointer);
      if (match !== null && Number(match[1]) === index) problems.set(name, { field: match[2] ?? "from", message });
    }
  });
  const errorOf = (name: string) => reading.errors.get(name) ?? refused.get(`/${name}`);
  const ready = space.problems.size === 0 && (own || space.parameters.length > 0) && reading.errors.size === 0 && draft !== null;

  const submit = () => {
    if (!ready || draft === null) return;
    const { include_plots: _plots, inputs, ...shared } = draft;
    const names = new Set(space.parameters.map((parameter) => parameter.name));
    const fixed = Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.has(name)));
    const request: OptimizeRequest = {
      ...shared, ...reading.settings, inputs: fixed,
      // Left out, every input that has a range in the script varies.
      ...(own ? {} : { parameters: space.parameters }),
    };
    start.mutate(request);
  };

  return (
    <form
      className="search-form"
      noValidate
      aria-label="Search"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <section aria-label="Ranges">
        {own ? (
          <p className="muted search-own">Every input that has both minval and maxval in the script varies within them.</p>
        ) : varied.length === 0 ? (
          <p className="muted">This strategy has no numeric inputs to vary.</p>
        ) : (
          <RangeTable
            definitions={varied}
            drafts={drafts}
            problems={problems}
            onChange={(name, range) => setDrafts({ ...drafts, [name]: range })}
          />
        )}
      </section>
      <section className="search-settings" aria-label="Search settings">
        <SettingsFields settings={settings} combinations={own ? null : space.combinations} errorOf={errorOf} onChange={setSettings} />
        <p className="search-count numbers" role="status" data-combinations={space.combinations}>
          {!own && (
            <>
              <strong>{formatInteger(space.combinations)}</strong> combinations,{" "}
            </>
          )}
          {plural(reading.settings.trials, "trial")}
        </p>
        <button type="submit" className="button primary" disabled={!ready || start.isPending}>
          <Icon name="search" size={14} />
          Start search
        </button>
        {draft === null && <p className="error">Correct the strategy’s inputs first.</p>}
        {start.error !== null && <Failure error={start.error} what="The search was not started" />}
      </section>
    </form>
  );
}

interface SettingsFieldsProps {
  settings: SearchSettings;
  /** null while only the server knows. */
  combinations: number | null;
  errorOf: (name: string) => string | undefined;
  onChange: (settings: SearchSettings) => void;
}

function SettingsFields({ settings, combinations, errorOf, onChange }: SettingsFieldsProps) {
  const objectives = useObjectives();
  const samplers = useSamplers();
  const kinds = samplers.data ?? [{ name: settings.sampler, summary: "" }];
  const grid = settings.sampler === "grid" && combinations !== null;
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
            {kinds.map(({ name, summary }) => (
              <option key={name} value={name} title={summary}>
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

/** What a sampler is called; most names of several words are read as such. */
function samplerTitle(name: string): string {
  const titles: Record<string, string> = { tpe: "TPE", cmaes: "CMA-ES", nsga2: "NSGA-II" };
  return titles[name] ?? sentenceName(name);
}

function sentence(text: string): string {
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

interface SettingProps {
  title: string;
  hint: string;
  error: string | undefined;
  children: (id: string) => ReactNode;
}

function Setting({ title, hint, error, children }: SettingProps) {
  const id = useId();
  return (
    <div className="field">
      <span className="label">
        <label htmlFor={id}>{title}</label>
        <Hint text={hint} about={title} />
      </span>
      {children(id)}
      {error !== undefined && <p className="error">{error}</p>}
    </div>
  );
}
