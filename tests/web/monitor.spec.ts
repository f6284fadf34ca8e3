import type { APIRequestContext, Page } from "@playwright/test";
import { expect, noSidewaysScroll, test as base, violations } from "./fixtures.ts";
import { type Server, startServer } from "./server.ts";

// A server that looks often, and on which an alert is open from the first look on: any disk has less free than that.
const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await startServer({
        settings: {
          TRADEASSIST_HEALTH_INTERVAL_SECONDS: "1",
          TRADEASSIST_ALERT_THRESHOLDS: "free_disk=900000/1,slow_queries=off,query_time=off,memory=off,jobs_dead_letter=off,error_rate=off",
        },
      });
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

interface KnownAlert {
  id: number;
  state: string;
  acknowledged_by: string | null;
}

async function openAlert(request: APIRequestContext): Promise<KnownAlert> {
  const all = async () => ((await (await request.get("/api/v1/alerts?type=free_disk&state=open")).json()) as { alerts: KnownAlert[] }).alerts;
  await expect.poll(async () => (await all()).length, { timeout: 20_000 }).toBe(1);
  const [alert] = await all();
  if (alert === undefined) throw new Error("there is no alert");
  return alert;
}

/** An error of the server: a job that fails. */
async function failJob(request: APIRequestContext): Promise<void> {
  const answer = await request.post("/api/v1/historical-data/fetch", { data: { symbols: ["NOPE"], frequency: "1d", last: 5, background: true } });
  expect(answer.status()).toBe(202);
  // Errors are written down a little later.
  const count = async () => ((await (await request.get("/api/v1/admin/errors")).json()) as { errors: unknown[] }).errors.length;
  await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
}

const alertRow = (page: Page) => page.locator('li[data-alert="free_disk"]');
const component = (page: Page, name: string) => page.locator(`[data-component="${name}"]`);
const wayThere = (page: Page) => page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: /^Monitor/ });

test("the way to the monitor says how many alerts are open, and the overview what is wrong", async ({ page, request }) => {
  await openAlert(request);
  await page.goto("/strategies");
  await expect(wayThere(page)).toHaveAccessibleName("Monitor 1 open alert");
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page.locator(".monitor-banner")).toContainText("Something needs a look");
  await expect(page.locator(".monitor-banner")).toContainText("1 warning");
  await expect(component(page, "disk")).toContainText("Degraded");
  await expect(component(page, "database")).toContainText("OK");
  // What was not measured is not 0.
  await expect(component(page, "database")).toContainText(/Rows a second of writing\s*Not measured\s*hardly anything was written/);
  await expect(component(page, "redis")).toContainText("Off");
  await component(page, "cache").getByRole("link", { name: "Cache" }).click();
  await expect(page).toHaveURL(/tab=services/);
  await page.goBack();
  await expect(component(page, "disk")).toBeVisible();
});

test("an alert is acknowledged, muted and unmuted, and another tab sees it at once", async ({ page, context, request }) => {
  const { id } = await openAlert(request);
  await page.goto("/monitor?tab=alerts");
  const other = await context.newPage();
  await other.goto(`/monitor?tab=alerts&alert=${id}`);
  await expect(other.getByRole("region", { name: "Alert", exact: true })).toContainText("below 900,000 GB");

  await alertRow(page).getByRole("button", { name: "Acknowledge free disk" }).click();
  await expect(alertRow(page)).toContainText("acknowledged by local");
  await expect(alertRow(page).getByRole("button", { name: /^Acknowledge/ })).toHaveCount(0);
  await expect(other.getByRole("table", { name: "History" })).toContainText("Acknowledged");

  await alertRow(page).getByRole("button", { name: "Mute free disk" }).click();
  await page.getByRole("menuitem", { name: "4 hours", exact: true }).click();
  await expect(alertRow(page)).toContainText("muted until");
  // Nobody is told of it any more.
  await expect(wayThere(page)).toHaveAccessibleName("Monitor");
  await expect(wayThere(other)).toHaveAccessibleName("Monitor");
  await expect(other.getByRole("table", { name: "History" })).toContainText("Muted");

  await other.getByRole("region", { name: "Alert", exact: true }).getByRole("button", { name: "Unmute free disk" }).click();
  await expect(wayThere(page)).toHaveAccessibleName("Monitor 1 open alert");
  await other.getByLabel("Mute for").fill("0");
  await expect(other.getByRole("button", { name: "Mute", exact: true })).toBeDisabled();
  await other.getByLabel("Mute for").fill("45");
  await other.getByRole("button", { name: "Mute", exact: true }).click();
  await expect(alertRow(page)).toContainText("muted until");
  await alertRow(page).getByRole("button", { name: "Unmute free disk" }).click();
  await expect(alertRow(page)).not.toContainText("muted");
  await other.close();
});

