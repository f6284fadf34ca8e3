import type { Palette } from "../../chart/palette";

/** A ring around the trial that is chosen. */
export function chosenPoint(palette: Palette, point: readonly (number | null)[] | null): object {
  return {
    type: "scatter",
    silent: true,
    symbolSize: 16,
    data: point === null ? [] : [point],
    itemStyle: { color: "transparent", borderColor: palette.unseen, borderWidth: 2.5 },
    z: 10,
  };
}
