export const kMonitorTabs = ["overview", "database", "performance", "services", "trends", "alerts", "errors", "audit"] as const;
export type MonitorTab = (typeof kMonitorTabs)[number];

export const kRanges = ["1h", "6h", "24h", "7d", "30d"] as const;
export type Range = (typeof kRanges)[number];

export const kAlertViews = ["open", "all", "history", "thresholds"] as const;
export type AlertView = (typeof kAlertViews)[number];

export const kErrorStates = ["open", "resolved", "ignored", "all"] as const;
export type ErrorState = (typeof kErrorStates)[number];

export interface MonitorState {
  readonly tab: MonitorTab;
  readonly range: Range;
  readonly view: AlertView;
  /** The alert whose details are shown. */
  readonly alert: number | null;
  readonly errors: ErrorState;
  /** The benchmark that was started. */
  readonly benchmark: string | null;
  /** The measurement whose newest runs are drawn. */
  readonly measure: string | null;
}

export const kMonitorStart: MonitorState = {
  tab: "overview",
  range: "24h",
  view: "open",
  alert: null,
  errors: "open",
  benchmark: null,
  measure: null,
};

export function parseMonitor(search: string): MonitorState {
  const query = new URLSearchParams(search);
  const one = <T extends string>(name: string, known: readonly T[], otherwise: T): T =>
    known.find((each) => each === query.get(name)) ?? otherwise;
  const alert = query.get("alert") ?? "";
  return {
    tab: one("tab", kMonitorTabs, kMonitorStart.tab),
    range: one("range", kRanges, kMonitorStart.range),
    view: one("view", kAlertViews, kMonitorStart.view),
    alert: /^\d{1,15}$/.test(alert) ? Number(alert) : null,
    errors: one("errors", kErrorStates, kMonitorStart.errors),
    benchmark: query.get("benchmark"),
    measure: query.get("measure"),
  };
}

export function formatMonitor(state: MonitorState): string {
  const query = new URLSearchParams();
  for (const name of ["tab", "range", "view", "alert", "errors", "benchmark", "measure"] as const) {
    const value = state[name];
    if (value !== null && value !== kMonitorStart[name]) query.set(name, String(value));
  }
  return query.toString();
}

export function monitorStep(before: MonitorState, after: MonitorState): boolean {
  return (["tab", "view", "alert", "range"] as const).some((part) => before[part] !== after[part]);
}
