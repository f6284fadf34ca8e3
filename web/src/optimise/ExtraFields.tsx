import { useObjectives } from "../api/queries";
import type { Job } from "../api/types";
import { Icon } from "../ui/Icon";
import { formatInteger, formatTime } from "../ui/format";
import { countExtras, type ExtrasDraft } from "./extras";
import { Setting } from "./Setting";

interface ExtraFieldsProps {
  draft: ExtrasDraft;
  objective: string;
  /** Searches of the same strategy that this one may begin with. */
  earlier: readonly Job[];
  errorOf: (name: string) => string | undefined;
  onChange: (draft: ExtrasDraft) => void;
}

/** What most searches do without, folded away until it is wanted. */
export function ExtraFields({ draft, objective, earlier, errorOf, onChange }: ExtraFieldsProps) {
  const set = countExtras(draft);
  return (
    <details className="search-more">
      <summary>
        <Icon name="chevron" size={12} />
        More: constraints, conditions, limits
        {set > 0 && <span className="badge">{set} set</span>}
      </summary>
      <div className="search-more-fields">
        <TextArea
          title="Constraints"
          hint="Comparisons of two inputs, or of one with a number, one in each line. What breaks one is never tried."
          placeholder="fast_length < slow_length"
          value={draft.constraints}
          error={errorOf("constraints")}
          onChange={(constraints) => onChange({ ...draft, constraints })}
        />
        <TextArea
          title="Only in use if"
          hint="An input that matters only for some values of another, one in each line. Elsewhere it keeps its value, and no trial is spent on it."
          placeholder="stop_length if exit = atr, both"
          value={draft.conditions}
          error={errorOf("conditions")}
          onChange={(conditions) => onChange({ ...draft, conditions })}
        />
        <TextArea
          title="Required of a result"
          hint="Trials that break it rank below all that do not: an objective, trades_per_year, total_closed_trades or exposure_percent against a number."
          placeholder="trades_per_year >= 12"
          value={draft.require}
          error={errorOf("require")}
          onChange={(require) => onChange({ ...draft, require })}
        />
        <Objectives draft={draft} objective={objective} onChange={onChange} />
        {(objective === "composite" || draft.objectives.includes("composite")) && (
          <Weights draft={draft} error={errorOf("weights")} onChange={onChange} />
        )}
        <Limits draft={draft} errorOf={errorOf} onChange={onChange} />
        <Begin draft={draft} earlier={earlier} error={errorOf("first_points")} onChange={onChange} />
        <label className="check">
          <input type="checkbox" checked={draft.validate} onChange={(event) => onChange({ ...draft, validate: event.target.checked })} />
          Ask what the result is worth
        </label>
      </div>
    </details>
  );
}

