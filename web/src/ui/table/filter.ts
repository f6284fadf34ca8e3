import type { SortKey } from "./order";

export type Test = (value: SortKey, text: string) => boolean;

const kComparison = /^(>=|<=|>|<|=|!=)\s*(.+)$/;
const kRange = /^(.+?)\s*\.\.\s*(.+)$/;

/**
 * What a column's filter lets through: `> 100`, `10..20`, `= 5`, `!= x`, or a part of what is shown; of texts and times
 * the comparisons are by their order as text. Empty: everything (null).
 */
export function filterTest(filter: string): Test | null {
  const wanted = filter.trim();
  if (wanted === "") return null;
  const range = kRange.exec(wanted);
  if (range !== null) {
    const [, from = "", to = ""] = range;
    return (value, text) => compare(value, text, from) >= 0 && (compare(value, text, to) <= 0 || (!isNumber(value, text, to) && text.startsWith(to)));
  }
  const comparison = kComparison.exec(wanted);
  if (comparison !== null) {
    const [, operator = "", bound = ""] = comparison;
    return (value, text) => {
      const order = compare(value, text, bound);
      if (Number.isNaN(order)) return operator === "!=";
      switch (operator) {
        case ">":
          return order > 0;
        case ">=":
          return order >= 0;
        case "<":
          return order < 0;
        case "<=":
          return order <= 0;
        case "=":
          return order === 0;
        default:
          return order !== 0;
      }
    };
  }
  const needle = wanted.toLowerCase();
  return (_value, text) => text.toLowerCase().includes(needle);
}

/** Whether both are numbers; a time is a number that is shown, and compared, as a text. */
function isNumber(value: SortKey, text: string, bound: string): value is number {
  return typeof value === "number" && !/^\d{4}-\d{2}/.test(text) && bound.trim() !== "" && !Number.isNaN(numberOf(bound));
}

function numberOf(text: string): number {
  return Number(text.replaceAll(",", "").replace("−", "-"));
}

/** Below, at or above 0 as the value is to the bound; NaN where the value is not known. */
function compare(value: SortKey, text: string, bound: string): number {
  if (value === null || value === undefined) return Number.NaN;
  if (isNumber(value, text, bound)) return value - numberOf(bound);
  const left = text.toLowerCase();
  const right = bound.trim().toLowerCase();
  return left < right ? -1 : left === right ? 0 : 1;
}
