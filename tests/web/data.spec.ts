// The place Data: asking for bars, looking at them, keeping questions, comparing, exporting.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { test as base, chart, expect, kBars, noSidewaysScroll, pixelsOf, violations } from "./fixtures.ts";
import { type ExtraBars, type Server, startServer } from "./server.ts";

interface Row {
  date: string;
  prices: [number, number, number, number];
  volume: number;
}

const kRows: readonly Row[] = readFileSync(resolve(import.meta.dirname, "../../web/node_modules/vega-datasets/data/sp500-2000.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [date = "", open, high, low, close, , volume] = line.split(",");
    return { date, prices: [Number(open), Number(high), Number(low), Number(close)], volume: Number(volume) };
  });

function csv(rows: readonly Row[], shift = 0, volume?: (date: string) => number): string {
  const lines = rows.map(({ date, prices, volume: own }) =>
    [date, ...prices.map((price) => (Math.round((price + shift) * 4) / 4).toFixed(2)), volume?.(date) ?? own].join(","),
  );
  return ["date,open,high,low,close,volume", ...lines].join("\n") + "\n";
}

const kMissing = ["2020-02-10", "2020-02-11", "2020-03-18"];
const kMinutes = 62_000;

/** A minute bar after the other, more than one answer holds. */
function minutes(): string {
  const start = Date.UTC(2024, 0, 1);
  const price = (bar: number) => 100 + 20 * Math.sin(bar / 5000) + 2 * Math.sin(bar / 37);
  const lines = Array.from({ length: kMinutes }, (_, bar) => {
    const [open, close] = [price(bar), price(bar + 1)];
    const prices = [open, Math.max(open, close) + 0.1, Math.min(open, close) - 0.1, close].map((each) => each.toFixed(2));
    return [new Date(start + bar * 60_000).toISOString(), ...prices, 100 + (bar % 50)].join(",");
  });
  return ["time,open,high,low,close,volume", ...lines].join("\n") + "\n";
}

const kFuture = ["--asset-class", "future", "--exchange", "CME", "--exchange-timezone", "America/Chicago", "--mintick", "0.25"];
const between = (from: string, to: string) => kRows.filter(({ date }) => date >= from && date <= to);

const kExtra: readonly ExtraBars[] = [
  { symbol: "GAPS", timeframe: "1d", csv: csv(kRows.filter(({ date }) => !kMissing.includes(date))) },
  { symbol: "MINUTES", timeframe: "1m", csv: minutes(), more: ["--asset-class", "crypto"] },
  { symbol: "ESH2020", timeframe: "1d", csv: csv(between("2019-12-01", "2020-03-20"), 5, (date) => (date < "2020-03-12" ? 1000 : 100)), more: kFuture },
  { symbol: "ESM2020", timeframe: "1d", csv: csv(between("2020-02-01", "2020-04-17"), -10, (date) => (date < "2020-03-11" ? 100 : 1000)), more: kFuture },
];

const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await startServer({
        extra: kExtra,
        settings: {
          TRADEASSIST_LIVE_SOURCE: "replay",
          TRADEASSIST_LIVE_SYMBOLS: "MINUTES",
          TRADEASSIST_LIVE_TIMEFRAME: "1m",
          TRADEASSIST_LIVE_REPLAY_BARS: "2000",
          TRADEASSIST_LIVE_REPLAY_SPEED: "120",
        },
      });
      const action = { ex_date: "2020-03-02", kind: "split", value: 2 };
      await fetch(`${server.url}/api/v1/instruments/GAPS/corporate-actions`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ source: "test", actions: [action] }),
      });
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

const table = (page: Page) => page.getByRole("grid", { name: /^Bars of/ });
const rowCount = (page: Page) => page.locator(".table-count");

async function addSymbols(page: Page, ...symbols: string[]): Promise<void> {
  for (const symbol of symbols) {
    await page.getByRole("button", { name: /^Add a symbol/ }).click();
    await page.getByRole("combobox", { name: "Add a symbol" }).fill(symbol);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: `Remove ${symbol}` })).toBeVisible();
  }
}

async function run(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Run/ }).click();
}

