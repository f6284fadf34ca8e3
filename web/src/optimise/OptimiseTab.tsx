import type { BacktestRequest, InputValue, Strategy } from "../api/types";
import { usePageState } from "../state/usePageState";
import { JobView } from "../jobs/JobView";
import { SearchForm } from "./SearchForm";
import "./optimise.css";

/** What "Use these values" puts into the inputs. */
export interface ChosenValues {
  strategy: string;
  symbol: string;
  timeframe: string;
  parameters: Record<string, InputValue>;
}

interface OptimiseTabProps {
  strategy: Strategy | undefined;
  /** The values that stay fixed while others vary; null while the form has errors. */
  draft: BacktestRequest | null;
  currency: string;
  onUse: (values: ChosenValues) => void;
}

/** The search that the address names, or else the form that starts one. */
export function OptimiseTab({ strategy, draft, currency, onUse }: OptimiseTabProps) {
  const { job } = usePageState();
  if (job !== null) return <JobView key={job} id={job} currency={currency} onUse={onUse} />;
  return <SearchForm key={strategy?.name ?? ""} strategy={strategy} draft={draft} />;
}
