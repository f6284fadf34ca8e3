import { expect, openRun, test } from "./fixtures.ts";

test("from an empty page to used values without a mouse", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator(".chart-panel")).toContainText("2020-04-17");

  await page.keyboard.press("t");
  await expect(page.getByRole("combobox", { name: "Timeframe" })).toBeFocused();
  await page.keyboard.type("1d");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Timeframe: 1d" })).toBeFocused();

  await page.keyboard.press("s");
  await page.keyboard.type("crossover");
  await page.keyboard.press("Enter");
  await expect(page.locator("#run")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();

  await page.keyboard.press("3");
  await expect(page.getByRole("tab", { name: /Trades/ })).toBeFocused();
  // Past the sorting headers of the table lies its body; from the tab it is the panel's first stop.
  const grid = page.getByRole("grid", { name: /Trades/ });
  for (let presses = 0; presses < 8; ++presses) {
    await page.keyboard.press("Tab");
    if (await grid.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(grid).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(grid.locator("tr[aria-selected=true] td").first()).toHaveText("3");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(page.locator(".stepper-text")).not.toHaveText("Trade 3");
  await page.keyboard.press("[");
  await page.keyboard.press("ArrowUp");

  await page.keyboard.press("5");
  await expect(page.getByRole("tab", { name: "Optimise" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("tab", { name: "Analysis" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowRight");

  await page.getByLabel("Sampler", { exact: true }).focus();
  await page.keyboard.press("r");
  await page.getByLabel("Trials", { exact: true }).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("40");
  await page.keyboard.press("Enter");
  await expect(page.locator(".summary")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Use these values" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/in\.\w+=/);
});

test("every stop of the Tab key is visible", async ({ page }) => {
  await openRun(page);
  await page.locator("body").press("Tab");
  const seen = new Set<string>();
  for (let presses = 0; presses < 60; ++presses) {
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      const style = getComputedStyle(element);
      const marker = getComputedStyle(element, "::after");
      const ring = style.outlineStyle !== "none" || style.boxShadow !== "none" || marker.height === "3px";
      const box = element.getBoundingClientRect();
      return { name: `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent?.slice(0, 30)}`, ring, size: box.width * box.height };
    });
    if (stop === null) break;
    expect(stop, stop.name).toMatchObject({ ring: true });
    expect(stop.size, stop.name).toBeGreaterThan(0);
    seen.add(stop.name);
    await page.keyboard.press("Tab");
  }
  expect(seen.size).toBeGreaterThan(20);
});

test("the question mark opens the help, Escape closes it, and letters typed into fields stay letters", async ({ page }) => {
  await openRun(page);
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard and help" });
  await expect(help).toBeVisible();
  await expect(help).toContainText("Run the backtest");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();

  await page.keyboard.press("s");
  await page.keyboard.press("s");
  const search = page.getByRole("searchbox", { name: "Search strategies" });
  await expect(search).toBeFocused();
  await search.pressSequentially("dlt?");
  await expect(search).toHaveValue(/dlt\?$/);
  await expect(help).toBeHidden();
});

test("Escape leaves a list without choosing", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator(".chart-panel")).toContainText("2020-04-17");
  await page.keyboard.press("i");
  await expect(page.getByRole("combobox", { name: "Instrument" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("combobox", { name: "Instrument" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Instrument: SPX" })).toBeFocused();
});
