import { useMemo } from "react";
import { useInstruments, useObjectives, useSamplers, useStrategies } from "../../api/queries";
import { fieldErrors } from "../../api/problem";
import { availableTimeframes, timeframeSeconds } from "../../chart/timeframe";
import { useStartJob } from "../../jobs/useJobs";
import { useStored } from "../../state/useStored";
import { InputsForm } from "../../strategy/InputsForm";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { formatInteger, plural, sentenceName, spacedName } from "../../ui/format";
import { TextArea } from "../ExtraFields";
import { samplerTitle } from "../names";
import { Setting } from "../Setting";
import { updateOptimise } from "./address";
import { Chips } from "./Chips";
import { FormHead } from "./FormHead";
import { Stages } from "./Stages";
import { type BatchRequest, kTournament, kTournamentProperties, readTournament, type TournamentDraft } from "./tournament";
import "../../strategy/strategy.css";

/** Many strategies on the same bars, in stages: the better they do, the more trials they are given. */
export function NewTournament() {
  const [stored, setDraft] = useStored<Partial<TournamentDraft>>("tournament", {});
  const first = useInstruments().data?.[0];
  const suggested = first === undefined ? {} : { symbols: [first.symbol], timeframes: [first.series[0]?.timeframe ?? "1d"] };
  const draft: TournamentDraft = { ...kTournament, ...suggested, ...stored };
  const strategies = useStrategies();
  const start = useStartJob<BatchRequest>("/optimize/batch", (id) => updateOptimise({ job: id, making: null, place: null, view: "summary" }));
  const categories = useMemo(() => [...new Set(strategies.data?.map(({ category }) => category))].toSorted(), [strategies.data]);
  const catalogued = {
    all: strategies.data?.length ?? 0,
    category: strategies.data?.filter(({ category }) => category === draft.category).length ?? 0,
  };
  const reading = readTournament(draft, catalogued);
  const refused = fieldErrors(start.error);
  const errorOf = (name: string) => reading.errors.get(name) ?? refused.get(`/${name}`);
  const set = (change: Partial<TournamentDraft>) => setDraft({ ...draft, ...change });
  return (
    <div className="sections">
      <form
        className="section"
        noValidate
        aria-label="Tournament"
        onSubmit={(event) => {
          event.preventDefault();
          if (reading.request !== null) start.mutate(reading.request);
        }}
      >
        <FormHead title="New tournament" />
        <div className="optimise-tournament">
          <div className="card optimise-column">
            <h4 className="section-title">Strategies</h4>
            <div className="optimise-choice" role="radiogroup" aria-label="Which strategies">
              {kFields.map(({ id, label }) => (
                <label key={id} className="check">
                  <input type="radio" name="field" checked={draft.field === id} onChange={() => set({ field: id })} />
                  {label}
                </label>
              ))}
            </div>
            {draft.field === "category" && (
              <Setting title="Category" hint="All strategies of the catalogue that belong to it." error={errorOf("category")}>
                {(id) => (
                  <select id={id} className="control" value={draft.category} onChange={(event) => set({ category: event.target.value })}>
                    <option value="">Choose…</option>
                    {categories.map((category) => (
                      <option key={category} value={category}>
                        {sentenceName(category)}
                      </option>
                    ))}
                  </select>
                )}
              </Setting>
            )}
            {draft.field === "chosen" && (
              <Chips
                label="Add a strategy"
                chosen={draft.strategies}
                choices={(strategies.data ?? []).map(({ name, category }) => ({ value: name, label: spacedName(name), detail: sentenceName(category) }))}
                onChange={(chosen) => set({ strategies: chosen })}
              />
            )}
            {errorOf("strategies") !== undefined && <p className="error">{errorOf("strategies")}</p>}
            <Bars draft={draft} errorOf={errorOf} onChange={set} />
          </div>
          <div className="card optimise-column">
            <h4 className="section-title">Stages</h4>
            <Stages stages={draft.stages} errorOf={errorOf} onChange={(stages) => set({ stages })} />
            <TextArea
              title="Required of a result"
              hint="Entrants that break it rank below all that do not: an objective, trades_per_year, total_closed_trades or exposure_percent against a number."
              placeholder="trades_per_year >= 12"
              value={draft.require}
              error={errorOf("require")}
              onChange={(require) => set({ require })}
            />
            <details className="optimise-fixed">
              <summary>Properties of all entrants</summary>
              <InputsForm
                title="Properties"
                definitions={kTournamentProperties}
                raw={draft.properties}
                errors={reading.propertyErrors}
                onChange={(properties) => set({ properties })}
              />
            </details>
          </div>
          <div className="card optimise-column search-settings">
            <h4 className="section-title">How</h4>
            <TournamentSettings draft={draft} errorOf={errorOf} onChange={set} />
            <p className="search-count numbers" role="status" data-entrants={reading.entrants}>
              {reading.missing.length > 0 ? (
                `Choose ${reading.missing.join(", ")}.`
              ) : (
                <>
                  <strong>{formatInteger(reading.entrants)}</strong> entrants, at most {plural(reading.trials, "trial")}
                </>
              )}
            </p>
            <button type="submit" className="button primary" disabled={reading.request === null || start.isPending}>
              <Icon name="play" size={14} />
              Start tournament
            </button>
            {start.error !== null && <Failure error={start.error} what="The tournament was not started" />}
          </div>
        </div>
      </form>
    </div>
  );
}

