import type { EventType } from "../../api/schema";

export interface EventGroup {
  /** `job.*` */
  pattern: string;
  types: readonly EventType[];
}

/** The events by their group, but for those that come unasked. */
export function eventGroups(types: readonly EventType[]): EventGroup[] {
  const groups = new Map<string, EventType[]>();
  for (const type of types) {
    const pattern = `${type.type.split(".")[0] ?? ""}.*`;
    groups.set(pattern, [...(groups.get(pattern) ?? []), type]);
  }
  return [...groups].map(([pattern, each]) => ({ pattern, types: each }));
}

/** Whether the filter has the event: by its name, its group or all. */
export function matches(filter: readonly string[], type: string): boolean {
  return filter.some((each) => each === "*" || each === type || (each.endsWith(".*") && type.startsWith(each.slice(0, -1))));
}

/** The filter with an event, a group or all added or taken away; what it implies is not said twice. */
export function toggled(filter: readonly string[], pattern: string, groups: readonly EventGroup[]): string[] {
  const single = (each: EventGroup) => each.types.map(({ type }) => type);
  if (pattern === "*") return filter.includes("*") ? [] : ["*"];
  let next = filter.includes("*") ? groups.map((each) => each.pattern) : [...filter];
  const group = groups.find((each) => each.pattern === pattern);
  if (group !== undefined) {
    const names = single(group);
    const had = next.includes(pattern);
    next = next.filter((each) => each !== pattern && !names.includes(each));
    return had ? next : [...next, pattern];
  }
  const own = groups.find((each) => single(each).includes(pattern));
  if (own !== undefined && next.includes(own.pattern)) {
    return [...next.filter((each) => each !== own.pattern), ...single(own).filter((each) => each !== pattern)];
  }
  return next.includes(pattern) ? next.filter((each) => each !== pattern) : [...next, pattern];
}
