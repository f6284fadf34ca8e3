import { chart, expect, kBars, pixelsOf, test } from "./fixtures.ts";

test("the page opens with the stored instrument as candles with volume", async ({ page }) => {
  await page.goto("/");
  await expect(chart(page)).toHaveAttribute("data-bars", String(kBars));
  await expect(page).toHaveURL(/symbol=SPX&timeframe=1d/);
  await expect(page.getByRole("button", { name: "Instrument: SPX" })).toBeVisible();
  await expect(chart(page)).toContainText("2020-04-17");
  await expect(chart(page)).toContainText("2,874.56");
  await expect.poll(() => pixelsOf(page, "--up")).toBeGreaterThan(300);
  await expect.poll(() => pixelsOf(page, "--down")).toBeGreaterThan(300);
  await expect.poll(() => pixelsOf(page, "--up-volume")).toBeGreaterThan(300);
});

test("another timeframe is resampled by the server", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Timeframe: 1d" }).click();
  await page.getByRole("option", { name: /^1w/ }).click();
  await expect(page).toHaveURL(/timeframe=1w/);
  await expect.poll(async () => Number(await chart(page).getAttribute("data-bars"))).toBeLessThan(1100);
  await expect.poll(async () => Number(await chart(page).getAttribute("data-bars"))).toBeGreaterThan(1000);
});

test("a timeframe can be typed, and one that is finer than the stored bars is refused", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Timeframe: 1d" }).click();
  await page.getByRole("combobox", { name: "Timeframe" }).fill("5m");
  await expect(page.getByRole("option")).toHaveCount(0);
  await page.getByRole("combobox", { name: "Timeframe" }).fill("3d");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/timeframe=3d/);
  await expect.poll(async () => Number(await chart(page).getAttribute("data-bars"))).toBeLessThan(2600);
});

test("the crosshair shows the bar under it", async ({ page }) => {
  await page.goto("/");
  await expect(chart(page)).toContainText("2020-04-17");
  await page.locator(".chart-host").hover({ position: { x: 200, y: 150 } });
  await expect(chart(page)).not.toContainText("2020-04-17");
  await expect(chart(page)).toContainText(/2019-\d\d-\d\d/);
});

test("an instrument that does not exist is said to be unknown", async ({ page }) => {
  await page.goto("/?symbol=NOSUCH&timeframe=1d");
  await expect(page.getByRole("alert")).toContainText("INSTRUMENT_NOT_FOUND");
  await page.getByRole("button", { name: "Instrument: NOSUCH" }).click();
  await page.getByRole("option", { name: /^SPX/ }).click();
  await expect(chart(page)).toHaveAttribute("data-bars", String(kBars));
  await expect(page.getByRole("alert")).toHaveCount(0);
});
