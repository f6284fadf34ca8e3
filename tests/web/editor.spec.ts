import type { Locator, Page } from "@playwright/test";
import { expect, noSidewaysScroll, openRun, test, violations } from "./fixtures.ts";

const kOwn = "/strategies?symbol=SPX&timeframe=1d&strategy=~script";

function editor(page: Page): Locator {
  return page.getByRole("textbox", { name: "Pine script" });
}

async function openEditor(page: Page): Promise<void> {
  await page.goto(kOwn);
  await expect(editor(page)).toBeVisible();
  await expect(editor(page)).toContainText("ta.crossover");
}

/** A new line at the end of the script. */
async function writeLine(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(text);
}

test("the script is coloured as Pine", async ({ page }) => {
  await openEditor(page);
  const styled = (style: string) => page.locator(`.cm-content .pine-${style}`);
  await expect(styled("keyword").filter({ hasText: "if" })).toHaveCount(2);
  await expect(styled("string").filter({ hasText: "My strategy" })).toHaveCount(1);
  await expect(styled("function").filter({ hasText: "crossover" }).first()).toBeVisible();
  await expect(styled("meta")).toHaveText("//@version=6");
  await expect(styled("number").filter({ hasText: "200" })).toBeVisible();
});

test("an error is marked while it is typed, leads to its place, and goes when it is mended", async ({ page }) => {
  await openEditor(page);
  await writeLine(page, "plot(clos)");
  await expect(page.locator(".cm-lintRange-error")).toHaveText("clos");
  const error = page.locator(".script-errors button").first();
  await expect(error).toContainText("Line 12, column 6");
  await expect(error).toContainText("did you mean `close`?");
  await page.locator("#run").focus();
  await error.click();
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press("Control+ArrowRight");
  await page.keyboard.type("e");
  await expect(page.locator(".cm-lintRange-error")).toHaveCount(0);
  await expect(page.locator(".script-errors")).toHaveCount(0);
});

test("names are completed from the compiler's table, and the call shows its parameters", async ({ page }) => {
  await openEditor(page);
  await writeLine(page, "fast = ta.sm");
  const list = page.locator(".cm-tooltip-autocomplete");
  await expect(list.getByRole("option").first()).toContainText("ta.sma");
  await expect(list.getByRole("option").first()).toContainText("(source: float, length: int) → float");
  await list.getByRole("option").first().click();
  await expect(editor(page).locator(".cm-line").last()).toHaveText("fast = ta.sma");
  await page.keyboard.type("(close, ");
  const help = page.locator(".pine-signatures");
  await expect(help).toContainText("ta.sma(source: float, length: int) → float");
  await expect(help.locator("strong")).toHaveText("length: int");
  await page.keyboard.type("len");
  await expect(list.getByRole("option").filter({ hasText: "length" }).first()).toBeVisible();
});

test("blocks fold by their indent, brackets match, and the text is searched", async ({ page }) => {
  await openEditor(page);
  const lines = editor(page).locator(".cm-line");
  const count = await lines.count();
  await page.getByTitle("Fold line", { exact: true }).first().click();
  await expect(page.locator(".cm-foldPlaceholder")).toBeVisible();
  await expect(lines).toHaveCount(count - 1);
  // The text may move under the pointer while the compiler's marks come.
  await expect(async () => {
    if (await page.locator(".cm-foldPlaceholder").isVisible()) await page.locator(".cm-foldPlaceholder").click({ timeout: 1000 });
    await expect(lines).toHaveCount(count, { timeout: 1000 });
  }).toPass();

  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator(".cm-matchingBracket").first()).toBeVisible();
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).pressSequentially("average");
  await expect(page.locator(".cm-searchMatch").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("textbox", { name: "Find" })).toHaveCount(0);
});

test("Tab indents, after Escape it leaves, and Ctrl Enter runs without a new line", async ({ page }) => {
  await openEditor(page);
  const before = await editor(page).locator(".cm-line").count();
  await writeLine(page, "");
  await page.keyboard.press("Tab");
  await expect(editor(page).locator(".cm-line").last()).toHaveText("    ");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
  await expect(editor(page).locator(".cm-line")).toHaveCount(before);
  await editor(page).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(editor(page)).not.toBeFocused();
});

