import type { StrategySummary } from "../api/types";
import { spacedName } from "../ui/format";

/** The strategies that have every word of the text, in the order of the list: by category, then by name. */
export function matching(strategies: readonly StrategySummary[], text: string): StrategySummary[] {
  const words = text.toLowerCase().split(/\s+/);
  return strategies
    .filter((strategy) => {
      const haystack = `${strategy.name} ${spacedName(strategy.name)} ${strategy.category} ${strategy.summary}`.toLowerCase();
      return words.every((word) => haystack.includes(word));
    })
    .sort((one, other) => one.category.localeCompare(other.category) || one.name.localeCompare(other.name));
}