test("the history says what happened to alerts, and the thresholds from when on there is one", async ({ page, request }) => {
  const { id } = await openAlert(request);
  await page.goto("/monitor?tab=alerts");
  await page.getByRole("tab", { name: "History" }).click();
  const history = page.getByRole("table", { name: "History" });
  await expect(history).toContainText("Raised");
  await expect(history).toContainText("data directory");
  await history.getByRole("button", { name: "Free disk" }).last().click();
  await expect(page).toHaveURL(new RegExp(`alert=${id}`));
  await page.getByRole("button", { name: "Close the alert" }).click();
  await page.getByRole("tab", { name: "Thresholds" }).click();
  const thresholds = page.getByRole("table", { name: "Thresholds" });
  await expect(thresholds.getByRole("row", { name: /^Free disk/ })).toContainText("below 900,000 GB");
  await expect(thresholds.getByRole("row", { name: /^Slow queries/ })).toContainText("off");
  await page.reload();
  await expect(thresholds).toBeVisible();
});

test("the database is shown with its connections and partitions", async ({ page }) => {
  await page.goto("/monitor?tab=database");
  await expect(page.getByRole("region", { name: "Database" })).toContainText("SQLite");
  await expect(page.getByRole("region", { name: "Database" })).toContainText(/Last maintenance\s*Not measured/);
  await expect(page.getByRole("table", { name: "Connections" })).toContainText("0 of 4");
  const partitions = page.getByRole("region", { name: "Partitions" });
  await expect(partitions).toContainText("21 partitions, 5,105 rows");
  await expect(partitions.locator("tbody tr")).toHaveCount(12);
  await partitions.getByRole("button", { name: "Show all 21" }).click();
  await expect(partitions.locator("tbody tr")).toHaveCount(21);
});

test("the cache counts what is asked", async ({ page, request }) => {
  for (let count = 0; count < 2; ++count) await request.get("/api/v1/bars?symbol=SPX&timeframe=1d&last=100");
  await page.goto("/monitor?tab=services");
  const cache = page.getByRole("region", { name: "Cache" });
  await expect(cache).toContainText(/came from memory/, { timeout: 20_000 });
  await expect(page.getByRole("region", { name: "Live source" })).toContainText("None is configured");
  await expect(page.getByRole("region", { name: "Backups" })).toContainText("Unconfigured");
});

test("a benchmark is run, and what it measured is the baseline of later ones", async ({ page }) => {
  test.slow();
  await page.goto("/monitor?tab=performance");
  await expect(page.getByText("No benchmark yet")).toBeVisible();
  await page.getByLabel("Bars", { exact: true }).fill("20");
  await page.getByLabel("Seconds a measurement").fill("30");
  await page.getByRole("button", { name: "Run a benchmark" }).click();
  await expect(page.getByRole("progressbar", { name: "Benchmark" })).toBeVisible();
  await expect(page).toHaveURL(/benchmark=/);
  await expect(page.getByText("The benchmark is done.")).toBeVisible({ timeout: 120_000 });
  const table = page.getByRole("table", { name: "Benchmark beside the baseline" });
  await expect(table.locator('[data-measurement="calculation"]')).toContainText("ms");
  await expect(table.locator('[data-measurement="live_append"]')).toContainText("bars/s");
  await expect(page.getByText("it is the baseline")).toBeVisible();
  await page.getByLabel("Measurement", { exact: true }).selectOption("calculation");
  await expect(page.locator(".figure-canvas[data-ready]")).toBeVisible();
  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("region", { name: /as a table$/ })).toContainText("ms");
});

test("an error of the server is resolved, brought back by undo, and ignored", async ({ page, request }) => {
  await failJob(request);
  await page.goto("/monitor?tab=errors");
  const error = page.locator("li[data-error]").filter({ hasText: "job historical_data" });
  await expect(error).toContainText("instrument 'NOPE' does not exist", { timeout: 20_000 });
  await error.getByRole("button", { name: /^Resolve/ }).click();
  await expect(error).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(error).toBeVisible();
  await error.getByRole("button", { name: /^Ignore/ }).click();
  await page.getByRole("tab", { name: "Ignored" }).click();
  await expect(error).toContainText("ignored");
  await error.getByText("The last one").click();
  await expect(error.getByLabel("Fields of the last one")).toContainText('"job"');
  await error.getByRole("button", { name: /^Reopen/ }).click();
  await expect(error).toHaveCount(0);
  await page.getByRole("tab", { name: "All", exact: true }).click();
  await expect(error).toBeVisible();
});

