import { useQuery } from "@tanstack/react-query";
import { get, post } from "../api/client";
import { fieldErrors } from "../api/problem";
import type { BacktestRequest, InputValue, OptimizeRequest, OptimizeResults, ParameterRange, Strategy } from "../api/types";
import { useJobs, useStartJob } from "../jobs/useJobs";
import { trialParameters } from "../jobs/values";
import { useStored } from "../state/useStored";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { formatInteger, plural } from "../ui/format";
import { useDelayed } from "../ui/useDelayed";
import { kOwnScript } from "../strategy/ownScript";
import { ExtraFields } from "./ExtraFields";
import { type ExtrasDraft, kNoExtras, readExtras } from "./extras";
import { RangeTable } from "./RangeTable";
import { canVary, type RangeDrafts, searchSpace } from "./ranges";
import { SettingsFields } from "./SettingsFields";
import { initialSettings, readSettings, type SearchSettings } from "./settings";
import "../ui/place.css";
import "./optimise.css";

interface SearchFormProps {
  strategy: Strategy;
  draft: BacktestRequest | null;
  onStarted: (id: string) => void;
}

const kCheckAfterMs = 400;
const kFirstPoints = 20;

/** What to vary, how to look, and what counts as good. */
export function SearchForm({ strategy, draft, onStarted }: SearchFormProps) {
  const [drafts, setDrafts] = useStored<RangeDrafts>(`ranges.${strategy.name}`, {});
  const [chosen, setSettings] = useStored<SearchSettings | null>("search", null);
  const [storedExtras, setExtras] = useStored<Partial<ExtrasDraft>>(`search.extras.${strategy.name}`, {});
  const start = useStartJob("/optimize/single", onStarted);
  const earlier = useJobs().data?.filter((job) => job.strategy === strategy.name && job.state === "completed") ?? [];
  const extras = { ...kNoExtras, ...storedExtras };
  const first = useFirstPoints(extras.firstFrom);

  const space = searchSpace(strategy.inputs, drafts);
  const varied = strategy.inputs.filter(canVary);
  // A script whose inputs are not known yet: the server varies all that have a range.
  const unknown = strategy.name === kOwnScript && varied.length === 0;
  const countable = unknown || !Number.isFinite(space.combinations) ? null : space.combinations;
  // What was kept by an earlier build of the page lacks what has been added since.
  const initial = initialSettings(countable);
  const settings = chosen === null ? initial : { ...initial, ...chosen };
  const reading = readSettings(settings, countable);
  const more = readExtras(extras, settings.objective);

  const fits = space.problems.size === 0 && (unknown || space.parameters.length > 0) && reading.errors.size === 0 && more.errors.size === 0;
  const ready = fits && draft !== null && !first.waiting;
  const parameters = space.parameters.map((parameter) => withCondition(parameter, more.conditions.get(parameter.name)));
  const request = !ready ? null : searchRequest(draft, unknown ? null : parameters, { ...reading.settings, ...more.extras, ...first.points });
  const check = useSearchCheck(request);
  const refused = fieldErrors(start.error ?? check.error);

  const problems = new Map(space.problems);
  space.parameters.forEach(({ name }, index) => {
    for (const [pointer, message] of refused) {
      const match = /^\/parameters\/(\d+)(?:\/(\w+))?/.exec(pointer);
      if (match !== null && Number(match[1]) === index) problems.set(name, { field: match[2] ?? "from", message });
    }
  });
  const errorOf = (name: string) => reading.errors.get(name) ?? more.errors.get(name) ?? refusedAt(refused, name);
  const general = refusedAt(refused, "parameters");
  const counted = check.data?.combinations ?? null;

  return (
    <form
      className="search-form"
      noValidate
      aria-label="Search"
      onSubmit={(event) => {
        event.preventDefault();
        if (request !== null) start.mutate(request);
      }}
    >
      <section className="search-space" aria-label="Ranges">
        {unknown ? (
          <p className="muted search-own">Every input that has both minval and maxval in the script varies within them.</p>
        ) : varied.length === 0 ? (
          <p className="muted">This strategy has no inputs to vary.</p>
        ) : (
          <RangeTable
            definitions={varied}
            drafts={drafts}
            problems={problems}
            onChange={(name, range) => setDrafts({ ...drafts, [name]: range })}
          />
        )}
        {general !== undefined && <p className="error">{general}</p>}
        <ExtraFields draft={extras} objective={settings.objective} earlier={earlier} errorOf={errorOf} onChange={setExtras} />
      </section>
      <section className="search-settings" aria-label="Search settings">
        <SettingsFields settings={settings} combinations={unknown ? null : space.combinations} errorOf={errorOf} onChange={setSettings} />
        <div className="search-count numbers" role="status" data-combinations={space.combinations}>
          {!unknown && <Count combinations={countable} narrowed={more.extras.constraints !== undefined || more.conditions.size > 0} />}
          {unknown && counted !== null && <Count combinations={counted} narrowed={more.extras.constraints !== undefined} />}
          {plural(reading.settings.trials, "trial")}
        </div>
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

/** `narrowed`: constraints and conditions leave fewer, which only the search finds out. */
function Count({ combinations, narrowed }: { combinations: number | null; narrowed: boolean }) {
  return (
    <>
      <strong>{combinations === null ? "No end of" : formatInteger(combinations)}</strong> combinations{narrowed ? " before constraints" : ""},{" "}
    </>
  );
}

/** The parameters are left out where the server is to vary every input with a range. */
function searchRequest(
  draft: BacktestRequest,
  parameters: ParameterRange[] | null,
  { objective, ...settings }: Omit<OptimizeRequest, "symbol" | "timeframe" | "inputs" | "properties">,
): OptimizeRequest {
  const { include_plots: _plots, inputs, ...shared } = draft;
  const names = new Set(parameters?.map((parameter) => parameter.name));
  return {
    ...shared,
    ...settings,
    ...(settings.objectives === undefined && objective !== undefined ? { objective } : {}),
    inputs: Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.has(name))),
    ...(parameters === null ? {} : { parameters }),
  };
}