test("several symbols are asked for in place, and each is answered on its own", async ({ page }) => {
  await page.goto("/data");
  await run(page);
  await expect(page.getByText("Choose at least one symbol.")).toBeVisible();
  await addSymbols(page, "SPX", "GAPS", "GONE");
  await page.getByLabel("Number of bars").fill("100");
  await page.keyboard.press("Control+Enter");
  const list = page.getByRole("navigation", { name: "Results by symbol" });
  await expect(list).toContainText("2 ok, 1 failed; 200 bars");
  await expect(chart(page)).toHaveAttribute("data-bars", "100");
  await list.getByRole("button", { name: /GONE/ }).click();
  await expect(page.getByRole("region", { name: "GONE" })).toContainText("INSTRUMENT_NOT_FOUND");
  await list.getByRole("button", { name: /GAPS/ }).click();
  await expect(page).toHaveURL(/symbols=SPX%2CGAPS%2CGONE.*run=1.*shown=GAPS/);
  await page.goBack();
  await expect(page.getByRole("region", { name: "GONE" })).toBeVisible();
  // A copied link opens the same.
  await page.reload();
  await expect(list).toContainText("2 ok, 1 failed; 200 bars");
  await expect(page.getByRole("region", { name: "GONE" })).toBeVisible();
});

test("what is wrong is said at its field while it is typed, and by the server where only it knows", async ({ page }) => {
  await page.goto("/data?symbols=SPX");
  await page.getByLabel("Number of bars").fill("0");
  await expect(page.getByText("A whole number from 1 to 1,000,000.")).toBeVisible();
  await expect(page.getByLabel("Number of bars")).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("tab", { name: "Dates" }).click();
  await page.getByLabel("From", { exact: true }).fill("2009-01-01");
  await page.getByLabel("Before", { exact: true }).fill("2008-01-01");
  await expect(page.getByText("The range ends before it begins.")).toBeVisible();
  await page.getByLabel("Before", { exact: true }).fill("2009-02-01");
  await page.getByText("Prices, gaps, futures, source").click();
  await page.getByLabel("VWAP", { exact: true }).selectOption("anchored");
  await expect(page.getByText("Say from when on.")).toBeVisible();
  await page.getByLabel("VWAP", { exact: true }).selectOption("");
  await page.getByRole("button", { name: /^Frequency/ }).click();
  await page.getByRole("combobox", { name: "Frequency" }).fill("200000d");
  await page.keyboard.press("Enter");
  await run(page);
  await expect(page.locator(".data-form .error")).toContainText("200000d");
});

test("an empty range says why, and every kind of range is answered", async ({ page }) => {
  await page.goto("/data?symbols=SPX&range=preset&preset=1m&run=1");
  const region = page.getByRole("region", { name: "SPX" });
  await expect(region).toContainText("the stored bars run from 2000-01-03");
  await page.getByRole("button", { name: "All" }).click();
  await expect(page.getByText("Changed since it was run.")).toBeVisible();
  await run(page);
  await expect(chart(page)).toHaveAttribute("data-bars", String(kBars));
  await page.getByRole("tab", { name: "Relative" }).click();
  await page.getByLabel("Up to now, the last").fill("30");
  await page.getByLabel("Unit").selectOption("years");
  await run(page);
  await expect(chart(page)).toHaveAttribute("data-bars", String(kBars));
  await page.getByRole("tab", { name: "Dates" }).click();
  await page.getByLabel("From", { exact: true }).fill("2008-09-01");
  await page.getByLabel("Before", { exact: true }).fill("2008-10-01");
  await run(page);
  await expect(chart(page)).toHaveAttribute("data-bars", "21");
});

test("the chart shows what is missing, and marks of splits; the table flags the bars after gaps", async ({ page }) => {
  await page.goto("/data?symbols=GAPS&last=100&run=1");
  await expect(chart(page)).toHaveAttribute("data-gaps", "2");
  await expect(chart(page)).toHaveAttribute("data-actions", "1");
  await expect(page.locator(".data-facts")).toContainText("3 missing");
  await expect.poll(() => pixelsOf(page, "--plot-1")).toBeGreaterThan(100);
  await page.getByRole("tab", { name: "Table" }).click();
  await page.getByRole("searchbox", { name: "Search the rows" }).fill("missing");
  await expect(rowCount(page)).toHaveText("2 of 100 rows");
  await expect(table(page).getByRole("row").nth(1)).toContainText("after 1 missing");
});

