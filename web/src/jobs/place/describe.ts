import type { Job } from "../../api/schema";
import { formatInteger, formatPercent, plural, sentenceName, spacedName } from "../../ui/format";

const kKinds: Partial<Record<string, string>> = {
  optimize: "Search",
  optimize_batch: "Tournament",
  historical_data: "Query for bars",
  benchmark: "Benchmark of the database",
};

/** The kinds that the list can be narrowed to, whether such a job is there or not. */
export const kKindChoices: readonly string[] = ["optimize", "optimize_batch", "historical_data", "benchmark"];

export function kindTitle(kind: string): string {
  return kKinds[kind] ?? sentenceName(kind);
}

const kStates: Record<Job["state"], string> = {
  queued: "Waiting",
  running: "Running",
  paused: "Paused",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
};

export function stateTitle(state: Job["state"]): string {
  return kStates[state];
}

/** A state with what was asked of the job and is not done yet. */
export function stateText(job: Job): string {
  if (job.state === "running" && job.cancel_requested) return "Cancelling";
  if (job.state === "running" && job.pause_requested) return "Pausing";
  if (job.state === "running") return `Running ${formatPercent(Math.floor(job.progress * 100), 0)}`;
  return job.dead_letter ? "Dead letter" : kStates[job.state];
}

const kPriorities = ["Lowest", "Normal", "High", "Highest"];

export function priorityTitle(priority: number): string {
  return kPriorities[priority] ?? String(priority);
}

export const kPriorityCount = kPriorities.length;

export function isActive(job: Pick<Job, "state">): boolean {
  return job.state === "queued" || job.state === "running";
}

export function hasEnded(job: Pick<Job, "state">): boolean {
  return job.state === "completed" || job.state === "failed" || job.state === "cancelled";
}

export type JobAction = "cancel" | "pause" | "resume" | "retry";

/** What may be asked of a job as it is now. */
export function actionsOf(job: Job): JobAction[] {
  if (job.state === "failed" || job.state === "cancelled") return ["retry"];
  if (job.state === "completed" || job.cancel_requested) return [];
  if (job.state === "paused" || job.pause_requested) return ["resume", "cancel"];
  return ["pause", "cancel"];
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

/** What a query for bars says about one of its symbols. */
export interface SymbolOutcome {
  readonly symbol: string;
  readonly status: string;
  readonly bars: number | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly problem: string | null;
}

export function symbolOutcomes(detail: unknown): SymbolOutcome[] {
  const symbols = record(detail)?.symbols;
  if (!Array.isArray(symbols)) return [];
  return symbols.flatMap((each: unknown) => {
    const entry = record(each);
    if (entry === null || typeof entry.symbol !== "string") return [];
    const text = (value: unknown) => (typeof value === "string" ? value : null);
    return {
      symbol: entry.symbol,
      status: text(entry.status) ?? "",
      bars: typeof entry.bars === "number" ? entry.bars : null,
      first: text(entry.first_time),
      last: text(entry.last_time),
      problem: text(record(entry.error)?.message) ?? text(entry.reason),
    };
  });
}

/** The work's own account in a few words; the list of jobs has no request. */
export function accountOf(job: Pick<Job, "detail" | "phase" | "state">): string {
  const detail = record(job.detail);
  if (typeof detail?.trials_done === "number" && typeof detail.trials_total === "number") {
    return `${formatInteger(detail.trials_done)} of ${plural(detail.trials_total, "trial")}`;
  }
  const symbols = symbolOutcomes(job.detail);
  if (symbols.length > 0) {
    const names = symbols.slice(0, 3).map((each) => each.symbol);
    return names.join(", ") + (symbols.length > 3 ? ` and ${formatInteger(symbols.length - 3)} more` : "");
  }
  return "";
}

const kPhases: Partial<Record<string, string>> = {
  initializing: "Starting",
  data_preparation: "Reading the bars",
  hyperparameter_optimization: "Trying values",
  backtesting: "Testing the best values",
  performance_analysis: "Measuring",
  finalizing: "Finishing",
};

export function phaseTitle(phase: string): string {
  return phase === "" ? "" : (kPhases[phase] ?? sentenceName(phase));
}

/** Seconds that a job worked, or has worked until `now`. */
export function secondsOf(job: Pick<Job, "started_at" | "finished_at">, now: number): number | null {
  if (job.started_at === null) return null;
  return Math.max(0, ((job.finished_at === null ? now : Date.parse(job.finished_at)) - Date.parse(job.started_at)) / 1000);
}

/** What was asked, without what was left open. */
export function compactRequest(request: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record(request) ?? {}).filter(([, value]) => value !== null));
}

/** The request of a job as a schedule takes it: that it runs in the background goes without saying. */
export function scheduledRequest(request: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(compactRequest(request)).filter(([name]) => !["background", "stream", "again"].includes(name)));
}

/** What the request is about: `RSI Strategy, SPX 1d`. */
export function subjectOf(request: unknown): string {
  const { strategy, pine, symbol, symbols, timeframe, frequency } = compactRequest(request);
  const parts: string[] = [];
  if (typeof strategy === "string") parts.push(spacedName(strategy));
  else if (typeof pine === "string") parts.push("Own script");
  const named = typeof symbol === "string" ? symbol : Array.isArray(symbols) ? symbols.slice(0, 4).map(String).join(" ") : "";
  const step = typeof timeframe === "string" ? timeframe : typeof frequency === "string" ? frequency : "";
  const bars = `${named} ${step}`.trim();
  if (bars !== "") parts.push(bars);
  return parts.join(", ");
}

export interface Progress {
  readonly progress: number;
  readonly phase: string;
  readonly detail: unknown;
}

/** What `job_progress` of the channel tells; other messages mean: ask again. */
export function progressOf(data: unknown): Progress | null {
  const said = record(data);
  if (typeof said?.progress !== "number" || typeof said.phase !== "string") return null;
  return { progress: said.progress, phase: said.phase, detail: said.detail };
}

/** A job that the channel says runs; one that has ended meanwhile stays as it is. */
export function withProgress<J extends Job>(job: J, news: Progress): J {
  if (!isActive(job) || (job.state === "running" && news.progress < job.progress)) return job;
  return { ...job, state: "running", progress: news.progress, phase: news.phase, detail: news.detail ?? job.detail };
}
