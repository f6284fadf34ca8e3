// Values to colours. A scale that crosses zero has its neutral colour at zero, so that gain and loss are told apart;
// otherwise it runs from pale to strong.

export type Rgb = readonly [number, number, number];

export interface ColorScale {
  /** Values from the first to the last stop. */
  readonly domain: readonly number[];
  readonly stops: readonly Rgb[];
}

const kRamps = {
  light: {
    single: [[236, 240, 251], [148, 171, 240], [59, 91, 219], [27, 38, 102]],
    twofold: [[178, 24, 43], [238, 158, 160], [240, 241, 244], [120, 196, 182], [3, 102, 84]],
  },
  dark: {
    single: [[30, 36, 56], [45, 66, 158], [92, 124, 250], [208, 219, 255]],
    twofold: [[255, 128, 137], [146, 52, 62], [38, 43, 54], [24, 116, 102], [94, 224, 200]],
  },
} as const satisfies Record<string, Record<string, readonly Rgb[]>>;

export function colorScale(minimum: number, maximum: number, theme: "light" | "dark"): ColorScale {
  const ramp = kRamps[theme];
  if (minimum < 0 && maximum > 0) {
    const reach = Math.max(-minimum, maximum);
    return { domain: [-reach, -reach / 2, 0, reach / 2, reach], stops: ramp.twofold };
  }
  const span = maximum - minimum;
  return {
    domain: ramp.single.map((_, stop) => minimum + (span * stop) / (ramp.single.length - 1)),
    stops: ramp.single,
  };
}

export function colorAt(scale: ColorScale, value: number): Rgb {
  const { domain, stops } = scale;
  const lowest = stops[0] as Rgb;
  const highest = stops.at(-1) as Rgb;
  if (value <= (domain[0] as number)) return domain[0] === domain.at(-1) ? (stops[2] ?? highest) : lowest;
  for (let stop = 1; stop < domain.length; ++stop) {
    const to = domain[stop] as number;
    if (value > to) continue;
    const from = domain[stop - 1] as number;
    const share = (value - from) / (to - from);
    const left = stops[stop - 1] as Rgb;
    const right = stops[stop] as Rgb;
    return [0, 1, 2].map((part) => {
      const a = left[part] as number;
      return Math.round(a + ((right[part] as number) - a) * share);
    }) as unknown as Rgb;
  }
  return highest;
}

export function cssColor([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** The part of the scale that the values reach, as a CSS gradient for the legend. */
export function cssGradient(scale: ColorScale, minimum: number, maximum: number): string {
  const steps = 12;
  const colors = Array.from({ length: steps + 1 }, (_, step) =>
    cssColor(colorAt(scale, minimum + ((maximum - minimum) * step) / steps)),
  );
  return `linear-gradient(to right, ${colors.join(", ")})`;
}
