import type { OptimizeResults } from "../api/types";
import type { TitleOf } from "./values";

/** What every view of the trials needs. */
export interface TrialContext {
  results: OptimizeResults;
  objectiveTitle: string;
  titleOf: TitleOf;
  lowerIsBetter: boolean;
  /** A row of the trials. */
  chosen: number | null;
  onChoose: (trial: number) => void;
}
