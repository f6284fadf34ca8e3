// Where a script's marks and drawings lie, in pixels of the pane. Pure, so that it can be tested without a canvas.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line's ends on the pane, after it was extended to the left, to the right or both ways as Pine says. */
export function extended(a: Point, b: Point, extend: string | null, width: number): [Point, Point] {
  const left = extend === "extend.left" || extend === "extend.both";
  const right = extend === "extend.right" || extend === "extend.both";
  if (a.x === b.x) return [a, b];
  const [first, last] = a.x < b.x ? [a, b] : [b, a];
  const at = (x: number) => ({ x, y: first.y + ((last.y - first.y) * (x - first.x)) / (last.x - first.x) });
  const from = left ? at(Math.min(0, first.x)) : first;
  const to = right ? at(Math.max(width, last.x)) : last;
  return a.x < b.x ? [from, to] : [to, from];
}

/** Dashes of a `line.style_*`, `hline.style_*` or `plot.linestyle_*`. */
export function dashes(style: string | null): number[] {
  if (style?.endsWith("_dashed") === true) return [6, 4];
  return style?.endsWith("_dotted") === true ? [2, 3] : [];
}

const kTextSizes: Record<string, number> = {
  "size.tiny": 9,
  "size.small": 11,
  "size.normal": 12,
  "size.auto": 12,
  "size.large": 16,
  "size.huge": 24,
};

/** Pixels of a text: a `size.*`, or points as Pine v6 has them. */
export function textPixels(size: string | number | null, standard = 12): number {
  if (typeof size === "number") return Math.min(60, Math.max(6, size));
  return kTextSizes[size ?? ""] ?? standard;
}

const kMarkSizes: Record<string, number> = {
  "size.tiny": 5,
  "size.small": 7,
  "size.large": 13,
  "size.huge": 18,
};

/** Half the width of a shape. */
export function markPixels(size: string): number {
  return kMarkSizes[size] ?? 8;
}

/** The bars in view, of `count`, with one more on each side. */
export function barsInView(from: number, to: number, count: number): { first: number; last: number } {
  return { first: Math.max(0, Math.floor(from) - 1), last: Math.min(count - 1, Math.ceil(to) + 1) };
}
