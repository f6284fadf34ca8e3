import { lazy, Suspense, useMemo, useState } from "react";
import { useObjectives, useStrategy } from "../api/queries";
import type { InputValue, Job, OptimizeResults } from "../api/types";
import { useSearchAgain } from "../optimise/useSearchAgain";
import { HeatMapView } from "../heatmap/HeatMapView";
import type { JobView as View } from "../state/url";
import { type TabItem, Tabs } from "../ui/Tabs";
import { Skeleton } from "../ui/Skeleton";
import { VerdictView } from "../validation/VerdictView";
import { WalkForwardView } from "../validation/WalkForwardView";
import { JobSummary } from "./JobSummary";
import type { TrialContext } from "./trialContext";
import { TrialBar } from "./TrialBar";
import { TrialsTable } from "./TrialsTable";
import { type ChosenValues, parameterTitles, searchedScript } from "./values";

const HistoryView = lazy(() => import("../optimise/views/HistoryView").then((module) => ({ default: module.HistoryView })));
const ParametersView = lazy(() => import("../optimise/views/ParametersView").then((module) => ({ default: module.ParametersView })));
const FrontView = lazy(() => import("../optimise/views/FrontView").then((module) => ({ default: module.FrontView })));

const kViews: readonly TabItem<View>[] = [
  { id: "summary", label: "Summary" },
  { id: "verdict", label: "Verdict" },
  { id: "walk_forward", label: "Walk-forward" },
  { id: "history", label: "History" },
  { id: "parameters", label: "Parameters" },
  { id: "front", label: "Trade-offs" },
  { id: "trials", label: "Trials" },
  { id: "heatmap", label: "Heat map" },
];

/** Below these the chosen trial and its values are shown. */
const kTrialViews: readonly View[] = ["history", "parameters", "front", "trials", "heatmap"];

/** A search may have been made without a walk-forward; then an address that asks for it shows the summary. */
function shownView(view: View, results: OptimizeResults): View {
  const walked = results.walk_forward !== null && results.walk_forward !== undefined;
  return view === "walk_forward" && !walked ? "summary" : view;
}

export function ViewTabs({ results, view, onView }: { results: OptimizeResults; view: View; onView: (view: View) => void }) {
  const items = kViews.filter(({ id }) => shownView(id, results) === id);
  return <Tabs label="Results of the search" items={items} chosen={shownView(view, results)} panel="job-view" look="segments" onChoose={onView} />;
}

interface JobResultsProps {
  results: OptimizeResults;
  /** The search itself; null for one of a tournament's. */
  job: Job | null;
  currency: string;
  view: View;
  onView: (view: View) => void;
  onUse: (values: ChosenValues) => void;
}

/** What a search found, in the view that is chosen. */
export function JobResults({ results, job, currency, view: wanted, onView, onUse }: JobResultsProps) {
  const view = shownView(wanted, results);
  const objectives = useObjectives();
  const pine = useMemo(() => searchedScript(results), [results]);
  const strategy = useStrategy(pine === null ? results.strategy : null);
  const titleOf = useMemo(() => parameterTitles(strategy.data), [strategy.data]);
  const again = useSearchAgain(results, strategy.data);
  const [trial, setTrial] = useState<number | null>(null);
  const objective = objectives.data?.find((each) => each.name === results.objective);
  const context: TrialContext = {
    results,
    objectiveTitle: objective?.title ?? results.objective,
    titleOf,
    lowerIsBetter: objective?.maximise === false,
    chosen: trial,
    onChoose: setTrial,
  };
  const use = (parameters: Record<string, InputValue>) =>
    onUse({ strategy: pine === null ? results.strategy : null, pine, symbol: results.symbol, timeframe: results.timeframe, parameters });
  return (
    <div className="job-results" role="tabpanel" id="job-view" aria-labelledby={`job-view-tab-${view}`}>
      <Suspense fallback={<div className="job-body"><Skeleton lines={8} /></div>}>
        {view === "summary" && (
          <JobSummary job={job} results={results} currency={currency} titleOf={titleOf} onUse={use} onVerdict={() => onView("verdict")} onAgain={again} />
        )}
        {view === "verdict" && <VerdictView results={results} titleOf={titleOf} objectiveTitle={context.objectiveTitle} />}
        {view === "walk_forward" && results.walk_forward && (
          <WalkForwardView walk={results.walk_forward} currency={currency} titleOf={titleOf} />
        )}
        {view === "history" && <HistoryView {...context} />}
        {view === "parameters" && <ParametersView {...context} />}
        {view === "front" && <FrontView {...context} />}
        {view === "trials" && <TrialsTable {...context} />}
        {view === "heatmap" && <HeatMapView {...context} />}
      </Suspense>
      {kTrialViews.includes(view) && <TrialBar {...context} onUse={use} />}
    </div>
  );
}
