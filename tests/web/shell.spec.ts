import { expect, kRun, noSidewaysScroll, test } from "./fixtures.ts";

const kPlaces = ["Data", "Strategies", "Optimise", "Jobs", "Monitor", "Settings"];

test("every place has an address, a link and a pair of keys, and Back returns", async ({ page }) => {
  await page.goto("/strategies");
  const places = page.getByRole("navigation", { name: "Places" });
  await expect(places).toBeVisible();
  for (const [title, second] of [["Data", "d"], ["Optimise", "o"], ["Jobs", "j"], ["Monitor", "m"], ["Settings", ","], ["Strategies", "s"]] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(second);
    await expect(places.getByRole("link", { name: title })).toHaveAttribute("aria-current", "page");
    await expect(page).toHaveURL(new RegExp(`/${title.toLowerCase()}\\b`));
  }
  await page.goBack();
  await expect(places.getByRole("link", { name: "Settings" })).toHaveAttribute("aria-current", "page");
  for (const title of kPlaces) {
    await page.goto(`/${title.toLowerCase()}`);
    await expect(places.getByRole("link", { name: title })).toHaveAttribute("aria-current", "page");
  }
});

test("a link from before there were places opens what it showed", async ({ page }) => {
  await page.goto(kRun);
  await expect(page).toHaveURL(/\/strategies\?symbol=SPX/);
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
});

test("a place is left and found again as it was", async ({ page }) => {
  await page.goto(kRun);
  await page.getByRole("tab", { name: /Trades \d/ }).click();
  const places = page.getByRole("navigation", { name: "Places" });
  await places.getByRole("link", { name: "Jobs" }).click();
  await expect(page).toHaveURL(/\/jobs$/);
  await places.getByRole("link", { name: "Strategies" }).click();
  await expect(page).toHaveURL(/strategy=MovingAverageCrossover/);
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toHaveAttribute("aria-selected", "true");
});

test("the palette finds a command by its letters, and runs it", async ({ page }) => {
  await page.goto("/strategies");
  await expect(page.getByRole("button", { name: "Commands" })).toBeVisible();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Commands" });
  await expect(page.getByRole("combobox", { name: "Commands" })).toBeFocused();
  await page.keyboard.type("setti");
  await expect(palette.getByRole("option").first()).toHaveText(/Go to Settings/);
  await page.keyboard.press("Enter");
  await expect(palette).toBeHidden();
  await expect(page).toHaveURL(/\/settings/);

  await page.getByRole("button", { name: "Commands" }).click();
  await page.keyboard.type("zzzz");
  await expect(palette.getByText("Nothing here is called that.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
  await expect(page).toHaveURL(/\/settings/);
});

test("keys that are typed into a field are text", async ({ page }) => {
  await page.goto(kRun);
  await page.getByRole("spinbutton", { name: "Fast length" }).focus();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/\/strategies/);
});

test("an address that is none says so, and shows a way on", async ({ page }) => {
  await page.goto("/settings");
  await page.evaluate(() => history.pushState(null, "", "/nowhere"));
  await expect(page.getByRole("heading", { name: "There is nothing at this address" })).toBeVisible();
  await page.getByRole("link", { name: "Go to the strategies" }).click();
  await expect(page).toHaveURL(/\/strategies/);
});

test("the first stop of the Tab key skips to the content", async ({ page }) => {
  await page.goto("/jobs");
  await expect(page.getByRole("heading", { name: "Jobs" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#place")).toBeFocused();
});

test("a server that goes away is told on every place, and the page is live again by itself", async ({ page, server }) => {
  test.setTimeout(90_000);
  await page.goto("/jobs");
  const badge = page.getByText("Not live: connecting again");
  await expect(page.getByRole("navigation", { name: "Places" })).toBeVisible();
  await page.waitForFunction(() => performance.getEntriesByType("resource").length > 0);
  await server.stop();
  await expect(badge).toBeVisible();
  await server.start();
  await expect(badge).toBeHidden({ timeout: 30_000 });
});

test("on a phone the places are at the lower edge, and nothing scrolls sideways", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const title of kPlaces) {
    await page.goto(`/${title.toLowerCase()}`);
    const link = page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: title });
    await expect(link).toBeInViewport();
    await noSidewaysScroll(page);
  }
});