function withCondition(parameter: ParameterRange, when: { parameter: string; values: InputValue[] } | undefined): ParameterRange {
  return when === undefined ? parameter : { ...parameter, when };
}

/** `/constraints/0` belongs to the field of the constraints. */
function refusedAt(refused: ReadonlyMap<string, string>, name: string): string | undefined {
  for (const [pointer, message] of refused) {
    if (pointer === `/${name}` || pointer.startsWith(`/${name}/`)) {
      if (name !== "parameters" || pointer === "/parameters") return message;
    }
  }
  return undefined;
}

/** What the server makes of the search, asked a moment after the last change. */
function useSearchCheck(request: OptimizeRequest | null) {
  const settled = useDelayed(request === null ? null : JSON.stringify(request), kCheckAfterMs);
  return useQuery({
    queryKey: ["search-check", settled],
    queryFn: ({ signal }) => post<{ combinations: number | null; trials: number }>("/optimize/validate", JSON.parse(settled ?? "{}"), signal),
    enabled: settled !== null && request !== null,
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
  });
}

/** The best trials of an earlier search, as points to begin with. */
function useFirstPoints(id: string): { waiting: boolean; points: { first_points?: Record<string, InputValue>[] } } {
  const earlier = useQuery({
    queryKey: ["results", id, kFirstPoints],
    queryFn: ({ signal }) => get<OptimizeResults>(`/optimize/results/${encodeURIComponent(id)}?trials=${kFirstPoints}`, signal),
    enabled: id !== "",
    staleTime: Infinity,
  });
  if (id === "" || earlier.error !== null) return { waiting: false, points: {} };
  if (earlier.data === undefined) return { waiting: true, points: {} };
  const results = earlier.data;
  return { waiting: false, points: { first_points: Array.from({ length: results.trials.count }, (_, row) => trialParameters(results, row)) } };
}
