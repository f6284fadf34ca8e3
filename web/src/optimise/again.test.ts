import { expect, test } from "vitest";
import type { InputDefinition, OptimizeRequest } from "../api/types";
import { searchAgain } from "./again";
import { readExtras } from "./extras";
import { searchSpace } from "./ranges";
import { readSettings } from "./settings";

const input = (name: string, more: Partial<InputDefinition> = {}): InputDefinition => ({
  name,
  title: name,
  kind: "int",
  default: 10,
  minimum: 1,
  maximum: 100,
  step: 1,
  options: null,
  group: "",
  tooltip: "",
  ...more,
});

const kDefinitions = [
  input("fast"),
  input("slow"),
  input("factor", { kind: "float", default: 2, minimum: 0, step: 0.1 }),
  input("mode", { kind: "string", default: "a", options: ["a", "b", "c"], minimum: null, maximum: null, step: null }),
];

const kBody: OptimizeRequest = {
  strategy: "S",
  symbol: "SPX",
  timeframe: "1d",
  from: "2001-01-01T00:00:00Z",
  parameters: [
    { name: "fast", from: 5, to: 20, step: 5, when: { parameter: "mode", values: ["a", "b"] } },
    { name: "factor", from: 0.5, to: 4, continuous: true },
    { name: "mode", values: ["a", "b"] },
  ],
  sampler: "tpe",
  trials: 70,
  objectives: ["net_profit", "max_drawdown_percent"],
  seed: 7,
  out_of_sample_share: 0.15,
  validation_share: 0,
  constraints: ["fast < slow"],
  stop_after: 30,
  inputs: { slow: 40 },
  properties: { slippage: 2 },
};

test("a request read back and sent again is the same", () => {
  const again = searchAgain(kBody, "S", kDefinitions);
  const space = searchSpace(kDefinitions, again.ranges);
  const extras = readExtras(again.extras, again.settings.objective);
  const { settings } = readSettings(again.settings, null);
  const { objective: _first, ...rest } = settings;
  expect({ ...rest, ...extras.extras }).toEqual({
    sampler: "tpe",
    trials: 70,
    seed: 7,
    out_of_sample_share: 0.15,
    validation_share: 0,
    objectives: ["net_profit", "max_drawdown_percent"],
    constraints: ["fast < slow"],
    stop_after: 30,
  });
  expect(space.parameters).toEqual(kBody.parameters?.map(({ when: _when, ...range }) => range));
  expect(extras.conditions.get("fast")).toEqual({ parameter: "mode", values: ["a", "b"] });
  expect(again.setup).toMatchObject({ symbol: "SPX", strategy: "S", from: "2001-01-01", inputs: { slow: "40" }, properties: { slippage: "2" } });
});

test("what was not said is as it would be in a new form", () => {
  const again = searchAgain({ symbol: "SPX", timeframe: "1d" }, "S", kDefinitions);
  expect(again.ranges["fast"]?.varied).toBe(true);
  expect(again.ranges["mode"]?.varied).toBe(false);
  expect(again.settings.share).toBe("15");
});