test("adjusted prices have no step at a split, and the factors can be seen", async ({ page }) => {
  await page.goto("/data?symbols=GAPS&last=100&run=1&prices=splits&factors=1&view=table");
  await expect(page.getByRole("columnheader", { name: "Split factor" })).toBeVisible();
  await expect(page.locator(".data-facts")).toContainText("AdjustedSplits");
  await page.getByRole("searchbox", { name: "Search the rows" }).fill("2020-02-28");
  await expect(table(page)).toContainText("1,477.1");
});

test("a continuous future shows its rolls, with the gap on hover", async ({ page }) => {
  await page.goto("/data?symbols=ES&range=preset&preset=max&continuous=1&roll=volume");
  await run(page);
  await expect(page.getByRole("heading", { name: "ES.v.0" })).toBeVisible();
  await expect(chart(page)).toHaveAttribute("data-rolls", "1");
  const box = await page.locator(".chart-host").boundingBox();
  const roll = page.getByText(/Roll ESH2020 to ESM2020/);
  for (let x = 0.3; x < 0.9 && !(await roll.isVisible()); x += 0.008) await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * x, (box?.y ?? 0) + 150);
  await expect(roll).toContainText("gap −15.00");
  await page.getByRole("tab", { name: "Table" }).click();
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("Filter Flags").fill("roll");
  await expect(rowCount(page)).toHaveText("1 of 95 rows");
});

test("rows are sorted, filtered by column, selected and copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/data?symbols=SPX&range=preset&preset=max&run=1&view=table");
  await expect(rowCount(page)).toHaveText("5,105 rows");
  await page.getByRole("button", { name: "Change, %" }).click();
  await expect(table(page).getByRole("row").nth(1)).toContainText("2008-10-13");
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("Filter Time, UTC").fill("2008-09..2008-10");
  await page.getByLabel("Filter Change, %").fill("< −5");
  await expect(rowCount(page)).toHaveText("5 of 5,105 rows");
  await table(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(rowCount(page)).toContainText("2 selected");
  await page.keyboard.press("Control+c");
  await expect(page.getByText("2 rows copied", { exact: true })).toBeVisible();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]?.split("\t").slice(0, 5)).toEqual(["Time, UTC", "Open", "High", "Low", "Close"]);
  expect(lines[1]).toContain("2008-10-07");
});

test("a row that is chosen is brought into the chart's view", async ({ page }) => {
  await page.goto("/data?symbols=SPX&range=preset&preset=max&run=1");
  const host = page.locator(".chart-host");
  await expect(host).toHaveAttribute("data-in-view", /2020-04-17$/);
  await page.getByRole("searchbox", { name: "Search the rows" }).fill("2008-10-13");
  await expect(rowCount(page)).toHaveText("1 of 5,105 rows");
  await table(page).focus();
  await page.keyboard.press("Enter");
  await expect(host).toHaveAttribute("data-in-view", /^2008-.*2009-/);
});

test("a query in the background tells how far it is and streams its bars", async ({ page }) => {
  await page.goto("/data?symbols=MINUTES,SPX&frequency=1m&range=preset&preset=max");
  await page.getByRole("button", { name: "In background" }).click();
  await expect(page).toHaveURL(/query=/);
  const progress = page.locator(".data-progress");
  await expect(progress).toContainText("Done", { timeout: 30_000 });
  const list = page.getByRole("navigation", { name: "Results by symbol" });
  await expect(list).toContainText(/1 ok, 1 failed/);
  await expect(page.locator(".data-facts")).toContainText("62,000");
  await expect(rowCount(page)).toHaveText("62,000 rows");
  await table(page).focus();
  await page.keyboard.press("End");
  await expect(table(page)).toContainText("2024-01-01");
  // After a reload the bars are read anew.
  await page.reload();
  await expect(progress).toContainText("Done");
  await expect(rowCount(page)).toContainText("rows");
});

test("a query in the background that waits is cancelled", async ({ page, server }) => {
  // Nobody subscribes to it but the page, which comes later.
  const answer = await fetch(`${server.url}/api/v1/historical-data/fetch`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ symbols: ["SPX"], frequency: "1d", preset: "max", background: true, stream: true }),
  });
  const { query_id: query } = (await answer.json()) as { query_id: string };
  await page.routeWebSocket(/\/ws\/realtime/, () => {});
  await page.goto(`/data?symbols=SPX&range=preset&preset=max&query=${query}`);
  const progress = page.locator(".data-progress");
  await progress.getByRole("button", { name: "Cancel" }).click();
  await expect(progress).toContainText("Cancelled");
});

