import { useMemo, useState } from "react";
import { useObjectives, useStrategy } from "../api/queries";
import type { InputValue, Job, OptimizeResults } from "../api/types";
import { updatePage, usePageState } from "../state/usePageState";
import type { JobView as View } from "../state/url";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Skeleton } from "../ui/Skeleton";
import { type TabItem, Tabs } from "../ui/Tabs";
import { spacedName } from "../ui/format";
import { HeatMapView } from "../heatmap/HeatMapView";
import { VerdictView } from "../validation/VerdictView";
import { WalkForwardView } from "../validation/WalkForwardView";
import { JobProgress } from "./JobProgress";
import { StateBadge } from "./JobList";
import { JobSummary } from "./JobSummary";
import type { ChosenValues } from "../optimise/OptimiseTab";
import { TrialBar } from "./TrialBar";
import { TrialsTable } from "./TrialsTable";
import { parameterTitles, type TitleOf } from "./values";
import { isActive, useJob, useResults } from "./useJobs";

interface JobViewProps {
  id: string;
  currency: string;
  onUse: (values: ChosenValues) => void;
}

/** One search: its progress while it runs, its results when it has ended. */
export function JobView({ id, currency, onUse }: JobViewProps) {
  const job = useJob(id);
  const results = useResults(job.data);
  const strategy = useStrategy(job.data?.strategy ?? null);
  const titleOf = useMemo(() => parameterTitles(strategy.data), [strategy.data]);
  return (
    <div className="job" data-state={job.data?.state}>
      <header className="job-head">
        <button type="button" className="button small" onClick={() => updatePage({ job: null })}>
          <Icon name="back" size={14} />
          New search
        </button>
        {job.data !== undefined && (
          <>
            <h3>{spacedName(job.data.strategy)}</h3>
            <span className="muted">
              {job.data.symbol} {job.data.timeframe}
            </span>
            <StateBadge job={job.data} />
          </>
        )}
        {results.data !== undefined && <ViewTabs results={results.data} />}
      </header>
      {job.isPending && <div className="job-body"><Skeleton lines={6} /></div>}
      {job.error !== null && job.data === undefined && (
        <div className="job-body">
          <Failure error={job.error} what="The search could not be loaded" onRetry={() => void job.refetch()} />
        </div>
      )}
      {job.data !== undefined && <JobBody job={job.data} results={results} currency={currency} titleOf={titleOf} onUse={onUse} />}
    </div>
  );
}

const kViews: readonly TabItem<View>[] = [
  { id: "summary", label: "Summary" },
  { id: "verdict", label: "Verdict" },
  { id: "walk_forward", label: "Walk-forward" },
  { id: "trials", label: "Trials" },
  { id: "heatmap", label: "Heat map" },
];

/** A search may have been made without a walk-forward; then an address that asks for it shows the summary. */
function shownView(view: View, results: OptimizeResults): View {
  const walked = results.walk_forward !== null && results.walk_forward !== undefined;
  return view === "walk_forward" && !walked ? "summary" : view;
}

function ViewTabs({ results }: { results: OptimizeResults }) {
  const view = shownView(usePageState().view, results);
  const items = kViews.filter(({ id }) => shownView(id, results) === id);
  return (
    <Tabs label="Results of the search" items={items} chosen={view} panel="job-view" look="segments" onChoose={(next) => updatePage({ view: next })} />
  );
}

interface JobBodyProps {
  job: Job;
  results: ReturnType<typeof useResults>;
  currency: string;
  titleOf: TitleOf;
  onUse: (values: ChosenValues) => void;
}

function JobBody({ job, results, currency, titleOf, onUse }: JobBodyProps) {
  if (isActive(job) || job.state === "paused") return <JobProgress job={job} titleOf={titleOf} />;
  if (job.state === "failed") {
    return (
      <div className="job-body">
        <Failure error={new Error(job.error ?? "The server gave no reason.")} what="The search failed" />
      </div>
    );
  }
  if (results.data !== undefined) {
    return <JobResults job={job} results={results.data} currency={currency} titleOf={titleOf} onUse={onUse} />;
  }
  if (job.state === "cancelled") {
    return (
      <div className="tab-empty" role="status">
        <p>The search was cancelled after {job.trials_done} trials.</p>
        {results.error !== null && <p className="muted">{results.error.message}</p>}
      </div>
    );
  }
  return (
    <div className="job-body">
      {results.error === null ? (
        <Skeleton lines={8} />
      ) : (
        <Failure error={results.error} what="The results could not be loaded" onRetry={() => void results.refetch()} />
      )}
    </div>
  );
}

type JobResultsProps = Omit<JobBodyProps, "results"> & { results: OptimizeResults };

function JobResults({ job, results, currency, titleOf, onUse }: JobResultsProps) {
  const view = shownView(usePageState().view, results);
  const objectives = useObjectives();
  const [trial, setTrial] = useState<number | null>(null);
  const objective = objectives.data?.find((each) => each.name === results.objective);
  const context = {
    results,
    objectiveTitle: objective?.title ?? results.objective,
    titleOf,
    lowerIsBetter: objective?.maximise === false,
    chosen: trial,
    onChoose: setTrial,
  };
  const use = (parameters: Record<string, InputValue>) =>
    onUse({ strategy: job.strategy, symbol: job.symbol, timeframe: job.timeframe, parameters });
  return (
    <div className="job-results" role="tabpanel" id="job-view" aria-labelledby={`job-view-tab-${view}`}>
      {view === "summary" && <JobSummary job={job} results={results} currency={currency} titleOf={titleOf} onUse={use} />}
      {view === "verdict" && <VerdictView results={results} titleOf={titleOf} objectiveTitle={context.objectiveTitle} />}
      {view === "walk_forward" && results.walk_forward && (
        <WalkForwardView walk={results.walk_forward} currency={currency} titleOf={titleOf} />
      )}
      {view === "trials" && <TrialsTable {...context} />}
      {view === "heatmap" && <HeatMapView {...context} />}
      {(view === "trials" || view === "heatmap") && <TrialBar {...context} onUse={use} />}
    </div>
  );
}
