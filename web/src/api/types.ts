// The server's JSON, as its HTTP contract states it. Times are RFC 3339 UTC; money is in account currency; a number
// that is undefined is null.

export interface StoredSeries {
  timeframe: string;
  source: string;
  row_count: number;
  first_time: string | null;
  last_time: string | null;
  corrections: number;
  last_append_time: string | null;
}

export interface Instrument {
  symbol: string;
  name: string;
  asset_class: string;
  exchange: string;
  currency: string;
  time_zone: string;
  session: string;
  tick_size: number;
  point_value: number;
  quantity_step: number;
  series: StoredSeries[];
}

export interface BarColumns {
  time: string[];
  open: number[];
  high: number[];
  low: number[];
  close: number[];
  volume: (number | null)[];
}

export interface Bars {
  symbol: string;
  timeframe: string;
  base_timeframe: string;
  source: string;
  time_zone: string;
  row_count: number;
  last_append_time: string | null;
  empty_reason: string | null;
  columns: BarColumns;
}

export interface StrategySummary {
  name: string;
  category: string;
  risk_level: string;
  complexity: string;
  summary: string;
  input_count: number;
}

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

export type InputValue = number | boolean | string;

export interface InputDefinition {
  name: string;
  title: string;
  kind: InputKind;
  default: InputValue | null;
  minimum: number | null;
  maximum: number | null;
  step: number | null;
  options: InputValue[] | null;
  group: string;
  tooltip: string;
}

export type StrategySettings = Partial<Record<string, InputValue | null>>;

export interface Strategy extends StrategySummary {
  idea: string;
  works_when: string;
  fails_when: string;
  source_reference: string;
  pine: string;
  settings: StrategySettings;
  inputs: InputDefinition[];
}

/** Every metric by its name; `metrics.hpp` of the server says what each means. */
export type MetricValues = Partial<Record<string, number | null>>;

export type Metrics = MetricValues & { long?: MetricValues; short?: MetricValues };

export type Side = "long" | "short";

export interface Trade {
  number: number;
  side: Side;
  entry_time: string;
  entry_price: number;
  entry_id: string;
  exit_time: string | null;
  exit_price: number | null;
  exit_id: string | null;
  quantity: number;
  profit: number;
  profit_percent: number | null;
  run_up: number;
  drawdown: number;
  commission: number;
  cumulative_profit: number;
}

export interface EquityCurve {
  time: string[];
  equity: number[];
  buy_and_hold: (number | null)[];
}

/** A colour for each bar: which one of the palette; null is none. */
export interface PlotColors {
  palette: string[];
  index: (number | null)[];
}

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

export interface ScriptMessage {
  time: string;
  kind: string;
  text: string;
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
  trades: Trade[];
  trades_truncated: boolean;
  equity: EquityCurve;
  plots?: Plot[];
  plot_bars_left_out?: number;
  drawings?: Drawings;
  drawing_parts_left_out?: number;
  no_trades_reasons: string[];
  warnings: string[];
  messages: ScriptMessage[];
  messages_left_out: number;
}

export type ParameterRange =
  | { name: string; from: number; to: number; step: number }
  | { name: string; values: InputValue[] };

/** A walk-forward beside a search, in calendar days. */
export interface WalkForwardRequest {
  train_days: number;
  test_days: number;
  step_days: number;
  anchored: boolean;
}

export interface OptimizeRequest {
  strategy?: string;
  pine?: string;
  symbol: string;
  timeframe: string;
  from?: string;
  to?: string;
  parameters?: ParameterRange[];
  sampler: string;
  trials: number;
  objective: string;
  seed: number;
  out_of_sample_share: number;
  validation_share: number;
  walk_forward?: WalkForwardRequest;
  inputs: Record<string, InputValue>;
  properties: Record<string, InputValue>;
}

export interface OptimizeAccepted {
  job_id: string;
  status_url: string;
  results_url: string;
}

export type JobState = "queued" | "running" | "paused" | "completed" | "failed" | "cancelled";

