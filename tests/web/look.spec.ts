import { chart, expect, kRun, noSidewaysScroll, openRun, pixelsOf, test, violations } from "./fixtures.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme} colours`, () => {
    test.use({ colorScheme });

    test("follow the system, reach the canvas and have enough contrast on every tab", async ({ page }) => {
      await page.goto("/");
      await expect(chart(page)).toContainText("2020-04-17");
      expect(await violations(page)).toEqual([]);
      await openRun(page);
      const [red = 0] = await page
        .locator(".results")
        .evaluate((element) => (getComputedStyle(element).backgroundColor.match(/\d+/g) ?? []).map(Number));
      expect(colorScheme === "dark" ? red < 60 : red > 240).toBe(true);
      expect(await pixelsOf(page, "--up")).toBeGreaterThan(200);
      expect(await pixelsOf(page, "--surface")).toBeGreaterThan(100_000);
      for (const tab of ["Overview", "Equity", /Trades/, "Optimise"]) {
        await page.getByRole("tab", { name: tab }).click();
        expect(await violations(page)).toEqual([]);
      }
      await page.getByLabel("Sampler", { exact: true }).selectOption("random");
      await page.getByLabel("Trials", { exact: true }).fill("50");
      await page.getByLabel("Walk forward").check();
      await page.getByLabel("Train, days", { exact: true }).fill("1000");
      await page.getByLabel("Test, days", { exact: true }).fill("500");
      await page.getByLabel("Step, days", { exact: true }).fill("500");
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Start search" }).click();
      await expect(page.locator(".summary")).toBeVisible({ timeout: 30_000 });
      for (const view of ["Summary", "Verdict", "Walk-forward", "Trials", "Heat map"]) {
        await page.getByRole("tab", { name: view }).click();
        expect(await violations(page)).toEqual([]);
      }
    });
  });
}

test("the theme can be switched, and the choice is kept", async ({ page }) => {
  await openRun(page);
  await page.keyboard.press("d");
  await expect(page.getByRole("button", { name: "Light theme" })).toBeVisible();
  expect(await pixelsOf(page, "--surface")).toBeGreaterThan(100_000);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Light theme" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme", /./);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("everything fits, and the strategy is a tab of its own", async ({ page }) => {
    await page.goto("/");
    await expect(chart(page)).toContainText("2020-04-17");
    await noSidewaysScroll(page);
    await page.getByRole("button", { name: "Choose a strategy" }).click();
    await page.getByRole("button", { name: /^Moving Average Crossover/ }).click();
    await noSidewaysScroll(page);
    await page.getByRole("button", { name: /^Run backtest/ }).click();
    for (const tab of ["Overview", "Equity", /Trades \d/, "Analysis", "Optimise", "Strategy"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.getByRole("tab", { name: tab })).toHaveAttribute("aria-selected", "true");
      await noSidewaysScroll(page);
    }
    expect(await violations(page)).toEqual([]);
  });
});

test("nothing moves while a result loads", async ({ page }) => {
  await page.addInitScript(() => {
    const shifts = { sum: 0 };
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
        if (!shift.hadRecentInput) shifts.sum += shift.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(kRun);
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
  await expect(chart(page)).toContainText("2020-04-17");
  const sum = await page.evaluate(() => (globalThis as unknown as { shifts: { sum: number } }).shifts.sum);
  // A good page stays below 0.1 by the Web Vitals.
  expect(sum).toBeLessThan(0.05);
});

test("a server that is away is named, and the page goes on when it is back", async ({ page, server }) => {
  test.skip(process.env.TRADEASSIST_URL !== undefined, "the server is not ours to stop");
  await openRun(page);
  await server.stop();
  await page.locator("[data-input] input[type=number]").first().fill("7");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").first()).toContainText("cannot be reached", { timeout: 20_000 });
  await server.start();
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
});
