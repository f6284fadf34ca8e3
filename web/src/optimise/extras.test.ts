import { describe, expect, test } from "vitest";
import { countExtras, kNoExtras, readExtras } from "./extras";

describe("what most searches do without", () => {
  test("is not sent while nothing is set", () => {
    expect(readExtras(kNoExtras, "sharpe_ratio")).toEqual({ extras: {}, conditions: new Map(), errors: new Map() });
    expect(countExtras(kNoExtras)).toBe(0);
  });

  test("is read line by line", () => {
    const { extras, conditions, errors } = readExtras(
      {
        ...kNoExtras,
        constraints: "fast < slow\n\n slow >= 20 ",
        conditions: "length if exit = atr, both\nlevel if use = true",
        require: "trades_per_year >= 12",
        also: "QQQ, IWM",
        stopAfter: "50",
        validate: false,
      },
      "sharpe_ratio",
    );
    expect(errors.size).toBe(0);
    expect(extras).toEqual({
      constraints: ["fast < slow", "slow >= 20"],
      require: ["trades_per_year >= 12"],
      also: ["QQQ", "IWM"],
      stop_after: 50,
      validate: false,
    });
    expect(conditions.get("length")).toEqual({ parameter: "exit", values: ["atr", "both"] });
    expect(conditions.get("level")).toEqual({ parameter: "use", values: [true] });
  });

  test("names what cannot be read", () => {
    const { errors } = readExtras({ ...kNoExtras, constraints: "fast = slow", conditions: "length when x", stopAfter: "0", timeLimit: "soon" }, "net_profit");
    expect([...errors.keys()].toSorted()).toEqual(["conditions", "constraints", "stop_after", "time_limit_seconds"]);
  });

  test("several objectives are the first and the others, each once", () => {
    expect(readExtras({ ...kNoExtras, objectives: ["max_drawdown_percent", "net_profit"] }, "net_profit").extras.objectives).toEqual([
      "net_profit",
      "max_drawdown_percent",
    ]);
    expect(readExtras({ ...kNoExtras, objectives: ["net_profit"] }, "net_profit").extras.objectives).toBeUndefined();
  });

  test("weights go only with the mix that they are of", () => {
    const weights = { sharpe_ratio: "2", profit_factor: "" };
    expect(readExtras({ ...kNoExtras, weights }, "composite").extras.weights).toEqual({ sharpe_ratio: 2 });
    expect(readExtras({ ...kNoExtras, weights }, "net_profit").extras.weights).toBeUndefined();
  });
});