export interface Job {
  job_id: string;
  state: JobState;
  phase: string;
  progress: number;
  trials_done: number;
  trials_total: number;
  trials_per_second: number | null;
  seconds_left: number | null;
  best: { trial: number; objective: number | null; parameters: Record<string, InputValue> } | null;
  note: string | null;
  error: string | null;
  strategy: string;
  symbol: string;
  timeframe: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

export interface PeriodMetrics {
  from: string;
  to: string;
  metrics: Metrics;
}

export interface HoldMetrics {
  return_percent: number | null;
  max_drawdown_percent: number | null;
}

export interface TrialColumns {
  count: number;
  index: number[];
  objective: (number | null)[];
  parameters: Record<string, InputValue[]>;
  metrics: Record<string, (number | null)[]>;
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
  buy_and_hold: { in_sample: HoldMetrics; validation_sample?: HoldMetrics | null; out_of_sample: HoldMetrics | null };
  statement: string;
  warnings?: string[]; // not in results of earlier builds
  equity: EquityCurve & { split_index: number | null };
  trials: TrialColumns;
  // What the result is worth; not in results of earlier builds, null where it was not asked.
  assessment?: Assessment | null;
  stability?: Stability | null;
  regimes?: Regimes | null;
  random_periods?: RandomPeriods | null;
  cross_validation?: CrossValidation | null;
  walk_forward?: WalkForward | null;
  other_instruments?: OtherInstruments | null;
}

export interface OtherInstruments {
  statement: string;
  rows: (WindowResult & { symbol: string; from: string | null; to: string | null; failure: string | null })[];
}

export interface Assessment {
  verdict: string;
  trials: number;
  effective_trials: number;
  sharpe: number | null;
  out_of_sample_sharpe: number | null;
  sharpe_interval: { estimate: number; low: number; high: number; level: number } | null;
  probabilistic_sharpe: number | null;
  deflated_sharpe: number | null;
  /** Trading days. */
  minimum_track_record: number | null;
  overfitting: { probability: number; probability_of_loss: number; slope: number; intercept: number } | null;
  reality_check: { white: number; spa: number; spa_lower: number; spa_upper: number; mean_block: number } | null;
  trade_order: {
    drawdown_percent: number;
    median_percent: number;
    p95_percent: number;
    worst_percent: number;
    share_below: number;
    ruin_share: number;
  } | null;
  unknown: string[];
}

export interface Stability {
  statement: string;
  best: number | null;
  median: number | null;
  worst: number | null;
  share_of_trials_beaten: number | null;
  left_out: number;
  rows: { parameter: string; steps: number; value: InputValue; objective: number | null }[];
}

export interface Regimes {
  statement: string;
  rule: string;
  rows: {
    regime: "bull" | "bear" | "sideways" | "unknown";
    days: number;
    return_percent: number;
    holding_return_percent: number;
    sharpe: number | null;
  }[];
}

export interface RandomPeriods {
  statement: string;
  count: number;
  rows: { of: string; worst: number; p05: number; median: number; p95: number; best: number }[];
}

export interface CrossValidation {
  statement: string;
  splits: number;
  /** Annual, sorted. */
  path_sharpe: number[];
}

export interface WindowResult {
  return_percent: number | null;
  max_drawdown_percent: number | null;
  sharpe_ratio: number | null;
  closed_trades: number;
  holding_return_percent: number | null;
}

export interface WalkForwardWindow {
  train_from: string;
  train_to: string;
  test_from: string;
  test_to: string;
  trials: number;
  /** null: nothing traded in training. */
  parameters: Record<string, InputValue> | null;
  objective: number | null;
  in_sample: WindowResult | null;
  out_of_sample: WindowResult | null;
}

export interface WalkForward extends Omit<WalkForwardRequest, "anchored"> {
  statement: string;
  mode: "rolling" | "anchored";
  return_percent: number | null;
  max_drawdown_percent: number | null;
  buy_and_hold_return_percent: number | null;
  share_profitable: number;
  efficiency: number | null;
  windows: WalkForwardWindow[];
  equity: EquityCurve;
}

/** A file that the server made and keeps for a while. */
export interface ExportFile {
  id: string;
  name: string;
  media_type: string;
  bytes: number;
  download_url: string;
}

export interface SamplerKind {
  name: string;
  summary: string;
  /** Only of spaces whose combinations can be counted. */
  needs_steps: boolean;
}

export interface Objective {
  name: string;
  title: string;
  maximise: boolean;
}

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
