import { describe, expect, test } from "vitest";
import type { Plot, Trade } from "../api/types";
import { barIndexAt, plotColor, plotColorAt, plotPoints, plotValue, runOffset, toSeconds, tradeMarks } from "./seriesData";

const kDays = ["03", "04", "05", "06", "07"].map((date) => `2000-01-${date}T00:00:00Z`);
const kTime = kDays.map(toSeconds);

function day(index: number): string {
  return kDays[index] ?? "";
}

const kPlot: Plot = {
  title: "p",
  kind: "plot",
  overlay: true,
  visible: true,
  color: null,
  colors: null,
  style: "",
  location: "",
  text: "",
  text_color: null,
  down_color: null,
  size: "",
  line_width: 1,
  time_offset: 0,
  first_bar: 0,
  values: [],
};

function plot(values: (number | null)[], time_offset = 0): Plot {
  return { ...kPlot, time_offset, values };
}

describe("where a run lies on the chart", () => {
  test("is found by its last bar when it began before what is shown", () => {
    expect(runOffset(kTime, { bar_count: 105, first_time: "1990-01-01T00:00:00Z", last_time: day(4) })).toBe(-100);
  });

  test("is found by its first bar when it ends after what is shown", () => {
    expect(runOffset(kTime, { bar_count: 50, first_time: day(1), last_time: "2001-01-01T00:00:00Z" })).toBe(1);
  });

  test("is nowhere when no end is on the chart", () => {
    const run = { bar_count: 3, first_time: "1999-01-01T00:00:00Z", last_time: "1999-02-01T00:00:00Z" };
    expect(runOffset(kTime, run)).toBeNull();
  });
});

describe("a plot", () => {
  test("has the colour of each bar, and none where the script gave none", () => {
    const colored = { ...plot([1, 2, 3]), colors: { palette: ["#FF0000FF", "#00FF0080"], index: [0, null, 1] } };
    expect(plotPoints(kTime, colored, 1).map((point) => point.color)).toEqual(["#FF0000FF", "transparent", "#00FF0080"]);
    expect(plotColorAt(colored, 1, 1)).toBe("#FF0000FF");
    expect(plotColorAt(colored, 2, 1)).toBeNull();
    expect(plotColorAt(plot([1]), 0, 0)).toBeUndefined();
  });

  test("may begin later than the run, where old values were left out", () => {
    expect(plotValue({ ...plot([7, 8]), first_bar: 2 }, 3, 1)).toBe(7);
    expect(plotValue({ ...plot([7, 8]), first_bar: 2 }, 2, 1)).toBeNull();
  });

  test("is moved by the run's place and by its own offset", () => {
    expect(plotPoints(kTime, plot([10, 11, 12]), 2).map((point) => point.value)).toEqual([10, 11, 12]);
    expect(plotPoints(kTime, plot([10, 11, 12]), 2)[0]?.time).toBe(kTime[2]);
    expect(plotPoints(kTime, plot([10, 11, 12], 1), 0)[0]?.time).toBe(kTime[1]);
    expect(plotPoints(kTime, plot([8, 9, 10]), -2).map((point) => point.value)).toEqual([10]);
  });

  test("is not drawn across a gap", () => {
    const points = plotPoints(kTime, plot([null, 1, null, 3, 4]), 0);
    expect(points).toEqual([
      { time: kTime[1], value: 1 },
      { time: kTime[3], value: 3, color: "transparent" },
      { time: kTime[4], value: 4 },
    ]);
  });
});

test("a moment belongs to the bar that began last", () => {
  expect(barIndexAt([10, 20, 30], 9)).toBe(-1);
  expect(barIndexAt([10, 20, 30], 10)).toBe(0);
  expect(barIndexAt([10, 20, 30], 29)).toBe(1);
  expect(barIndexAt([10, 20, 30], 99)).toBe(2);
});

test("trades mark entry and exit, in time's order, and only on bars that are shown", () => {
  const base = { entry_price: 1, entry_id: "", exit_price: 2, exit_id: "", quantity: 1, profit_percent: 1 };
  const money = { run_up: 0, drawdown: 0, commission: 0, cumulative_profit: 0 };
  const trades: Trade[] = [
    { ...base, ...money, number: 1, side: "long", entry_time: "1999-01-04T00:00:00Z", exit_time: day(2), profit: -5 },
    { ...base, ...money, number: 2, side: "short", entry_time: day(1), exit_time: null, profit: 3 },
  ];
  expect(tradeMarks(kTime, trades).map(({ time, role, position }) => [time, role, position])).toEqual([
    [kTime[1], "short", "aboveBar"],
    [kTime[2], "loss", "aboveBar"],
  ]);
});

test("colours that the canvas cannot read fall back", () => {
  expect(plotColor("#2962FF80", "x")).toBe("#2962FF80");
  expect(plotColor("red; drop", "x")).toBe("x");
  expect(plotColor(null, "x")).toBe("x");
});