test("the script's inputs become fields, are run with, and are searched", async ({ page }) => {
  await openEditor(page);
  const length = page.locator("[data-input=length] input");
  await expect(length).toHaveValue("50");
  await page.locator("#run").click();
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
  const before = await page.locator(".tiles").first().textContent();
  await length.fill("20");
  await page.keyboard.press("Control+Enter");
  await expect.poll(() => page.locator(".tiles").first().textContent()).not.toBe(before);
  await expect(page).toHaveURL(/in\.length=20/);

  await page.getByRole("tab", { name: "Optimise" }).click();
  await expect(page.locator("tr[data-range=length]")).toBeVisible();
  await page.locator("tr[data-range=length] input[type=number]").nth(2).fill("20");
  await page.getByLabel("Sampler", { exact: true }).selectOption("grid");
  await page.getByRole("button", { name: "Start search" }).click();
  await expect(page.locator(".summary")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Use these values" }).click();
  const best = await page.locator(".summary-values tbody tr").filter({ hasText: "Length" }).locator("td").nth(1).textContent();
  await expect(length).toHaveValue(best ?? "none");
});

test("the analysis has every month, the distributions and the weekdays", async ({ page }) => {
  await openRun(page, "&tab=analysis");
  const months = page.getByRole("region", { name: "Monthly returns", exact: true }).getByRole("table");
  await expect(months.locator("tbody tr")).toHaveCount(21);
  await expect(months.locator("tbody tr").first().locator("td")).toHaveCount(13);
  await expect(page.locator(".analysis .figure-canvas[data-ready]")).toHaveCount(5);
  const profit = page.getByRole("region", { name: "Profit of a trade, %", exact: true });
  await profit.getByRole("button", { name: "Table" }).click();
  const counts = await profit.locator("tbody td").allTextContents();
  expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(61);
  const days = page.getByRole("region", { name: "By weekday of the entry", exact: true });
  await days.getByRole("button", { name: "Table" }).click();
  await expect(days.locator("tbody tr")).toHaveCount(5);
  await expect(days).toContainText("Monday");
});

test("two runs are held against each other, and a link brings both back", async ({ page }) => {
  await openRun(page);
  await page.keyboard.press("p");
  const compare = page.getByRole("tab", { name: "Compare" });
  await expect(compare).toBeVisible();
  const input = page.locator("[data-input=fast_length] input");
  await input.fill("35");
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/in\.fast_length=35/);
  await compare.click();
  const row = page.locator(".compare-metrics tr").filter({ hasText: "Closed trades" }).first();
  await expect(row.locator("td").first()).toHaveText("61");
  await expect(row.locator("td").nth(1)).not.toHaveText("61");
  await expect(page.locator(".compare-run").nth(1)).toContainText("Fast length 35");
  await expect(page.locator(".compare .figure-canvas[data-ready]")).toBeVisible();
  await page.reload();
  await expect(row.locator("td").first()).toHaveText("61");
  await page.getByRole("button", { name: "Pinned" }).click();
  await expect(compare).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme} colours`, () => {
    test.use({ colorScheme });

    test("leave nothing for axe to find in the editor, the analysis and the comparison", async ({ page }) => {
      await openEditor(page);
      await writeLine(page, "plot(ta.sma(clos, 5");
      await expect(page.locator(".cm-lintRange-error").first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await openRun(page, "&tab=analysis");
      await expect(page.locator(".analysis .figure-canvas[data-ready]")).toHaveCount(5);
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("p");
      await page.getByRole("tab", { name: "Compare" }).click();
      await expect(page.locator(".compare .figure-canvas[data-ready]")).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("the editor, the analysis and the comparison fit", async ({ page }) => {
    await page.goto(`${kOwn}&tab=strategy`);
    await expect(editor(page)).toBeVisible();
    await noSidewaysScroll(page);
    await openRun(page, "&tab=analysis&pin=symbol%3DSPX%26timeframe%3D1d%26strategy%3DMovingAverageCrossover");
    await expect(page.getByRole("region", { name: "Monthly returns", exact: true })).toBeVisible();
    await noSidewaysScroll(page);
    await page.getByRole("tab", { name: "Compare" }).click();
    await expect(page.locator(".compare-metrics")).toBeVisible();
    await noSidewaysScroll(page);
    expect(await violations(page)).toEqual([]);
  });
});