interface TextAreaProps {
  title: string;
  hint: string;
  placeholder: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

export function TextArea({ title, hint, placeholder, value, error, onChange }: TextAreaProps) {
  return (
    <Setting title={title} hint={hint} error={error} wide>
      {(id) => (
        <textarea
          id={id}
          className="control mono"
          rows={2}
          spellCheck={false}
          placeholder={placeholder}
          aria-invalid={error !== undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Setting>
  );
}

function Objectives({ draft, objective, onChange }: Pick<ExtraFieldsProps, "draft" | "objective" | "onChange">) {
  const objectives = useObjectives();
  return (
    <fieldset className="search-objectives">
      <legend>Seek also</legend>
      <div className="ranges-options">
        {(objectives.data ?? [])
          .filter(({ name }) => name !== objective)
          .map(({ name, title }) => {
            const chosen = draft.objectives.includes(name);
            return (
              <button
                key={name}
                type="button"
                className="button small"
                aria-pressed={chosen}
                onClick={() =>
                  onChange({ ...draft, objectives: chosen ? draft.objectives.filter((each) => each !== name) : [...draft.objectives, name] })
                }
              >
                {title}
              </button>
            );
          })}
      </div>
      <p className="muted">With several, the result also has the trials that no other beats in all of them.</p>
    </fieldset>
  );
}

function Weights({ draft, error, onChange }: { draft: ExtrasDraft; error: string | undefined; onChange: (draft: ExtrasDraft) => void }) {
  const objectives = useObjectives();
  return (
    <fieldset className="search-objectives">
      <legend>Weights of the mix</legend>
      {(objectives.data ?? [])
        .filter((each) => each.can_be_weighed)
        .map(({ name, title }) => (
          <Setting key={name} title={title} hint="Empty weights are the server’s own while all are empty, and 0 otherwise." error={undefined}>
            {(id) => (
              <input
                id={id}
                className="control number"
                type="number"
                min={0}
                step="any"
                placeholder="server’s"
                value={draft.weights[name] ?? ""}
                onChange={(event) => onChange({ ...draft, weights: { ...draft.weights, [name]: event.target.value } })}
              />
            )}
          </Setting>
        ))}
      {error !== undefined && <p className="error">{error}</p>}
    </fieldset>
  );
}

function Limits({ draft, errorOf, onChange }: Pick<ExtraFieldsProps, "draft" | "errorOf" | "onChange">) {
  const number = (
    title: string,
    name: "stopAfter" | "timeLimit" | "randomPeriods" | "threads",
    field: string,
    hint: string,
    placeholder: string,
  ) => (
    <Setting title={title} hint={hint} error={errorOf(field)}>
      {(id) => (
        <input
          id={id}
          className="control number"
          type="number"
          min={0}
          placeholder={placeholder}
          value={draft[name]}
          onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
        />
      )}
    </Setting>
  );
  return (
    <>
      {number("Stop after", "stopAfter", "stop_after", "Ends when so many trials in a row were no better than the best before them.", "never")}
      {number("Time limit, s", "timeLimit", "time_limit_seconds", "After so many seconds no trial is begun. The result then depends on the machine.", "none")}
      {number("Random periods", "randomPeriods", "random_periods", "So many periods with a random beginning and length are looked at afterwards.", "100")}
      <Setting title="Also run on" hint="Symbols of other instruments: what is true of one market by chance seldom is of its neighbours." error={errorOf("also")}>
        {(id) => (
          <input id={id} className="control" spellCheck={false} placeholder="QQQ, IWM" value={draft.also} onChange={(event) => onChange({ ...draft, also: event.target.value })} />
        )}
      </Setting>
      <Setting title="Prices" hint="Whether prices are adjusted for splits, or for splits and dividends." error={errorOf("price_adjustment")}>
        {(id) => (
          <select
            id={id}
            className="control"
            value={draft.priceAdjustment}
            onChange={(event) => onChange({ ...draft, priceAdjustment: event.target.value as ExtrasDraft["priceAdjustment"] })}
          >
            <option value="">As usual</option>
            <option value="raw">As traded</option>
            <option value="splits">Splits</option>
            <option value="splits_and_dividends">Splits, dividends</option>
          </select>
        )}
      </Setting>
      {number("Threads", "threads", "threads", "Of the search; 0 or nothing: as the server is configured.", "server’s")}
      <Setting title="Priority" hint="Of the job among those that wait." error={errorOf("priority")}>
        {(id) => (
          <select id={id} className="control" value={draft.priority} onChange={(event) => onChange({ ...draft, priority: event.target.value })}>
            <option value="">Usual</option>
            <option value="0">Lowest</option>
            <option value="2">High</option>
            <option value="3">Highest</option>
          </select>
        )}
      </Setting>
    </>
  );
}

function Begin({ draft, earlier, error, onChange }: { draft: ExtrasDraft; earlier: readonly Job[]; error: string | undefined; onChange: (draft: ExtrasDraft) => void }) {
  return (
    <Setting title="Begin with" hint="The 20 best trials of an earlier search of this strategy are tried first. Not for samplers that spread their trials evenly." error={error}>
      {(id) => (
        <select id={id} className="control" value={draft.firstFrom} onChange={(event) => onChange({ ...draft, firstFrom: event.target.value })}>
          <option value="">Nothing known</option>
          {earlier.map((job) => (
            <option key={job.job_id} value={job.job_id}>
              {formatTime(job.created_at).slice(0, 16)}, {job.symbol}, {formatInteger(job.trials_done)} trials
            </option>
          ))}
        </select>
      )}
    </Setting>
  );
}
