import type { HistoryEntry } from "../../api/schema";
import { sentenceName } from "../../ui/format";

export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

/** What an entry of the history changed, field by field; of what was made or removed, nothing is repeated. */
export function changes({ before, after }: Pick<HistoryEntry, "before" | "after">): Change[] {
  const [was, is] = [flat(before), flat(after)];
  if (was === null && is === null) return [];
  // A corporate action that was added has nothing before it; an instrument that was made speaks for itself.
  const part = (values: Map<string, string> | null) => values !== null && [...values.keys()].every((name) => name.startsWith("corporate_action"));
  if ((was === null || is === null) && !part(was ?? is)) return [];
  const names = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  return [...names]
    .filter((name) => was?.get(name) !== is?.get(name))
    .map((name) => ({
      field: sentenceName(name.replace("corporate_action.", "")),
      before: was?.get(name) ?? null,
      after: is?.get(name) ?? null,
    }));
}

function flat(value: unknown, prefix = ""): Map<string, string> | null {
  if (typeof value !== "object" || value === null) return null;
  const all = new Map<string, string>();
  for (const [name, each] of Object.entries(value)) {
    const inner = flat(each, `${prefix}${name}.`);
    if (inner === null) all.set(prefix + name, each === null ? "none" : each === "" ? "empty" : String(each));
    else for (const [key, text] of inner) all.set(key, text);
  }
  return all;
}
