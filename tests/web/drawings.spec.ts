import type { Page } from "@playwright/test";
import { chart, expect, test } from "./fixtures.ts";

const kHead = `//@version=6
strategy("Drawings", overlay = true)
if bar_index == last_bar_index - 100
    strategy.entry("L", strategy.long)
`;

async function run(page: Page, script: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: /^Your own script/ }).click();
  await page.getByRole("textbox", { name: "Pine script" }).fill(script);
  await page.getByRole("button", { name: /^Run backtest/ }).first().click();
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
}

/** How many pixels of the chart have about this colour, and where their middle lies (0 to 1 of the chart). */
async function painted(page: Page, color: [number, number, number]): Promise<{ count: number; x: number; y: number }> {
  return page.evaluate((wanted) => {
    const found = { count: 0, x: 0, y: 0 };
    const host = document.querySelector(".chart-host")?.getBoundingClientRect();
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(".chart-host canvas")) {
      const box = canvas.getBoundingClientRect();
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] !== 255 || !wanted.every((part, index) => Math.abs((data[at + index] ?? 0) - part) < 8)) continue;
        ++found.count;
        const pixel = at / 4;
        found.x += box.x - (host?.x ?? 0) + ((pixel % canvas.width) * box.width) / canvas.width;
        found.y += box.y - (host?.y ?? 0) + (Math.floor(pixel / canvas.width) * box.height) / canvas.height;
      }
    }
    const count = Math.max(1, found.count);
    return { count: found.count, x: found.x / count / (host?.width ?? 1), y: found.y / count / (host?.height ?? 1) };
  }, color);
}

const kMagenta: [number, number, number] = [255, 0, 200];
const kCyan: [number, number, number] = [0, 200, 255];
const kOlive: [number, number, number] = [120, 120, 0];

for (const [what, script, least] of [
  ["a shape", 'plotshape(bar_index % 10 == 0, style = shape.triangleup, location = location.belowbar, color = #FF00C8, size = size.normal)', 300],
  ["a character", 'plotchar(bar_index % 10 == 0, char = "■", location = location.top, color = #FF00C8, size = size.large)', 200],
  ["an arrow", "plotarrow(bar_index % 10 == 0 ? 1 : na, colorup = #FF00C8)", 300],
  ["a background", "bgcolor(bar_index % 10 == 0 ? #FF00C8 : na)", 5000],
  ["the colour of a bar", "barcolor(bar_index % 3 == 0 ? #FF00C8 : na)", 500],
  ["a fill", "a = plot(high * 1.01)\nb = plot(high * 1.02)\nfill(a, b, #FF00C8)", 1000],
  ["columns", 'plot(low * 0.98, style = plot.style_columns, color = #FF00C8, histbase = 0)', 5000],
  ["circles", 'plot(high * 1.02, style = plot.style_circles, color = #FF00C8, linewidth = 3)', 500],
  ["candles", "plotcandle(open, high, low, close, color = #FF00C8)", 500],
  ["a horizontal line", "hline(2600, color = #FF00C8, linestyle = hline.style_solid, linewidth = 4)", 500],
  ["a label", "if barstate.islast\n    label.new(bar_index - 30, high, \"LABEL\", color = #FF00C8)", 300],
  ["a line", "if barstate.islast\n    line.new(bar_index - 60, low, bar_index, low, color = #FF00C8, width = 4)", 500],
  ["a box", "if barstate.islast\n    box.new(bar_index - 60, high, bar_index - 20, low * 0.9, bgcolor = #FF00C8)", 5000],
  ["a polyline", "if barstate.islast\n    polyline.new(array.from(chart.point.from_index(bar_index - 60, low), chart.point.from_index(bar_index - 30, high), chart.point.from_index(bar_index, low)), closed = true, fill_color = #FF00C8)", 800],
  ["a linefill", "if barstate.islast\n    a = line.new(bar_index - 60, low, bar_index, low)\n    b = line.new(bar_index - 60, high * 1.05, bar_index, high * 1.05)\n    linefill.new(a, b, #FF00C8)", 2000],
] as const) {
  test(`${what} of the script is on the chart`, async ({ page }) => {
    await run(page, kHead + script);
    await expect.poll(async () => (await painted(page, kMagenta)).count).toBeGreaterThan(least);
  });
}

