// The server's JSON as the page names it: types of the API document (schema.ts), and what the page knows more about than
// the document says. Times are RFC 3339 UTC; money is in account currency; a number that is undefined is null.
import type * as schema from "./schema";

export type {
  Assessment,
  CrossValidation,
  HeldMetrics as HoldMetrics,
  JobState,
  ListedInstrument as Instrument,
  Objective,
  OtherInstruments,
  PlotColors,
  RandomPeriods,
  Regimes,
  Sampler as SamplerKind,
  ScriptMessage,
  SearchAccepted as OptimizeAccepted,
  Stability,
  StoredSeries,
  TradeRow as Trade,
  WalkForwardWindow,
  WindowResult,
} from "./schema";
type PlotColors = schema.PlotColors;

export type InputValue = number | boolean | string;

/** Bars of the page have prices: what has none is no bar of a chart. */
export interface BarColumns {
  time: string[];
  open: number[];
  high: number[];
  low: number[];
  close: number[];
  volume: (number | null)[];
}

export type Bars = Omit<schema.BarsInColumns, "columns"> & { columns: BarColumns };

export type InputKind =
  | "int"
  | "float"
  | "bool"
  | "string"
  | "source"
  | "timeframe"
  | "session"
  | "symbol"
  | "time"
  | "color"
  | "price"
  | "text_area";

export type InputDefinition = Omit<schema.Input, "kind"> & { kind: InputKind };

export type StrategySettings = Partial<Record<string, InputValue | null>>;

/** A script of the user's own has neither risk level nor complexity: they are "". */
interface Levels {
  risk_level: string;
  complexity: string;
}

export type StrategySummary = Omit<schema.StrategySummary, keyof Levels> & Levels;

export type Strategy = Omit<schema.Strategy, "inputs" | "settings" | keyof Levels> & Levels & {
  settings: StrategySettings;
  inputs: InputDefinition[];
};

/** Every metric by its name; `metrics.hpp` of the server says what each means. */
export type MetricValues = Partial<Record<string, number | null>>;

export type Metrics = MetricValues & { long?: MetricValues; short?: MetricValues };

export type Side = "long" | "short";

/** Equity is known at every bar. */
export type EquityCurve = Omit<schema.EquityCurve, "equity"> & { equity: number[] };

/** A search says from its beginning what it searches, a tournament does not; both say how far they are. */
export type Job = schema.SearchStatus & {
  trials_done: number;
  trials_total: number;
};

export type TrialColumns = Omit<schema.TrialColumns, "parameters"> & { parameters: Record<string, InputValue[]> };

export type WalkForward = Omit<schema.WalkForward, "equity"> & { equity: EquityCurve };

export interface Plot {
  title: string;
  kind: string;
  overlay: boolean;
  /** display.none keeps a plot for fills alone. */
  visible: boolean;
  color: string | null;
  colors: PlotColors | null;
  style: string;
  location: string;
  text: string;
  text_color: string | null;
  down_color: string | null;
  size: string;
  line_width: number;
  time_offset: number;
  /** The bar of the run that the first value belongs to. */
  first_bar: number;
  values: (number | null)[];
  open?: (number | null)[];
  high?: (number | null)[];
  low?: (number | null)[];
  /** Of a fill: the plots it lies between, by their place in the list. */
  first?: number;
  second?: number;
}

// Drawings of a script, their fields called as in Pine. Places are bars of the run, counted from its first.

export interface LabelDrawing {
  x: number | null;
  y: number | null;
  text: string | null;
  yloc: string | null;
  color: string | null;
  style: string | null;
  textcolor: string | null;
  size: string | number | null;
  force_overlay: boolean | null;
}

export interface LineDrawing {
  x1: number | null;
  y1: number | null;
  x2: number | null;
  y2: number | null;
  extend: string | null;
  color: string | null;
  style: string | null;
  width: number | null;
  force_overlay: boolean | null;
}

export interface BoxDrawing {
  left: number | null;
  top: number | null;
  right: number | null;
  bottom: number | null;
  border_color: string | null;
  border_width: number | null;
  border_style: string | null;
  extend: string | null;
  bgcolor: string | null;
  text: string | null;
  text_size: string | number | null;
  text_color: string | null;
  text_halign: string | null;
  text_valign: string | null;
  force_overlay: boolean | null;
}

export interface LinefillDrawing {
  line1: number | null;
  line2: number | null;
  color: string | null;
}

export interface PolylineDrawing {
  points: { x: number | null; y: number | null }[];
  closed: boolean | null;
  line_color: string | null;
  fill_color: string | null;
  line_style: string | null;
  line_width: number | null;
  force_overlay: boolean | null;
}

export interface TableCell {
  column: number;
  row: number;
  text: string | null;
  text_color: string | null;
  text_halign: string | null;
  text_size: string | number | null;
  bgcolor: string | null;
  tooltip: string | null;
  end_column: number | null;
  end_row: number | null;
}