test("the audit log names who did what, and is checked", async ({ page, request }) => {
  const { id } = await openAlert(request);
  expect((await request.post(`/api/v1/alerts/${id}/mute`, { data: { minutes: 1 } })).ok()).toBe(true);
  await request.post(`/api/v1/alerts/${id}/unmute`, { data: {} });
  await page.goto("/monitor?tab=audit");
  const log = page.getByRole("table", { name: "Audit log" });
  await expect(log).toContainText(`/api/v1/alerts/${id}/mute`);
  await page.getByRole("button", { name: "Check that it is as it was written" }).click();
  await expect(page.getByText(/^As it was written: \d+ entr/)).toBeVisible();
});

test("while the server is away the last figures stay, said to be old, and it goes on when it is back", async ({ page, server }) => {
  test.skip(process.env.TRADEASSIST_URL !== undefined, "the server is not ours to stop");
  await page.goto("/monitor");
  await expect(component(page, "database")).toContainText("OK");
  await server.stop();
  await expect(page.getByText(/^This may be old: .*cannot be reached/).first()).toBeVisible({ timeout: 40_000 });
  await expect(component(page, "database")).toBeVisible();
  await server.start();
  await expect(page.getByText(/^This may be old/)).toHaveCount(0, { timeout: 40_000 });
  await expect(page.locator(".monitor-banner")).toContainText("Running for");
});

base.describe("with a key that only reads", () => {
  const keyed = base.extend<object, { server: Server }>({
    server: [
      async ({}, use) => {
        const server = await startServer({ keys: true, settings: { TRADEASSIST_HEALTH_INTERVAL_SECONDS: "1" } });
        await use(server);
        await server.remove();
      },
      { scope: "worker", timeout: 60_000 },
    ],
  });

  keyed("errors and audit log say which key they need", async ({ page, server, request }) => {
    const made = await request.post("/api/v1/admin/keys", {
      headers: { Authorization: `Bearer ${server.key}` },
      data: { name: "reader", scopes: ["read"] },
    });
    expect(made.status()).toBe(201);
    const { token } = (await made.json()) as { token: string };
    await page.goto("/monitor?tab=errors");
    await page.getByLabel("API key").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("This needs a key with the scope admin")).toBeVisible();
    await page.getByRole("tab", { name: "Audit log" }).click();
    await expect(page.getByText("This needs a key with the scope admin")).toBeVisible();
    await page.getByRole("tab", { name: "Overview" }).click();
    await expect(component(page, "database")).toContainText("OK");
    await expect(wayThere(page)).toHaveAccessibleName("Monitor");
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme} colours`, () => {
    test.use({ colorScheme });

    test("of the place Monitor have enough contrast on every tab", async ({ page, request }) => {
      const { id } = await openAlert(request);
      const views = ["", "tab=database", "tab=performance", "tab=services", `tab=alerts&alert=${id}`, "tab=alerts&view=thresholds", "tab=errors", "tab=audit"];
      for (const view of views) {
        await page.goto(`/monitor?${view}`);
        await expect(page.getByRole("tabpanel").first()).toBeVisible();
        await expect(page.locator(".skeleton")).toHaveCount(0);
        expect(await violations(page), view).toEqual([]);
      }
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("every tab of the monitor fits", async ({ page, request }) => {
    const { id } = await openAlert(request);
    for (const view of ["", "tab=database", "tab=performance", "tab=services", "tab=trends", `tab=alerts&alert=${id}`, "tab=errors", "tab=audit"]) {
      await page.goto(`/monitor?${view}`);
      await expect(page.getByRole("tabpanel").first()).toBeVisible();
      await expect(page.locator(".skeleton")).toHaveCount(0);
      await noSidewaysScroll(page);
    }
    expect(await violations(page)).toEqual([]);
  });
});

// Last, since the first point comes with the first full minute of the server.
test("trends are drawn over a range that the address keeps", async ({ page }) => {
  test.slow();
  await page.goto("/monitor?tab=trends&range=1h");
  const memory = page.locator('[data-trend="memory_bytes"]');
  await expect(memory.locator(".figure-canvas[data-ready]")).toBeVisible({ timeout: 90_000 });
  await expect(memory.locator(".monitor-trend-now")).toContainText("MB");
  await expect(memory).toContainText("Not compared yet");
  expect(await violations(page)).toEqual([]);
  await memory.getByRole("button", { name: "Table" }).click();
  await expect(memory.getByRole("region")).toContainText(/20\d\d-\d\d-\d\d \d\d:\d\d/);
  await page.getByRole("radio", { name: "Last 30 days" }).click();
  await expect(page).toHaveURL(/range=30d/);
  await expect(memory).toContainText("A point comes with each full hour");
  await page.reload();
  await expect(page.getByRole("radio", { name: "Last 30 days" })).toBeChecked();
  await page.goBack();
  await expect(page).toHaveURL(/range=1h/);
});
