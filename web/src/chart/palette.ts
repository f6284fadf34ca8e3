// The page's colours as the canvas needs them: plain values instead of custom properties.

const kVariables = {
  surface: "--surface",
  text: "--text-3",
  grid: "--grid",
  line: "--line",
  crosshair: "--line-strong",
  label: "--text-2",
  up: "--up",
  down: "--down",
  upVolume: "--up-volume",
  downVolume: "--down-volume",
  long: "--plot-1",
  short: "--plot-3",
  strategy: "--series-strategy",
  strategySoft: "--series-strategy-soft",
  unseen: "--series-unseen",
  hold: "--series-hold",
  plot1: "--plot-1",
  plot2: "--plot-2",
  plot3: "--plot-3",
  plot4: "--plot-4",
} as const;

export type Palette = Record<keyof typeof kVariables, string> & { fontFamily: string };

export function readPalette(): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const computed = getComputedStyle(probe);
  const read = (variable: string) => {
    probe.style.color = `var(${variable})`;
    return computed.color;
  };
  const colors = Object.fromEntries(
    Object.entries(kVariables).map(([name, variable]) => [name, read(variable)]),
  ) as Record<keyof typeof kVariables, string>;
  const fontFamily = computed.fontFamily;
  probe.remove();
  return { ...colors, fontFamily };
}
