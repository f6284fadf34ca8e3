import { chart, expect, kStrategy, openRun, pixelsOf, test } from "./fixtures.ts";

test("a strategy is chosen, run, and its trades are on the chart and in the table", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("searchbox", { name: "Search strategies" }).fill("moving crossover");
  await page.getByRole("button", { name: /^Moving Average Crossover/ }).click();
  await expect(page.getByRole("heading", { name: "Moving Average Crossover" })).toBeVisible();
  await page.getByText("Idea, when it works and when it does not").click();
  await expect(page.getByText("Fails when")).toBeVisible();
  await page.getByRole("button", { name: /^Run backtest/ }).first().click();

  await expect(page.getByText("Net profit").first()).toBeVisible();
  const markers = Number(await chart(page).getAttribute("data-markers"));
  expect(markers).toBeGreaterThan(3);
  await expect(page.locator(".overview").getByRole("table").first()).toContainText("Net profit");

  await page.getByRole("tab", { name: /Trades/ }).click();
  const grid = page.getByRole("grid", { name: /Trades/ });
  await expect(grid).toHaveAttribute("aria-rowcount", String(markers + 1));
  await expect(grid.getByRole("row").nth(1)).toContainText(/(Long|Short).*20\d\d-\d\d-\d\d/);
});

test("choosing a trade moves the chart to it", async ({ page }) => {
  await openRun(page, "&tab=trades");
  const host = page.locator(".chart-host");
  await expect(host).toHaveAttribute("data-in-view", /2020-04-17$/);
  const row = page.getByRole("grid", { name: /Trades/ }).getByRole("row").nth(2);
  const entry = /\d{4}-\d\d-\d\d/.exec((await row.textContent()) ?? "")?.[0] ?? "none";
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await expect(host).not.toHaveAttribute("data-in-view", /2020-04-17$/);
  const [from = "", to = ""] = ((await host.getAttribute("data-in-view")) ?? "").split("/");
  expect(from < entry && entry < to, `${entry} lies within ${from} to ${to}`).toBe(true);
});

test("trades sort by profit in both directions", async ({ page }) => {
  await openRun(page, "&tab=trades");
  const grid = page.getByRole("grid", { name: /Trades/ });
  const header = grid.getByRole("columnheader", { name: /Profit, USD/ });
  const top = () => grid.getByRole("row").nth(1).getByRole("gridcell").nth(7).textContent();
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "descending");
  expect(await top()).toMatch(/^\+/);
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "ascending");
  expect(await top()).toMatch(/^−/);
});

test("the equity curve stands against buy and hold", async ({ page }) => {
  await openRun(page, "&tab=equity");
  const figure = page.locator(".equity");
  await expect(figure).toContainText("Buy and hold");
  expect(Number(await figure.getAttribute("data-points"))).toBeGreaterThan(1000);
  await expect(figure).toContainText(/Strategy [\d,]+\.\d\d USD/);
});

test("the strategy's plots lie on the price", async ({ page }) => {
  await openRun(page);
  const names = await page.locator(".legend-row").nth(1).locator("dt").allTextContents();
  expect(names.length).toBeGreaterThan(0);
  expect(await pixelsOf(page, "--up")).toBeGreaterThan(100);
});

test("a value outside its limits is refused at its field and nothing is run", async ({ page }) => {
  await openRun(page);
  const field = page.locator("[data-input]").filter({ has: page.locator("input[type=number][max]") }).first();
  const input = field.locator("input");
  await input.fill("999999");
  await expect(field.locator(".error")).toContainText(/Enter [\d.]+ to [\d.]+\./);
  await page.keyboard.press("Control+Enter");
  await expect(input).toBeFocused();
  await expect(input).toHaveAttribute("aria-invalid", "true");
});

test("a changed input is marked, runs again, is in the address, and goes back to its default", async ({ page }) => {
  await openRun(page);
  const before = await page.locator(".tiles").first().textContent();
  const field = page.locator("[data-input]").filter({ has: page.locator("input[type=number][max]") }).first();
  const input = field.locator("input");
  const standard = await input.inputValue();
  await input.fill(String(Number(standard) + 3));
  await expect(page.getByRole("button", { name: "Inputs changed, run again" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect.poll(() => page.locator(".tiles").first().textContent()).not.toBe(before);
  await expect(page).toHaveURL(/in\.\w+=\d+/);

  const shown = await page.locator(".tiles").first().textContent();
  await page.reload();
  await expect.poll(() => page.locator(".tiles").first().textContent()).toBe(shown);
  await expect(input).toHaveValue(String(Number(standard) + 3));

  await field.getByRole("button", { name: /^Set .* back to/ }).click();
  await expect(input).toHaveValue(standard);
  await expect(page).not.toHaveURL(/in\./);
});

test("another timeframe runs the same strategy again", async ({ page }) => {
  await openRun(page);
  await page.getByRole("button", { name: "Timeframe: 1d" }).click();
  await page.getByRole("option", { name: /^1w/ }).click();
  await expect(page.locator(".overview")).toContainText("SPX, 1w");
});

test("a strategy that does not exist is said to be unknown", async ({ page }) => {
  await page.goto("/?strategy=NoSuchStrategy");
  await expect(page.getByRole("alert")).toContainText("STRATEGY_NOT_FOUND");
  await page.getByRole("button", { name: "All strategies" }).click();
  await expect(page.locator(`[data-strategy=${kStrategy}]`)).toBeVisible();
});

test("a script of one's own runs, and the compiler's errors lead to their line", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /^Your own script/ }).click();
  const editor = page.getByRole("textbox", { name: "Pine script" });
  await page.getByRole("button", { name: /^Run backtest/ }).first().click();
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();

  const script = (await editor.locator(".cm-line").allTextContents()).join("\n");
  await editor.fill(script.replace("ta.sma(close, length)", "ta.nonsense(close, length)"));
  await page.keyboard.press("Control+Enter");
  const line = script.split("\n").findIndex((text) => text.includes("ta.sma")) + 1;
  const error = page.locator(".script-errors button").first();
  await expect(error).toContainText(`Line ${line}`);
  await error.click();
  await expect(editor).toBeFocused();
  await editor.fill(script);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
});