test("a query that does not exist is said to be unknown, and can be left", async ({ page }) => {
  await page.goto("/data?query=nosuch");
  await expect(page.getByRole("alert")).toContainText("JOB_NOT_FOUND");
  await page.getByRole("button", { name: "Forget this query" }).click();
  await expect(page.getByRole("heading", { name: "Ask for bars" })).toBeVisible();
});

test("more bars than an answer holds come piece by piece as the chart is dragged", async ({ page }) => {
  await page.goto("/data?symbols=MINUTES&frequency=1m&range=preset&preset=max&run=1&view=chart");
  await expect(page.getByText(/The range holds 62000 bars/)).toBeVisible();
  await expect(chart(page)).toHaveAttribute("data-bars", "50000");
  await page.getByRole("button", { name: "Show the whole history" }).click();
  const host = page.locator(".chart-host");
  const box = await host.boundingBox();
  const [left, top] = [box?.x ?? 0, box?.y ?? 0];
  await page.mouse.move(left + 300, top + 200);
  await page.mouse.down();
  await page.mouse.move(left + 600, top + 200, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Number(await chart(page).getAttribute("data-bars"))).toBe(kMinutes);
  await page.getByRole("button", { name: "Load them all" }).click();
  await expect(page.locator(".data-progress")).toContainText("Done", { timeout: 30_000 });
  await expect(chart(page)).toHaveAttribute("data-bars", String(kMinutes));
});

test("a last bar that is not whole says so", async ({ page }) => {
  await page.goto("/data?symbols=MINUTES&frequency=1h&last=50&run=1");
  await expect(chart(page)).toHaveAttribute("data-partial", "true");
  await expect(page.locator(".data-facts")).toContainText("Last bar is partial");
  await expect(page.locator(".legend")).toContainText("trading may still change this bar");
  await expect(table(page).getByRole("row").nth(1)).toContainText("partial");
});

test("live bars reach the chart that shows them", async ({ page }) => {
  await page.goto("/data?symbols=MINUTES&frequency=1m&last=50&run=1");
  await expect(page.locator(".data-symbol-title .badge")).toHaveText("Live", { timeout: 20_000 });
});

test("a query is saved with tags and a schedule, found, run, and deleted with a way back", async ({ page }) => {
  await page.goto("/data?symbols=SPX&last=250");
  await page.getByRole("button", { name: "Save…" }).click();
  const dialog = page.getByRole("dialog", { name: "Save the query" });
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByText("A saved query needs a name.")).toBeVisible();
  await dialog.getByLabel("Name").fill("Closes of the year");
  await dialog.getByLabel("Tags, with commas").fill("daily, index");
  await dialog.getByLabel("When").selectOption("at");
  await dialog.getByRole("button", { name: "Fri" }).click();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("tab", { name: "Saved" }).click();
  const row = page.getByRole("listitem", { name: "Closes of the year" });
  await expect(row).toContainText("SPX · 1d · newest 250");
  await expect(row).toContainText("17:30 America/New_York, mon tue wed thu");
  await row.getByRole("button", { name: /^Favourite/ }).click();
  await expect(row.getByRole("button", { name: /^Favourite/ })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Favourites", exact: true }).click();
  await expect(row).toBeVisible();
  await row.getByRole("button", { name: "index" }).click();
  await expect(page).toHaveURL(/tag=index/);
  await page.getByPlaceholder("Search by name").fill("nothing like it");
  await expect(page.getByText("No saved query matches")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();

  await row.getByRole("button", { name: "Run", exact: true }).click();
  await expect(chart(page)).toHaveAttribute("data-bars", "250");
  await page.getByLabel("Number of bars").fill("300");
  await page.getByRole("button", { name: "Update" }).click();
  await expect(page.getByText("“Closes of the year” updated", { exact: true })).toBeVisible();
  await page.getByRole("tab", { name: "Saved" }).click();
  await expect(row).toContainText("newest 300");
  await expect(row).toContainText(/Runs1,/);

  await row.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("menuitem", { name: "Edit…" }).click();
  const edit = page.getByRole("dialog", { name: "Edit Closes of the year" });
  await edit.getByLabel("Name").fill("Closes");
  await edit.getByRole("button", { name: "Save", exact: true }).click();
  const renamed = page.getByRole("listitem", { name: "Closes", exact: true });
  await renamed.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(renamed).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(renamed).toBeVisible();
});

test("two instruments are compared, and two periods of one", async ({ page }) => {
  await page.goto("/data?tab=compare");
  await addSymbols(page, "SPX", "GAPS");
  await page.getByLabel("Number of bars").fill("500");
  await page.getByRole("button", { name: /^Compare/ }).click();
  await expect(page.getByText(/4\d\d bars in common, joined by their time/)).toBeVisible();
  await expect(page.getByRole("row", { name: /GAPS/ })).toContainText("1.0000");
  for (const view of ["Closes", "Spread", "Ratio", "Correlation"]) {
    await page.getByRole("tab", { name: view }).click();
    await expect(page.locator(".figure-canvas[data-ready]")).toBeVisible();
  }
  await page.getByRole("tab", { name: "Spread" }).click();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "GAPS − SPX" })).toBeVisible();

  await page.getByRole("tab", { name: "Periods of one" }).click();
  for (const [period, year] of [["Period 1", 2008], ["Period 2", 2018]] as const) {
    const group = page.getByRole("group", { name: period });
    await group.getByLabel("From", { exact: true }).fill(`${year}-01-01`);
    await group.getByLabel("Before", { exact: true }).fill(`${year}-07-01`);
  }
  await page.getByRole("button", { name: /^Compare/ }).click();
  await expect(page.getByText(/bars in common, joined by their number/)).toBeVisible();
  await expect(page.getByRole("row", { name: /^2008-01-0\d to/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("row", { name: /^2008-01-0\d to/ })).toBeVisible();
});