const kFields: readonly { id: TournamentDraft["field"]; label: string }[] = [
  { id: "all", label: "All of the catalogue" },
  { id: "category", label: "A category" },
  { id: "chosen", label: "Chosen ones" },
];

interface PartProps {
  draft: TournamentDraft;
  errorOf: (name: string) => string | undefined;
  onChange: (change: Partial<TournamentDraft>) => void;
}

function Bars({ draft, errorOf, onChange }: PartProps) {
  const instruments = useInstruments();
  const stored = instruments.data?.filter(({ symbol }) => draft.symbols.includes(symbol)) ?? [];
  const timeframes = [...new Set(stored.flatMap(availableTimeframes))].toSorted((a, b) => (timeframeSeconds(a) ?? 0) - (timeframeSeconds(b) ?? 0));
  const date = (title: string, name: "from" | "to") => (
    <Setting title={title} hint="A day, UTC; empty: as far as there are bars." error={errorOf(name)}>
      {(id) => <input id={id} type="date" className="control" value={draft[name]} onChange={(event) => onChange({ [name]: event.target.value })} />}
    </Setting>
  );
  return (
    <>
      <h4 className="section-title">Bars</h4>
      <Chips
        label="Add an instrument"
        chosen={draft.symbols}
        choices={(instruments.data ?? []).map(({ symbol, name }) => ({ value: symbol, label: symbol, detail: name }))}
        onChange={(symbols) => onChange({ symbols })}
      />
      {errorOf("symbols") !== undefined && <p className="error">{errorOf("symbols")}</p>}
      <Chips
        label="Add a timeframe"
        chosen={draft.timeframes}
        choices={timeframes.map((value) => ({ value, label: value }))}
        custom={(text) => (timeframeSeconds(text) === null ? null : text)}
        onChange={(chosen) => onChange({ timeframes: chosen })}
      />
      {errorOf("timeframes") !== undefined && <p className="error">{errorOf("timeframes")}</p>}
      {date("From", "from")}
      {date("To", "to")}
    </>
  );
}

function TournamentSettings({ draft, errorOf, onChange }: PartProps) {
  const objectives = useObjectives();
  const samplers = useSamplers();
  const number = (title: string, name: "seed" | "share" | "validation", field: string, hint: string) => (
    <Setting title={title} hint={hint} error={errorOf(field)}>
      {(id) => <input id={id} type="number" min={0} className="control number" value={draft[name]} onChange={(event) => onChange({ [name]: event.target.value })} />}
    </Setting>
  );
  return (
    <>
      <Setting title="Objective" hint="What entrants are ranked by, in sample." error={errorOf("objective")}>
        {(id) => (
          <select id={id} className="control" value={draft.objective} onChange={(event) => onChange({ objective: event.target.value })}>
            {(objectives.data ?? [{ name: draft.objective, title: sentenceName(draft.objective) }]).map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Setting>
      <Setting title="Sampler" hint="How combinations are chosen." error={errorOf("sampler")}>
        {(id) => (
          <select id={id} className="control" value={draft.sampler} onChange={(event) => onChange({ sampler: event.target.value })}>
            {(samplers.data ?? [{ name: draft.sampler }]).map(({ name }) => (
              <option key={name} value={name}>
                {samplerTitle(name)}
              </option>
            ))}
          </select>
        )}
      </Setting>
      {number("Seed", "seed", "seed", "The same seed draws the same trials.")}
      {number("Out of sample, %", "share", "out_of_sample_share", "The newest part of the bars; only those of the last stage are looked at there.")}
      {number("Validation, %", "validation", "validation_share", "Bars before that, on which the best of each finalist's trials is chosen.")}
      <Setting title="Prices" hint="Whether prices are adjusted for splits, or for splits and dividends." error={errorOf("price_adjustment")}>
        {(id) => (
          <select
            id={id}
            className="control"
            value={draft.priceAdjustment}
            onChange={(event) => onChange({ priceAdjustment: event.target.value as TournamentDraft["priceAdjustment"] })}
          >
            <option value="">As usual</option>
            <option value="raw">As traded</option>
            <option value="splits">Splits</option>
            <option value="splits_and_dividends">Splits, dividends</option>
          </select>
        )}
      </Setting>
      <Setting title="Priority" hint="Of the job among those that wait." error={errorOf("priority")}>
        {(id) => (
          <select id={id} className="control" value={draft.priority} onChange={(event) => onChange({ priority: event.target.value })}>
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
