import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, openRun, test } from "./fixtures.ts";

/** Sets the ranges: every numeric input fixed but the first two, which get these values. */
async function setRanges(page: Page, ranges: readonly (readonly [from: number, to: number, step: number])[]): Promise<void> {
  const rows = page.locator("tr[data-range]");
  await expect(rows.first()).toBeVisible();
  let next = 0;
  for (const row of await rows.all()) {
    const box = row.getByRole("checkbox");
    const numeric = (await row.locator("input[type=number]").count()) === 3;
    const range = numeric ? ranges[next++] : undefined;
    await box.setChecked(range !== undefined);
    if (range === undefined) continue;
    for (const [index, value] of range.entries()) await row.locator("input[type=number]").nth(index).fill(String(value));
  }
}

async function searchGrid(page: Page): Promise<void> {
  await openRun(page, "&tab=optimise");
  await setRanges(page, [
    [5, 30, 5],
    [60, 120, 10],
  ]);
  await page.getByLabel("Sampler", { exact: true }).selectOption("grid");
  await expect(page.locator("[data-combinations]")).toHaveAttribute("data-combinations", "42");
  await page.getByRole("button", { name: "Start search" }).click();
  await expect(page).toHaveURL(/job=/);
  await expect(page.locator(".job")).toHaveAttribute("data-state", "completed", { timeout: 30_000 });
}

test("combinations are counted while ranges are typed, and a wrong range is named", async ({ page }) => {
  await openRun(page, "&tab=optimise");
  await setRanges(page, [
    [5, 14, 1],
    [60, 80, 5],
  ]);
  const count = page.locator("[data-combinations]");
  await expect(count).toHaveAttribute("data-combinations", "50");
  const to = page.locator("tr[data-range]").filter({ hasText: "Fast length" }).locator("input[type=number]").nth(1);
  await to.fill("4");
  await expect(page.locator(".ranges .error")).toContainText("ends before it starts");
  await expect(page.getByRole("button", { name: "Start search" })).toBeDisabled();
  await to.fill("7");
  await expect(count).toHaveAttribute("data-combinations", "15");
});

test("a grid is searched, measured in and out of sample, and its best values are used", async ({ page }) => {
  await searchGrid(page);
  const compare = page.locator(".comparison");
  await expect(compare).toContainText("In sample");
  await expect(compare).toContainText("Out of sample");
  await expect(compare).toContainText("Validation");
  await expect(compare.getByText("Buy and hold")).toHaveCount(3);
  await expect(page.locator(".summary-statement")).toContainText("42");
  await expect(page.locator(".summary .equity")).toContainText("out of sample");

  const best = page.locator(".summary-values tbody tr").filter({ hasText: "Fast length" }).locator("td").nth(1);
  const value = (await best.textContent()) ?? "";
  await page.getByRole("button", { name: "Use these values" }).click();
  await expect(page.locator("[data-input] input[type=number]").first()).toHaveValue(value);
  await expect(page.getByRole("button", { name: "Inputs changed, run again" })).toHaveCount(0);
});

