// What an import is told beside the file; empty: the server finds it out, or says that it has to be told.

export const kTimeFormats = ["", "mdy", "dmy", "ymd", "s", "ms", "us", "ns"] as const;
export const kSeparators = ["", ",", ";", "tab", "|", "space"] as const;

export interface ImportOptions {
  readonly symbol: string;
  readonly timeframe: string;
  readonly timezone: string;
  readonly source: string;
  readonly barTime: "" | "start" | "end";
  readonly timeFormat: (typeof kTimeFormats)[number];
  readonly separator: (typeof kSeparators)[number];
  readonly decimal: "" | "dot" | "comma";
  readonly columns: string;
  readonly assetClass: string;
  readonly strict: boolean;
  /** Rows are trades or quotes. */
  readonly ticks: boolean;
}

export const kInitialOptions: ImportOptions = {
  symbol: "",
  timeframe: "",
  timezone: "",
  source: "",
  barTime: "",
  timeFormat: "",
  separator: "",
  decimal: "",
  columns: "",
  assetClass: "",
  strict: false,
  ticks: false,
};

/** Names of the options in the query of a request. */
const kParameters: readonly (readonly [field: Exclude<keyof ImportOptions, "strict" | "ticks">, parameter: string])[] = [
  ["symbol", "symbol"],
  ["timeframe", "timeframe"],
  ["timezone", "timezone"],
  ["source", "source"],
  ["barTime", "bar_time"],
  ["timeFormat", "time_format"],
  ["separator", "separator"],
  ["decimal", "decimal"],
  ["columns", "columns"],
  ["assetClass", "asset_class"],
];

export function importQuery(options: ImportOptions, fileName: string): string {
  const query = new URLSearchParams();
  for (const [field, parameter] of kParameters) {
    const value = options[field].trim();
    if (value !== "") query.set(parameter, value);
  }
  if (options.strict) query.set("strict", "true");
  if (options.ticks) query.set("ticks", "true");
  query.set("file_name", fileName);
  return query.toString();
}

/** "EURUSD" of "eurusd_1h.csv", "ES" of "ES-2024 minutes.csv.gz": a guess to begin with. */
export function symbolOf(fileName: string): string {
  const stem = fileName.replace(/^.*[\\/]/, "").replace(/(\.(csv|txt|tsv|parquet|gz|zip|zst))+$/i, "");
  const first = stem.split(/[\s_]+|-(?=\d)/)[0] ?? "";
  return first.replaceAll(/[^A-Za-z0-9.!/^=-]/g, "").toUpperCase();
}
