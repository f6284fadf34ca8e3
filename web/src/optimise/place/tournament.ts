// A tournament as typed and as sent.

import type { InputValue } from "../../api/types";
import type { RawValues } from "../../state/url";
import { readInputs } from "../../strategy/inputs";
import { propertyDefinitions } from "../../strategy/properties";
import { formatInteger } from "../../ui/format";
import { lines } from "../extras";

export interface StageDraft {
  readonly trials: string;
  /** How many go on; of the last stage nothing. */
  readonly keep: string;
}

export interface TournamentDraft {
  /** Which strategies: all of the catalogue, those of a category, or the chosen ones. */
  readonly field: "all" | "category" | "chosen";
  readonly category: string;
  readonly strategies: readonly string[];
  readonly symbols: readonly string[];
  readonly timeframes: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly stages: readonly StageDraft[];
  readonly sampler: string;
  readonly objective: string;
  readonly require: string;
  readonly seed: string;
  readonly share: string;
  readonly validation: string;
  readonly priority: string;
  readonly priceAdjustment: "" | "raw" | "splits" | "splits_and_dividends";
  /** Of strategy(), for all entrants; as typed. */
  readonly properties: RawValues;
}

export const kTournament: TournamentDraft = {
  field: "category",
  category: "",
  strategies: [],
  symbols: [],
  timeframes: [],
  from: "",
  to: "",
  stages: [
    { trials: "50", keep: "20" },
    { trials: "200", keep: "5" },
    { trials: "500", keep: "" },
  ],
  sampler: "random",
  objective: "composite",
  require: "",
  seed: "42",
  share: "15",
  validation: "15",
  priority: "",
  priceAdjustment: "",
  properties: {},
};

/** As `POST /optimize/batch` takes it. */
export interface BatchRequest {
  strategies?: readonly string[];
  category?: string;
  symbols: readonly string[];
  timeframes: readonly string[];
  from?: string;
  to?: string;
  stages: { trials: number; keep?: number }[];
  sampler: string;
  objective: string;
  require?: string[];
  seed: number;
  out_of_sample_share: number;
  validation_share: number;
  priority?: number;
  price_adjustment?: string;
  properties?: Record<string, InputValue>;
}

/** What each script says of itself stays, where nothing is typed. */
export const kTournamentProperties = propertyDefinitions({}, false);

/** The server's limit. */
const kEntrantsMax = 1000;

export interface TournamentReading {
  readonly request: BatchRequest | null;
  readonly errors: ReadonlyMap<string, string>;
  /** What is still to be chosen. */
  readonly missing: readonly string[];
  readonly propertyErrors: ReadonlyMap<string, string>;
  readonly entrants: number;
  /** At most; trials of earlier stages are not made again. */
  readonly trials: number;
}

/** `catalogued`: how many strategies the catalogue has, and how many the category. */
export function readTournament(draft: TournamentDraft, catalogued: { all: number; category: number }): TournamentReading {
  const errors = new Map<string, string>();
  const whole = (name: string, text: string, minimum: number) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < minimum) errors.set(name, `Enter a whole number, ${minimum} or more.`);
    return value;
  };
  const strategies = { all: catalogued.all, category: draft.category === "" ? 0 : catalogued.category, chosen: draft.strategies.length }[draft.field];
  const missing = [
    ...(draft.field === "category" && draft.category === "" ? ["a category"] : []),
    ...(draft.field === "chosen" && draft.strategies.length === 0 ? ["a strategy"] : []),
    ...(draft.symbols.length === 0 ? ["an instrument"] : []),
    ...(draft.timeframes.length === 0 ? ["a timeframe"] : []),
  ];
  const entrants = strategies * draft.symbols.length * draft.timeframes.length;
  if (entrants > kEntrantsMax) errors.set("strategies", `${formatInteger(entrants)} entrants are too many: at most ${formatInteger(kEntrantsMax)}.`);

  let going = entrants;
  let before = 0;
  let trials = 0;
  const stages = draft.stages.map((stage, index) => {
    const made = whole(`stages/${index}/trials`, stage.trials, 1);
    const last = index === draft.stages.length - 1;
    if (index > 0 && made <= before) errors.set(`stages/${index}/trials`, "More trials than in the stage before.");
    trials += going * Math.max(0, made - before);
    before = made;
    if (last) return { trials: made };
    const keep = whole(`stages/${index}/keep`, stage.keep, 1);
    going = Math.min(going, keep);
    return { trials: made, keep };
  });
  const share = percent("out_of_sample_share", draft.share, errors);
  const validation = percent("validation_share", draft.validation, errors);
  if (share + validation > 0.9) errors.set("validation_share", "Both together: at most 90 percent.");
  if (draft.from !== "" && draft.to !== "" && draft.from > draft.to) errors.set("to", "The period ends before it starts.");
  const require = lines(draft.require);
  const properties = readInputs(kTournamentProperties, draft.properties);
  const request: BatchRequest = {
    ...(draft.field === "chosen" ? { strategies: draft.strategies } : {}),
    ...(draft.field === "category" ? { category: draft.category } : {}),
    symbols: draft.symbols,
    timeframes: draft.timeframes,
    ...(draft.from === "" ? {} : { from: `${draft.from}T00:00:00Z` }),
    ...(draft.to === "" ? {} : { to: `${draft.to}T23:59:59Z` }),
    stages,
    sampler: draft.sampler,
    objective: draft.objective,
    ...(require.length > 0 ? { require } : {}),
    seed: whole("seed", draft.seed, 0),
    out_of_sample_share: share,
    validation_share: validation,
    ...(draft.priority === "" ? {} : { priority: Number(draft.priority) }),
    ...(draft.priceAdjustment === "" ? {} : { price_adjustment: draft.priceAdjustment }),
    ...(Object.keys(properties.values).length > 0 ? { properties: properties.values } : {}),
  };
  const ready = errors.size + missing.length + properties.errors.size === 0;
  return { request: ready ? request : null, errors, missing, propertyErrors: properties.errors, entrants, trials: Number.isFinite(trials) ? trials : 0 };
}

function percent(name: string, text: string, errors: Map<string, string>): number {
  const value = Number(text) / 100;
  if (text.trim() === "" || !(value >= 0 && value <= 0.9)) errors.set(name, "Enter 0 to 90 percent.");
  return value;
}
