import { describe, expect, it } from "vitest";
import { barsInView, dashes, extended, markPixels, textPixels } from "./scriptGeometry";

describe("a line", () => {
  const a = { x: 100, y: 50 };
  const b = { x: 200, y: 100 };

  it("ends where it was drawn unless it is extended", () => {
    expect(extended(a, b, "extend.none", 400)).toEqual([a, b]);
    expect(extended(a, b, null, 400)).toEqual([a, b]);
  });

  it("goes on at its slope to the edges of the pane", () => {
    expect(extended(a, b, "extend.right", 400)).toEqual([a, { x: 400, y: 200 }]);
    expect(extended(a, b, "extend.left", 400)).toEqual([{ x: 0, y: 0 }, b]);
    expect(extended(b, a, "extend.both", 400)).toEqual([{ x: 400, y: 200 }, { x: 0, y: 0 }]);
  });

  it("that already passes an edge keeps its end", () => {
    expect(extended(a, { x: 500, y: 250 }, "extend.right", 400)[1]).toEqual({ x: 500, y: 250 });
  });

  it("that stands upright cannot be extended sideways", () => {
    expect(extended(a, { x: 100, y: 90 }, "extend.both", 400)).toEqual([a, { x: 100, y: 90 }]);
  });
});

it("styles and sizes are those of Pine's names", () => {
  expect(dashes("line.style_dashed")).toEqual([6, 4]);
  expect(dashes("hline.style_dotted")).toEqual([2, 3]);
  expect(dashes("line.style_solid")).toEqual([]);
  expect(textPixels("size.huge")).toBe(24);
  expect(textPixels(20)).toBe(20);
  expect(textPixels(5000)).toBe(60);
  expect(textPixels(null)).toBe(12);
  expect(markPixels("size.tiny")).toBeLessThan(markPixels("size.huge"));
});

it("the bars in view have one more on each side and stay within the chart", () => {
  expect(barsInView(10.4, 20.2, 100)).toEqual({ first: 9, last: 22 });
  expect(barsInView(-5, 200, 100)).toEqual({ first: 0, last: 99 });
});
