// The strategy() declaration's properties as fields of the form, with the script's own values as defaults.

import type { InputDefinition, StrategySettings } from "../api/types";

type PropertyShape = Pick<InputDefinition, "name" | "title" | "kind" | "tooltip"> & Partial<InputDefinition>;

const kShapes: readonly PropertyShape[] = [
  {
    name: "initial_capital",
    title: "Initial capital",
    kind: "float",
    minimum: 0,
    step: 1000,
    default: 1_000_000,
    tooltip: "Money at the start, in the account's currency.",
  },
  {
    name: "default_qty_type",
    title: "Order size in",
    kind: "string",
    options: ["fixed", "cash", "percent_of_equity"],
    default: "fixed",
    tooltip: "How the size of an order is given when the script does not say it.",
  },
  {
    name: "default_qty_value",
    title: "Order size",
    kind: "float",
    minimum: 0,
    step: 1,
    default: 1,
    tooltip: "Shares or contracts, money, or percent of equity, as chosen above.",
  },
  {
    name: "pyramiding",
    title: "Pyramiding",
    kind: "int",
    minimum: 0,
    step: 1,
    default: 0,
    tooltip: "How many entries may be open in one direction; 0 and 1 both mean a single one.",
  },
  {
    name: "commission_type",
    title: "Commission in",
    kind: "string",
    options: ["percent", "cash_per_order", "cash_per_contract"],
    default: "percent",
    tooltip: "Percent of the traded value, or money for each order or contract.",
  },
  {
    name: "commission_value",
    title: "Commission",
    kind: "float",
    minimum: 0,
    step: 0.01,
    default: 0,
    tooltip: "Charged at entry and at exit.",
  },
  {
    name: "slippage",
    title: "Slippage, ticks",
    kind: "int",
    minimum: 0,
    step: 1,
    default: 0,
    tooltip: "Ticks by which market and stop orders fill worse than the price.",
  },
];

/** `known` is false for a script whose declaration only the server has read: its fields then start empty. */
export function propertyDefinitions(settings: StrategySettings, known: boolean): InputDefinition[] {
  return kShapes.map((shape) => ({
    minimum: null,
    maximum: null,
    step: null,
    options: null,
    group: "",
    ...shape,
    default: known ? (settings[shape.name] ?? shape.default ?? null) : null,
  }));
}
