import { expect, kStrategy, test as base } from "./fixtures.ts";
import { startServer } from "./server.ts";

// A server that wants API keys.
const test = base.extend<object, { server: Awaited<ReturnType<typeof startServer>> }>({
  server: [
    async ({}, use) => {
      const server = await startServer({ keys: true });
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

test("the page asks for a key, says what is wrong with it, and goes on where it was", async ({ page, server }) => {
  await page.goto(`/?symbol=SPX&timeframe=1d&strategy=${kStrategy}&run=1`);
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape"); // there is nothing behind it
  await expect(dialog).toBeVisible();
  const field = page.getByLabel("API key");
  await expect(field).toHaveAttribute("type", "password");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Enter a key.");
  await field.fill("ta_000000000000_" + "0".repeat(48));
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("none of this server");
  await field.fill(` ${server.key} `);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();

  // It lasts for the tab, and signing out forgets it.
  await page.reload();
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(dialog).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
});

test("a file is saved with the key that the page has", async ({ page, server, context }) => {
  await page.goto("/");
  await page.getByLabel("API key").fill(server.key ?? "");
  await page.getByLabel("Keep it in this browser").check();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("dialog", { name: "Sign in" })).toBeHidden();
  // Kept: another tab is signed in, too.
  const other = await context.newPage();
  const headers = { Authorization: `Bearer ${server.key}` };
  const body = { strategy: kStrategy, symbol: "SPX", timeframe: "1d", sampler: "random", trials: 5 };
  const started = await page.request.post("/api/v1/optimize/single", { headers, data: body });
  const { job_id: job } = (await started.json()) as { job_id: string };
  await other.goto(`/?symbol=SPX&timeframe=1d&strategy=${kStrategy}&tab=optimise&job=${job}`);
  const download = other.waitForEvent("download");
  await other.getByRole("button", { name: "CSV" }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});

for (const scheme of ["light", "dark"] as const) {
  test(`sign in, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: scheme === "light" ? 1280 : 390, height: 800 });
    await page.goto("/");
    await expect(page.getByRole("dialog", { name: "Sign in" })).toBeVisible();
    await page.screenshot({ path: test.info().outputPath(`sign-in-${scheme}.png`) });
  });
}
