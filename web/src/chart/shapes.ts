// The shapes of plotshape() and of labels, drawn on a canvas.

/** Paths around the middle, `size` to each side; by the last word of Pine's names. */
const kPaths: Record<string, (context: CanvasRenderingContext2D, x: number, y: number, size: number) => void> = {
  triangleup: (context, x, y, size) => polygon(context, [x, y - size], [x + size, y + size], [x - size, y + size]),
  triangledown: (context, x, y, size) => polygon(context, [x, y + size], [x + size, y - size], [x - size, y - size]),
  diamond: (context, x, y, size) => polygon(context, [x, y - size], [x + size, y], [x, y + size], [x - size, y]),
  square: (context, x, y, size) => context.rect(x - size, y - size, 2 * size, 2 * size),
  circle: (context, x, y, size) => context.arc(x, y, size, 0, 2 * Math.PI),
  cross: (context, x, y, size) => {
    const arm = size / 3;
    context.rect(x - size, y - arm, 2 * size, 2 * arm);
    context.rect(x - arm, y - size, 2 * arm, 2 * size);
  },
  xcross: (context, x, y, size) => {
    const arm = size / 3;
    for (const way of [1, -1]) {
      polygon(
        context,
        [x - size, y - way * (size - arm)],
        [x - size + arm, y - way * size],
        [x + size, y + way * (size - arm)],
        [x + size - arm, y + way * size],
      );
    }
  },
  arrowup: (context, x, y, size) => arrow(context, x, y, size, -1),
  arrowdown: (context, x, y, size) => arrow(context, x, y, size, 1),
  flag: (context, x, y, size) =>
    polygon(context, [x - size, y - size], [x + size, y - size / 3], [x - size * 0.6, y + size / 4], [x - size * 0.6, y + size], [x - size, y + size]),
};

function polygon(context: CanvasRenderingContext2D, ...points: [number, number][]): void {
  points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
}

/** `way` 1 points down. */
function arrow(context: CanvasRenderingContext2D, x: number, y: number, size: number, way: number): void {
  const [tip, end, arm] = [y + way * size, y - way * size, size / 3];
  polygon(context, [x, tip], [x + size, y], [x + arm, y], [x + arm, end], [x - arm, end], [x - arm, y], [x - size, y]);
}

export function isShape(style: string): boolean {
  return style in kPaths;
}

/** Draws the shape in one colour; an unknown one as a circle. */
export function drawShape(context: CanvasRenderingContext2D, style: string, x: number, y: number, size: number, color: string): void {
  context.beginPath();
  (kPaths[style] ?? kPaths["circle"])?.(context, x, y, size);
  context.fillStyle = color;
  context.fill();
}

export interface Bubble {
  readonly text: string;
  readonly color: string;
  readonly textColor: string;
  readonly pixels: number;
  readonly fontFamily: string;
}

/** A text in a box that points to (x, y): `side` says where the box is seen from there. */
export function drawBubble(
  context: CanvasRenderingContext2D,
  bubble: Bubble,
  x: number,
  y: number,
  side: "above" | "below" | "left" | "right" | "center",
): void {
  const lines = bubble.text.split("\n");
  context.font = `${bubble.pixels}px ${bubble.fontFamily}`;
  const widest = Math.max(...lines.map((line) => context.measureText(line).width));
  const line = bubble.pixels * 1.25;
  const width = Math.max(10, widest + 10);
  const height = (bubble.text === "" ? 6 : lines.length * line) + 6;
  const gap = 6;
  const middle = {
    x: x + (side === "left" ? -(width / 2 + gap) : side === "right" ? width / 2 + gap : 0),
    y: y + (side === "above" ? -(height / 2 + gap) : side === "below" ? height / 2 + gap : 0),
  };
  context.fillStyle = bubble.color;
  context.beginPath();
  context.roundRect(middle.x - width / 2, middle.y - height / 2, width, height, 3);
  if (side === "above" || side === "below") {
    const way = side === "above" ? -1 : 1;
    polygon(context, [x, y], [x + gap, y + way * (gap + 1)], [x - gap, y + way * (gap + 1)]);
  } else if (side !== "center") {
    const way = side === "left" ? -1 : 1;
    polygon(context, [x, y], [x + way * (gap + 1), y + gap], [x + way * (gap + 1), y - gap]);
  }
  context.fill();
  drawText(context, bubble, middle.x, middle.y, "center");
}

/** Lines of text around a point. */
export function drawText(context: CanvasRenderingContext2D, bubble: Bubble, x: number, y: number, align: CanvasTextAlign): void {
  const lines = bubble.text.split("\n");
  const line = bubble.pixels * 1.25;
  context.font = `${bubble.pixels}px ${bubble.fontFamily}`;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.fillStyle = bubble.textColor;
  lines.forEach((text, index) => context.fillText(text, x, y + (index - (lines.length - 1) / 2) * line));
}