export interface TableDrawing {
  position: string | null;
  columns: number | null;
  rows: number | null;
  bgcolor: string | null;
  frame_color: string | null;
  frame_width: number | null;
  border_color: string | null;
  border_width: number | null;
  cells: TableCell[];
}

export interface Drawings {
  /** Whether the script draws on the price pane. */
  overlay: boolean;
  labels: LabelDrawing[];
  lines: LineDrawing[];
  boxes: BoxDrawing[];
  tables: TableDrawing[];
  linefills: LinefillDrawing[];
  polylines: PolylineDrawing[];
}

export interface BacktestRequest {
  strategy?: string;
  pine?: string;
  symbol: string;
  timeframe: string;
  from?: string;
  to?: string;
  inputs: Record<string, InputValue>;
  properties: Record<string, InputValue>;
  include_plots: boolean;
}

export interface BacktestResult {
  strategy: string;
  symbol: string;
  timeframe: string;
  bar_count: number;
  first_time: string | null;
  last_time: string | null;
  metrics: Metrics;
  trades: schema.TradeRow[];
  trades_truncated: boolean;
  equity: EquityCurve;
  plots?: Plot[];
  plot_bars_left_out?: number;
  drawings?: Drawings;
  drawing_parts_left_out?: number;
  no_trades_reasons: string[];
  warnings: string[];
  messages: schema.ScriptMessage[];
  messages_left_out: number;
}

export type ParameterRange = { name: string; when?: { parameter: string; values: InputValue[] } } & (
  | { from: number; to: number; step: number }
  | { from: number; to: number; step?: number; continuous?: true; scale?: "log" }
  | { values: InputValue[] }
);

/** A walk-forward beside a search, in calendar days. */
export interface WalkForwardRequest {
  train_days: number;
  test_days: number;
  step_days: number;
  anchored: boolean;
}

export interface OptimizeRequest extends SearchExtras {
  strategy?: string;
  pine?: string;
  symbol: string;
  timeframe: string;
  from?: string;
  to?: string;
  parameters?: ParameterRange[];
  sampler: string;
  trials: number;
  objective?: string;
  seed: number;
  out_of_sample_share: number;
  validation_share: number;
  walk_forward?: WalkForwardRequest;
  inputs: Record<string, InputValue>;
  properties: Record<string, InputValue>;
}

/** What most searches do without. */
export type SearchExtras = Partial<{
  objectives: string[];
  weights: Record<string, number>;
  constraints: string[];
  require: string[];
  stop_after: number;
  time_limit_seconds: number;
  first_points: Record<string, InputValue>[];
  also: string[];
  validate: boolean;
  random_periods: number;
  price_adjustment: "raw" | "splits" | "splits_and_dividends";
  threads: number;
  priority: number;
}>;

export interface PeriodMetrics {
  from: string;
  to: string;
  metrics: Metrics;
}

export interface OptimizeResults {
  job_id: string;
  strategy: string;
  symbol: string;
  timeframe: string;
  objective: string;
  sampler: string;
  seed: number;
  trials_tried: number;
  combinations: number | null; // null where a parameter takes every number of its range
  data_fingerprint: string;
  split_time: string | null;
  parameters: Record<string, InputValue>;
  default_parameters: Record<string, InputValue>;
  in_sample: PeriodMetrics;
  out_of_sample: PeriodMetrics | null;
  /** Bars on which the best was chosen; not in results of earlier builds. */
  validation_sample?: PeriodMetrics | null;
  buy_and_hold: { in_sample: schema.HeldMetrics; validation_sample?: schema.HeldMetrics | null; out_of_sample: schema.HeldMetrics | null };
  statement: string;
  warnings?: string[]; // not in results of earlier builds
  equity: EquityCurve & { split_index: number | null };
  trials: TrialColumns;
  properties?: Record<string, InputValue | null>;
  /** Of a search for several objectives. */
  objectives?: string[];
  pareto_front?: schema.FrontTrial[] | null;
  finalists?: schema.Finalist[] | null;
  stopped?: string | null;
  /** How it was asked for: `body` sent again gives the same. */
  request?: unknown;
  // What the result is worth; not in results of earlier builds, null where it was not asked.
  assessment?: schema.Assessment | null;
  stability?: schema.Stability | null;
  regimes?: schema.Regimes | null;
  random_periods?: schema.RandomPeriods | null;
  cross_validation?: schema.CrossValidation | null;
  walk_forward?: WalkForward | null;
  other_instruments?: schema.OtherInstruments | null;
}

/** A place of a tournament; those that were searched to the end have their whole result. */
export type TournamentPlace = Omit<schema.TournamentPlace, "result" | "parameters"> & {
  parameters: Record<string, InputValue> | null;
  result: OptimizeResults | null;
};

export type TournamentResults = Omit<schema.TournamentResult, "places"> & { places: TournamentPlace[] };

/** A file that the server made and keeps for a while. */
export type ExportFile = schema.ExportedFile;

export interface ProblemError {
  pointer?: string;
  message: string;
  line?: number;
  column?: number;
  hint?: string | null;
}

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  errors?: ProblemError[];
}