test("drawings stand at their bars and prices, and go with the run", async ({ page }) => {
  await run(
    page,
    `${kHead}if barstate.islast
    box.new(bar_index - 150, 3300, bar_index - 120, 3200, bgcolor = #FF00C8, border_width = 0)
    box.new(time[20], 2500, time, 2400, xloc = xloc.bar_time, bgcolor = #00C8FF, border_width = 0)
`,
  );
  await expect.poll(async () => (await painted(page, kMagenta)).count).toBeGreaterThan(500);
  const [early, late] = [await painted(page, kMagenta), await painted(page, kCyan)];
  expect(early.x).toBeLessThan(0.4);
  expect(late.x).toBeGreaterThan(0.7);
  expect(early.y).toBeLessThan(late.y);
  await page.getByRole("textbox", { name: "Pine script" }).fill(kHead);
  await page.keyboard.press("Control+Enter");
  await expect.poll(async () => (await painted(page, kMagenta)).count).toBe(0);
});

test("what a script without overlay draws is in the pane below, forced drawings on the price", async ({ page }) => {
  await run(
    page,
    `${kHead.replace("overlay = true", "overlay = false")}plot(ta.rsi(close, 14), color = #787800)
bgcolor(bar_index % 2 == 0 ? #FF00C8 : na)
if barstate.islast
    box.new(bar_index - 60, high, bar_index - 20, low, bgcolor = #00C8FF, border_width = 0, force_overlay = true)
`,
  );
  await expect.poll(async () => (await painted(page, kMagenta)).count).toBeGreaterThan(5000);
  const [lower, line, forced] = [await painted(page, kMagenta), await painted(page, kOlive), await painted(page, kCyan)];
  expect(lower.y).toBeGreaterThan(0.5);
  expect(line.count).toBeGreaterThan(200);
  expect(forced.count).toBeGreaterThan(500);
  expect(forced.y).toBeLessThan(0.5);
});

test("marks of a script without overlay and without lines are on the price", async ({ page }) => {
  await run(page, `${kHead.replace("overlay = true", "overlay = false")}plotshape(bar_index % 10 == 0, style = shape.square, location = location.abovebar, color = #FF00C8, size = size.normal)`);
  await expect.poll(async () => (await painted(page, kMagenta)).count).toBeGreaterThan(300);
});

test("a table lies over the chart where the script put it", async ({ page }) => {
  await run(
    page,
    `${kHead}var t = table.new(position.bottom_left, 2, 2, bgcolor = #FF00C8, border_width = 1, border_color = color.white)
if barstate.islast
    t.cell(0, 0, "Profit", text_color = color.white)
    t.cell(1, 0, str.tostring(strategy.openprofit, "#.##"), bgcolor = #00C8FF)
    t.cell(0, 1, "merged")
    t.merge_cells(0, 1, 1, 1)
`,
  );
  const table = chart(page).locator(".script-table");
  await expect(table).toContainText("Profit");
  await expect(table).toHaveCSS("background-color", "rgb(255, 0, 200)");
  await expect(table.locator("td").nth(1)).toHaveCSS("background-color", "rgb(0, 200, 255)");
  await expect(table.locator("td", { hasText: "merged" })).toHaveAttribute("colspan", "2");
  const [own, whole] = [await table.boundingBox(), await chart(page).boundingBox()];
  if (own === null || whole === null) throw new Error("no boxes");
  expect(own.x - whole.x).toBeLessThan(40);
  expect(own.y - whole.y).toBeGreaterThan(whole.height / 2);
});