test("a search says whether its result is luck, and what searching anew would have made", async ({ page }) => {
  await openRun(page, "&tab=optimise");
  await setRanges(page, [
    [5, 30, 5],
    [60, 120, 10],
  ]);
  const sampler = page.getByLabel("Sampler", { exact: true });
  await expect(sampler.locator("option").filter({ hasText: "NSGA-II" })).toHaveCount(1);
  await sampler.selectOption("tpe");
  await page.getByLabel("Trials", { exact: true }).fill("24");
  await page.getByLabel("Walk forward").check();
  await page.getByLabel("Train, days", { exact: true }).fill("730");
  await page.getByLabel("Test, days", { exact: true }).fill("100");
  await page.getByLabel("Step, days", { exact: true }).fill("200");
  await expect(page.getByText("leaves days untested")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start search" })).toBeDisabled();
  await page.getByLabel("Test, days", { exact: true }).fill("200");
  await page.getByRole("button", { name: "Start search" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "completed", { timeout: 60_000 });
  await expect(page.locator(".summary .verdict-text")).toContainText("Do not trust this result");

  await page.getByRole("tab", { name: "Verdict" }).click();
  const rests = page.getByRole("table", { name: "What the verdict rests on" });
  await expect(rests.locator("tbody tr")).toHaveCount(4);
  await expect(rests.getByText("Failed").first()).toBeVisible();
  await expect(page.locator(".verdict")).toContainText("Around the best values");
  await expect(page.locator(".verdict")).toContainText("In market regimes");
  await expect(page.locator(".verdict")).toContainText("In random periods");

  await page.getByRole("tab", { name: "Walk-forward" }).click();
  await expect(page.locator(".walk .notice")).toContainText("on bars that no search had seen");
  expect(await page.locator(".walk-windows tbody tr").count()).toBeGreaterThan(5);
  await expect(page.locator(".walk .equity")).toBeVisible();
  await page.reload();
  await expect(page.locator(".walk-windows tbody tr").first()).toBeVisible();
});

test("a result is saved as a script, a report and a table", async ({ page }) => {
  await searchGrid(page);
  for (const [name, begins] of [
    ["Pine Script", "// Inputs found"],
    ["PDF", "%PDF-"],
    ["XLSX", "PK"],
  ] as const) {
    const saving = page.waitForEvent("download");
    await page.getByRole("region", { name: "Export" }).getByRole("button", { name }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toContain("MovingAverageCrossover");
    expect(readFileSync(await download.path(), "latin1").slice(0, begins.length)).toBe(begins);
  }
});

test("trials sort by any column", async ({ page }) => {
  await searchGrid(page);
  await page.getByRole("tab", { name: "Trials" }).click();
  const grid = page.getByRole("grid", { name: "Trials" });
  await expect(grid).toHaveAttribute("aria-rowcount", "43");
  const objective = async () =>
    (await grid.locator("tbody tr[role=row] td:nth-child(2)").allTextContents()).map((text) => Number(text.replace("−", "-")));
  const first = await objective();
  expect(first.length).toBeGreaterThan(5);
  expect(first).toEqual(first.toSorted((a, b) => b - a));
  const header = grid.getByRole("columnheader").nth(1);
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "ascending");
  const second = await objective();
  expect(second).toEqual(second.toSorted((a, b) => a - b));
  expect(second[0]).toBeLessThanOrEqual(first.at(-1) ?? -Infinity);

  const row = grid.locator("tbody tr[role=row]").first();
  await row.click();
  await expect(page.locator(".trial-bar")).toContainText(`Trial ${await row.locator("td").first().textContent()}`);
});

test("the heat map shows, names and chooses cells", async ({ page }) => {
  await searchGrid(page);
  await page.getByRole("tab", { name: "Heat map" }).click();
  const map = page.getByRole("grid", { name: /^Heat map/ });
  await expect(map).toHaveAttribute("aria-colcount", "6");
  await expect(map).toHaveAttribute("aria-rowcount", "7");
  const cell = map.getByRole("gridcell");
  const label = await cell.getAttribute("aria-label");
  expect(label).toMatch(/: .* −?\d/);

  await cell.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  await expect(cell).toHaveAttribute("data-cell", "0");
  await expect(cell).toHaveAttribute("aria-label", / 5, .* 60:/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  await expect(cell).toHaveAttribute("data-cell", "7");
  await expect(page.locator("[data-tooltip]")).toContainText("10, ");
  await page.keyboard.press("Enter");
  await expect(page.locator(".trial-bar")).toContainText("Trial");
  await expect(cell).toHaveAttribute("aria-selected", "true");

  // The canvas is painted in more than one colour.
  const colors = await page.locator(".heatmap-grid canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: new Uint8ClampedArray() };
    return new Set(Array.from({ length: data.length / 4 }, (_, at) => data.slice(at * 4, at * 4 + 3).join())).size;
  });
  expect(colors).toBeGreaterThan(10);

  await page.locator(".heatmap-grid").hover({ position: { x: 300, y: 60 } });
  await expect(page.locator("[data-tooltip]")).toBeVisible();
  await page.getByLabel("Of each cell").selectOption("mean");
  await page.getByLabel("Across").selectOption({ index: 1 });
  await expect(map).toHaveAttribute("aria-colcount", "7");

  await page.getByRole("button", { name: "Use these values" }).click();
  await expect(page.locator("[data-input] input[type=number]").first()).toHaveValue("10");
});

test("a reload comes back to the same search, and the list of searches finds it without the address", async ({ page }) => {
  await searchGrid(page);
  await page.getByRole("tab", { name: "Heat map" }).click();
  await page.reload();
  await expect(page.getByRole("grid", { name: /^Heat map/ })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Optimise" })).toHaveAttribute("aria-selected", "true");

  await page.goto("/");
  await page.getByRole("button", { name: /Searches/ }).click();
  await page.getByRole("dialog", { name: "Searches" }).locator(".job-item").first().click();
  await expect(page.locator(".summary")).toBeVisible();
  await expect(page).toHaveURL(/strategy=MovingAverageCrossover/);
});

test("a long search shows its progress, survives a reload and can be cancelled", async ({ page }) => {
  await openRun(page, "&tab=optimise");
  // Every input, in the finest steps: far more than is done before the test has cancelled it.
  for (const row of await page.locator("tr[data-range]").all()) {
    await row.getByRole("checkbox").check();
    const step = row.locator("input[type=number]").nth(2);
    if ((await row.locator("input[type=number]").count()) === 3) await step.fill("1");
  }
  await page.getByLabel("Sampler", { exact: true }).selectOption("random");
  await page.getByLabel("Trials", { exact: true }).fill("1000000");
  const combinations = Number(await page.locator("[data-combinations]").getAttribute("data-combinations"));
  expect(combinations).toBeGreaterThan(50_000);
  await page.getByRole("button", { name: "Start search" }).click();
  const progress = page.getByRole("progressbar");
  await expect(progress).toBeVisible();
  await expect(page.locator(".progress")).toContainText(`of ${Math.min(1_000_000, combinations).toLocaleString("en-US")}`);
  await expect(page.locator(".progress")).toContainText(/trials\/s/);
  await page.reload();
  await expect(progress).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "paused", { timeout: 15_000 });
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "running", { timeout: 15_000 });
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Cancel the search" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "cancelled", { timeout: 15_000 });
  await expect(progress).toHaveCount(0);
  await expect(page.locator(".job-body, .tab-empty, .summary").first()).toContainText(/cancelled/i);
});

test("a search that does not exist is said to be unknown", async ({ page }) => {
  await openRun(page, "&tab=optimise&job=00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("alert")).toContainText("JOB_NOT_FOUND");
  await page.getByRole("button", { name: "New search" }).click();
  await expect(page.getByRole("button", { name: "Start search" })).toBeVisible();
});