for (const [name, begins] of [["CSV", "time,open"], ["JSON", "{"], ["Parquet", "PAR1"], ["Arrow", "\xff\xff\xff\xff"]] as const) {
  test(`the bars that are shown are exported as ${name}`, async ({ page, server }, info) => {
    const made = await fetch(`${server.url}/api/v1/bars?symbol=SPX&timeframe=1d&last=1&format=${name.toLowerCase()}`);
    test.skip(made.status === 501, "this server does not have what Parquet needs");
    await page.goto("/data?symbols=SPX&last=100&run=1");
    await page.getByRole("button", { name: "Export" }).click();
    const file = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
    const path = join(info.outputDir, name);
    await (await file).saveAs(path);
    expect(readFileSync(path, "latin1").startsWith(begins)).toBe(true);
    await expect(page.getByText(`${name} saved`, { exact: true })).toBeVisible();
  });
}

test("everything is reached by keyboard", async ({ page }) => {
  await page.goto("/data");
  await expect(page.getByRole("button", { name: /^Add a symbol/ })).toBeVisible();
  await page.keyboard.press("i");
  await page.getByRole("combobox", { name: "Add a symbol" }).fill("SPX");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await expect(chart(page)).toHaveAttribute("data-bars", "1000");
  await page.getByRole("tab", { name: "Both" }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator(".data-symbol")).toHaveAttribute("data-view", "table");
  await page.keyboard.press("2");
  await expect(page).toHaveURL(/tab=saved/);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("Data: Compare");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/tab=compare/);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme} colours`, () => {
    test.use({ colorScheme });
    test("have enough contrast, and everything a name", async ({ page }) => {
      await page.goto("/data?symbols=GAPS,SPX,GONE&last=100&run=1&continuous=0&prices=splits&shown=GAPS");
      await expect(chart(page)).toHaveAttribute("data-bars", "100");
      await page.getByRole("button", { name: "Filters" }).click();
      expect(await violations(page)).toEqual([]);
      await page.goto("/data?tab=compare&compared=SPX,GAPS&compare=1");
      await expect(page.locator(".figure-canvas[data-ready]")).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.goto("/data?tab=saved");
      await expect(page.locator(".data-saved-count")).toContainText("quer");
      expect(await violations(page)).toEqual([]);
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
  test("everything fits, and the form gives way to what came of it", async ({ page }) => {
    await page.goto("/data?symbols=SPX,GAPS&last=100");
    await noSidewaysScroll(page);
    await run(page);
    await expect(chart(page)).toHaveAttribute("data-bars", "100");
    await noSidewaysScroll(page);
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Change", exact: true }).click();
    await expect(page.getByLabel("Number of bars")).toBeVisible();
    for (const tab of ["Saved", "Compare"]) {
      await page.getByRole("tab", { name: tab }).click();
      await noSidewaysScroll(page);
    }
  });
});
