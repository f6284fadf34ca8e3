// Which rows are selected, as spans of places in the order that is shown: a million of them is one span.

export type Span = readonly [first: number, last: number];

export interface Selection {
  readonly spans: readonly Span[];
  /** Where a selection that is drawn out began. */
  readonly anchor: number;
}

export const kNothing: Selection = { spans: [], anchor: 0 };

export function isSelected({ spans }: Selection, place: number): boolean {
  return spans.some(([first, last]) => place >= first && place <= last);
}

export function selectOne(place: number): Selection {
  return { spans: [[place, place]], anchor: place };
}

/** From where the selection began up to here. */
export function extendTo({ anchor }: Selection, place: number): Selection {
  return { spans: [[Math.min(anchor, place), Math.max(anchor, place)]], anchor };
}

export function toggle(selection: Selection, place: number): Selection {
  if (!isSelected(selection, place)) return { spans: [...selection.spans, [place, place]], anchor: place };
  const spans = selection.spans.flatMap(([first, last]): Span[] => {
    if (place < first || place > last) return [[first, last]];
    const parts: Span[] = [[first, place - 1], [place + 1, last]];
    return parts.filter(([from, to]) => from <= to);
  });
  return { spans, anchor: place };
}

export function selectedCount({ spans }: Selection): number {
  return spans.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** The places in ascending order. */
export function selectedPlaces({ spans }: Selection): number[] {
  const places: number[] = [];
  for (const [first, last] of spans.toSorted((a, b) => a[0] - b[0])) {
    for (let place = first; place <= last; ++place) places.push(place);
  }
  return places;
}
