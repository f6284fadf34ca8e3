import { JobView } from "../jobs/JobView";
import type { BacktestRequest, Strategy } from "../api/types";
import type { ChosenValues } from "../jobs/values";
import { updatePage, usePageState } from "../state/usePageState";
import { JobList } from "../jobs/JobList";
import { SearchForm } from "./SearchForm";
import "./optimise.css";

interface OptimiseTabProps {
  strategy: Strategy | undefined;
  /** The values that stay fixed while others vary; null while the form has errors. */
  draft: BacktestRequest | null;
  currency: string;
  onUse: (values: ChosenValues) => void;
}

const kLeave = { label: "New search", run: () => updatePage({ job: null }) };

/** The search that the address names, or else the form that starts one, beside the searches made before. */
export function OptimiseTab({ strategy, draft, currency, onUse }: OptimiseTabProps) {
  const { job, view } = usePageState();
  if (job !== null) {
    return (
      <JobView
        key={job}
        id={job}
        currency={() => currency}
        view={view}
        onView={(next) => updatePage({ view: next })}
        leave={kLeave}
        onOther={(other) => updatePage({ job: other })}
        onUse={onUse}
      />
    );
  }
  return (
    <div className="search">
      {strategy === undefined ? (
        <div className="tab-empty">
          <p>Choose a strategy to search its inputs for better values.</p>
        </div>
      ) : (
        <SearchForm key={strategy.name} strategy={strategy} draft={draft} onStarted={(id) => updatePage({ job: id, view: "summary" })} />
      )}
      <section className="search-jobs" aria-label="Searches">
        <h3 className="section-title">Searches</h3>
        <JobList />
      </section>
    </div>
  );
}
