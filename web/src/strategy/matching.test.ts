import { expect, test } from "vitest";
import type { StrategySummary } from "../api/types";
import { matching } from "./matching";

const strategy = (name: string, category: string): StrategySummary => ({
  name,
  category,
  risk_level: "low",
  complexity: "simple",
  summary: "Follows the price.",
  input_count: 2,
});
const all = [strategy("AverageTrueRange", "volatility"), strategy("MACDStrategy", "trend"), strategy("ADXTrend", "trend")];
const names = (text: string) => matching(all, text).map((found) => found.name);

test("strategies come in the order in which they are shown, so that arrows walk through them", () => {
  expect(names("")).toEqual(["ADXTrend", "MACDStrategy", "AverageTrueRange"]);
});

test("every word must be in the name, written together or apart, the category or the summary", () => {
  expect(names("average range")).toEqual(["AverageTrueRange"]);
  expect(names("trend follows")).toEqual(["ADXTrend", "MACDStrategy"]);
  expect(names("trend range")).toEqual([]);
});
