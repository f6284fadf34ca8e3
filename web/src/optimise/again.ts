// A search that was made, put back into the form: to change something and search again.

import type { InputDefinition, InputValue, OptimizeRequest, ParameterRange } from "../api/types";
import { kInitialState, type PageState } from "../state/url";
import { type ExtrasDraft, kNoExtras } from "./extras";
import { canVary, initialRange, type RangeDraft, type RangeDrafts } from "./ranges";
import { kDefaultSettings, type SearchSettings } from "./settings";

export interface Again {
  readonly setup: PageState;
  readonly ranges: RangeDrafts;
  readonly settings: SearchSettings;
  readonly extras: ExtrasDraft;
}

type Body = Partial<OptimizeRequest>;

/** `body`: as it was sent; what it did not say stays at the server's default. */
export function searchAgain(body: Body, strategy: string, definitions: readonly InputDefinition[]): Again {
  const [first = body.objective ?? kDefaultSettings.objective, ...others] = body.objectives ?? [];
  const walk = body.walk_forward;
  const percent = (share: number | undefined, otherwise: string) => (share === undefined ? otherwise : plain(100 * share));
  return {
    setup: {
      ...kInitialState,
      symbol: body.symbol ?? null,
      timeframe: body.timeframe ?? null,
      strategy,
      inputs: texts(body.inputs),
      properties: texts(body.properties),
      from: (body.from ?? "").slice(0, 10),
      to: (body.to ?? "").slice(0, 10),
    },
    ranges: Object.fromEntries(definitions.filter(canVary).map((definition) => [definition.name, rangeAgain(body.parameters, definition)])),
    settings: {
      ...kDefaultSettings,
      sampler: body.sampler ?? kDefaultSettings.sampler,
      trials: String(body.trials ?? kDefaultSettings.trials),
      objective: first,
      seed: String(body.seed ?? 1),
      share: percent(body.out_of_sample_share, kDefaultSettings.share),
      validation: percent(body.validation_share, kDefaultSettings.validation),
      ...(walk === undefined
        ? {}
        : { walks: true, trainDays: plain(walk.train_days), testDays: plain(walk.test_days), stepDays: plain(walk.step_days), anchored: walk.anchored }),
    },
    extras: {
      ...kNoExtras,
      constraints: (body.constraints ?? []).join("\n"),
      conditions: (body.parameters ?? []).flatMap(conditionText).join("\n"),
      require: (body.require ?? []).join("\n"),
      objectives: others,
      weights: texts(body.weights),
      stopAfter: String(body.stop_after ?? ""),
      timeLimit: String(body.time_limit_seconds ?? ""),
      also: (body.also ?? []).join(", "),
      validate: body.validate ?? true,
      randomPeriods: String(body.random_periods ?? ""),
      priceAdjustment: body.price_adjustment ?? "",
      threads: String(body.threads ?? ""),
      priority: String(body.priority ?? ""),
    },
  };
}

/** Without a word about parameters, every input that has a range varied. */
function rangeAgain(parameters: readonly ParameterRange[] | undefined, definition: InputDefinition): RangeDraft {
  const initial = initialRange(definition);
  if (parameters === undefined) return initial;
  const range = parameters.find(({ name }) => name === definition.name);
  if (range === undefined) return { ...initial, varied: false };
  if ("values" in range) return { ...initial, varied: true, values: range.values.map(String) };
  const spread = "scale" in range && range.scale === "log" ? "log" : "continuous" in range && range.continuous === true ? "every" : "steps";
  return { ...initial, varied: true, from: plain(range.from), to: plain(range.to), step: plain(range.step ?? Number(initial.step)), spread };
}

function conditionText({ name, when }: ParameterRange): string[] {
  return when === undefined ? [] : [`${name} if ${when.parameter} = ${when.values.join(", ")}`];
}

function texts(values: Readonly<Record<string, InputValue>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]));
}

/** 15, not 15.000000000000002. */
function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}
