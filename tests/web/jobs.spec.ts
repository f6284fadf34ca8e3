import type { APIRequestContext, Page } from "@playwright/test";
import { expect, kStrategy, noSidewaysScroll, test, violations } from "./fixtures.ts";

const kSearch = { strategy: kStrategy, symbol: "SPX", timeframe: "1d", objective: "net_profit", sampler: "random", trials: 10 };
/** More than can be done while a test looks on. */
const kLongSearch = { ...kSearch, strategy: "RSIStrategy", trials: 1_000_000 };

interface KnownJob {
  job_id: string;
  state: string;
}

async function startSearch(request: APIRequestContext, body: object): Promise<string> {
  const answer = await request.post("/api/v1/optimize/single", { data: body });
  expect(answer.status()).toBe(202);
  return ((await answer.json()) as KnownJob).job_id;
}

async function startQuery(request: APIRequestContext, symbol: string): Promise<string> {
  const answer = await request.post("/api/v1/historical-data/fetch", { data: { symbols: [symbol], frequency: "1d", last: 5, background: true } });
  expect(answer.status()).toBe(202);
  return ((await answer.json()) as { query_id: string }).query_id;
}

async function stateOf(request: APIRequestContext, id: string): Promise<string> {
  return ((await (await request.get(`/api/v1/jobs/${id}`)).json()) as KnownJob).state;
}

async function waitFor(request: APIRequestContext, id: string, state: string): Promise<void> {
  await expect.poll(() => stateOf(request, id), { timeout: 30_000 }).toBe(state);
}

const row = (page: Page, id: string) => page.locator(`tr[data-job="${id}"]`);
const detail = (page: Page) => page.getByRole("complementary", { name: "Job" });

// What a test leaves running would keep the next one's job waiting.
test.afterEach(async ({ request }) => {
  const page = (await (await request.get("/api/v1/jobs?limit=200")).json()) as { jobs: KnownJob[] };
  for (const { job_id: id, state } of page.jobs) {
    if (["queued", "running", "paused"].includes(state)) await request.post(`/api/v1/jobs/${id}/cancel`, { data: {} });
  }
});

test("a job that is started and cancelled in another tab is followed here", async ({ page, context, request }) => {
  await page.goto("/jobs");
  await expect(page.getByRole("tab", { name: "Jobs" })).toHaveAttribute("aria-selected", "true");
  const id = await startSearch(request, kLongSearch);
  // Found without a reload, and its progress comes by itself.
  await expect(row(page, id)).toContainText(/Running [1-9]\d*%/, { timeout: 30_000 });
  await expect(row(page, id)).toContainText(/\d of 1,000,000 trials/);

  const other = await context.newPage();
  await other.goto(`/jobs?job=${id}`);
  await detail(other).getByRole("button", { name: "Cancel" }).click();
  await other.getByRole("alertdialog").getByRole("button", { name: "Cancel the job" }).click();
  await expect(detail(other)).toHaveAttribute("data-state", "cancelled");
  await expect(row(page, id)).toContainText("Cancelled");
  await other.close();
});

test("a job that is finished in another tab is seen as it ends", async ({ page, context, request }) => {
  const id = await startSearch(request, kLongSearch);
  await waitFor(request, id, "running");
  await page.goto("/jobs");
  // While messages of the one that runs come in, the list is still asked for again.
  await expect(row(page, id)).toContainText(/Running/);
  const waiting = await startSearch(request, kSearch);
  await expect(row(page, waiting)).toContainText("Waiting", { timeout: 15_000 });
  const other = await context.newPage();
  await other.goto("/jobs");
  // Paused there, it makes room for the one that waits.
  await row(other, id).getByRole("button", { name: /^Pause/ }).click();
  await expect(row(page, id)).toContainText("Paused", { timeout: 15_000 });
  await expect(row(page, waiting)).toContainText("Completed", { timeout: 15_000 });
  await other.close();
});

test("a running search is paused, resumed, and cancelled once that is confirmed", async ({ page, request }) => {
  const id = await startSearch(request, kLongSearch);
  await page.goto(`/jobs?job=${id}`);
  const job = detail(page);
  await expect(job).toContainText("RSI Strategy, SPX 1d");
  await expect(job.getByRole("progressbar")).toBeVisible();
  await job.getByRole("button", { name: "Pause" }).click();
  await expect(job).toHaveAttribute("data-state", "paused", { timeout: 15_000 });
  await expect(job.getByRole("list", { name: "Lines of the log" })).toContainText("paused");
  await job.getByRole("button", { name: "Resume" }).click();
  await expect(job).toHaveAttribute("data-state", "running", { timeout: 15_000 });

  await job.getByRole("button", { name: "Cancel" }).click();
  const ask = page.getByRole("alertdialog");
  await expect(ask).toContainText("only be started anew");
  await ask.getByRole("button", { name: "Keep it" }).click();
  await expect(ask).toBeHidden();
  await expect(job).toHaveAttribute("data-state", "running");
  await job.getByRole("button", { name: "Cancel" }).click();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(job).toHaveAttribute("data-state", "cancelled", { timeout: 15_000 });
});

test("details hold request, log and symbols, and a copied address brings them back", async ({ page, request }) => {
  const id = await startQuery(request, "SPX");
  await waitFor(request, id, "completed");
  await page.goto("/jobs");
  await row(page, id).getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`job=${id}`));
  const job = detail(page);
  await expect(job.getByLabel("Request as JSON")).toContainText('"frequency": "1d"');
  await expect(job.getByLabel("Request as JSON")).not.toContainText("null");
  await expect(job.getByRole("list", { name: "Lines of the log" })).toContainText("completed");
  await expect(job.getByRole("table", { name: "Symbols" })).toContainText("2020-04-17");
  await page.reload();
  await expect(detail(page)).toContainText(id);
  await page.goBack();
  await expect(detail(page)).toHaveCount(0);

  // A search leads to its result.
  const search = await startSearch(request, kSearch);
  await waitFor(request, search, "completed");
  await page.goto(`/jobs?job=${search}`);
  await detail(page).getByRole("link", { name: "Open the result" }).click();
  await expect(page.locator(".summary")).toBeVisible({ timeout: 20_000 });
});

test("a failed job says why, and is started anew as another one", async ({ page, request }) => {
  const id = await startQuery(request, "NOPE");
  await waitFor(request, id, "failed");
  await page.goto(`/jobs?kind=historical_data&state=failed&job=${id}`);
  await expect(detail(page)).toContainText("instrument 'NOPE' does not exist");
  await detail(page).getByRole("button", { name: "Retry" }).click();
  await page.getByRole("button", { name: "Show" }).click();
  await expect(detail(page)).toContainText("Retry of");
  await detail(page).getByRole("link", { name: id.slice(0, 8) }).click();
  await expect(page).toHaveURL(new RegExp(`job=${id}`));
});

test("jobs are narrowed by kind and state, and the address keeps that", async ({ page, request }) => {
  const query = await startQuery(request, "SPX");
  const search = await startSearch(request, kSearch);
  await waitFor(request, search, "completed");
  await waitFor(request, query, "completed");
  await page.goto("/jobs");
  await expect(row(page, query)).toBeVisible();
  await expect(row(page, search)).toBeVisible();
  await page.getByLabel("Kind").selectOption("optimize");
  await expect(row(page, query)).toHaveCount(0);
  await expect(row(page, search)).toBeVisible();
  await expect(page).toHaveURL(/kind=optimize/);
  await page.getByLabel("State").selectOption("paused");
  await expect(page.getByText("No such job")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("State")).toHaveValue("paused");
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(row(page, query)).toBeVisible();
});

test("older jobs are loaded page by page", async ({ page, request }) => {
  const ids: string[] = [];
  for (let count = 0; count < 55; ++count) ids.push(await startQuery(request, "SPX"));
  await waitFor(request, ids.at(-1) ?? "", "completed");
  await page.goto("/jobs");
  const rows = page.locator("tr[data-job]");
  await expect(rows).toHaveCount(50);
  await page.getByRole("button", { name: "Load older jobs" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(54);
  await expect(row(page, ids[0] ?? "")).toBeVisible();
});

test("a schedule is made like a job that has run, switched off, removed, and brought back by undo", async ({ page, request }) => {
  const id = await startSearch(request, kSearch);
  await waitFor(request, id, "completed");
  await page.goto(`/jobs?job=${id}`);
  await detail(page).getByRole("button", { name: "Schedule the same" }).click();
  await expect(page.getByLabel(/^Request/)).toHaveValue(/"strategy": "MovingAverageCrossover"/);
  await page.getByLabel("Name").fill("weekly");
  await page.getByLabel(/^Times/).fill("30 17 * * fri");
  await expect(page.getByText("At 17:30, only on Friday")).toBeVisible();
  await page.getByLabel("Time zone").fill("America/New_York");
  await page.getByRole("button", { name: "Make the schedule" }).click();
  const schedule = page.locator('tr[data-schedule="weekly"]');
  await expect(schedule).toContainText("Moving Average Crossover, SPX 1d");
  await expect(schedule).toContainText(/20\d\d-\d\d-\d\d 2[12]:30 UTC/); // as New York's clocks say
  await expect(schedule).toContainText("None yet");

  await schedule.getByRole("switch").click();
  await expect(schedule.getByRole("switch")).not.toBeChecked();
  await expect(schedule).toContainText("Off");

  await schedule.getByRole("button", { name: "Remove weekly" }).click();
  await expect(schedule).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(schedule).toBeVisible();
  const kept = (await (await request.get("/api/v1/jobs/schedules/weekly")).json()) as Record<string, unknown>;
  expect(kept).toMatchObject({ cron: "30 17 * * fri", time_zone: "America/New_York", enabled: false, request: kSearch });

  // And changed.
  await schedule.getByRole("link", { name: "weekly" }).click();
  await page.getByRole("button", { name: "Every night" }).click();
  await page.getByLabel(/^On: jobs/).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(schedule).toContainText("At 02:00");
  await expect(schedule.getByRole("switch")).toBeChecked();
});

test("what is wrong with a schedule is said where it is", async ({ page }) => {
  await page.goto("/jobs?tab=schedules");
  await page.getByRole("tab", { name: "Schedules" }).focus();
  await page.keyboard.press("n");
  await page.getByLabel("Name").fill("odd");
  await page.getByLabel(/^Times/).fill("0 2 * *");
  await page.getByRole("button", { name: "Make the schedule" }).click();
  await expect(page.getByText("Five fields are needed")).toBeVisible();
  await page.getByLabel(/^Times/).fill("0 2 * * *");
  await page.getByLabel(/^Request/).fill("{");
  await page.getByRole("button", { name: "Make the schedule" }).click();
  await expect(page.getByText("This is not JSON")).toBeVisible();
  await page.getByLabel(/^Request/).fill(JSON.stringify({ ...kSearch, trials: "many" }));
  await page.getByRole("button", { name: "Make the schedule" }).click();
  await expect(page.getByRole("alert")).toContainText("/request/trials");
  await page.getByRole("button", { name: "Leave" }).click();
  await expect(page.locator('tr[data-schedule="odd"]')).toHaveCount(0);
});

test("statistics count jobs by kind and state, and lead to them", async ({ page, request }) => {
  const id = await startSearch(request, kSearch);
  await waitFor(request, id, "completed");
  await page.goto("/jobs?tab=statistics");
  await expect(page.getByRole("table", { name: "Times by kind" })).toContainText("Search");
  await expect(page.getByRole("region", { name: "Workers" })).toContainText("this server works alone");
  await page.getByRole("button", { name: /\d+ Search, completed/ }).click();
  await expect(row(page, id)).toBeVisible();
  await expect(page.getByLabel("State")).toHaveValue("completed");
});

test("the list is gone through by keyboard", async ({ page, request }) => {
  const first = await startSearch(request, kSearch);
  const second = await startSearch(request, kSearch);
  await waitFor(request, second, "completed");
  await page.goto("/strategies");
  await expect(page.locator(".chart-panel")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("j");
  await expect(row(page, second)).toBeVisible();
  await row(page, second).getByRole("link").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(detail(page)).toContainText(first);
  await page.keyboard.press("3");
  await expect(page.getByRole("tab", { name: "Schedules" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Go to, open, run…").fill("Show the jobs that run");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("State")).toHaveValue("running");
});

test("a job that does not exist is said to be unknown", async ({ page }) => {
  await page.goto(`/jobs?job=${"0".repeat(32)}`);
  await expect(detail(page).getByRole("alert")).toContainText("JOB_NOT_FOUND");
  await page.getByRole("button", { name: "Close the job" }).click();
  await expect(detail(page)).toHaveCount(0);
});

test("a job whose server died three times is a dead letter, and is tried again", async ({ page, request, server }) => {
  test.skip(process.env.TRADEASSIST_URL !== undefined, "the server is not ours to kill");
  test.slow();
  const id = await startSearch(request, kLongSearch);
  await page.goto("/jobs");
  await expect(row(page, id)).toBeVisible();
  for (let deaths = 0; deaths < 3; ++deaths) {
    await waitFor(request, id, "running");
    await server.kill();
    await server.start();
  }
  await waitFor(request, id, "failed");
  await page.getByRole("tab", { name: /Dead letters/ }).click();
  await expect(row(page, id)).toContainText("Dead letter", { timeout: 30_000 });
  await expect(page.getByRole("tab", { name: /Dead letters 1/ })).toBeVisible({ timeout: 30_000 });
  await row(page, id).getByRole("button", { name: /^Retry/ }).click();
  await page.getByRole("button", { name: "Show" }).click();
  await expect(detail(page)).toHaveAttribute("data-state", /queued|running/);
  await expect(detail(page)).toContainText("Retry of");
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme} colours`, () => {
    test.use({ colorScheme });

    test("of the place Jobs have enough contrast on every tab", async ({ page, request }) => {
      const id = await startSearch(request, kLongSearch);
      await waitFor(request, id, "running");
      // A search at work would make everything else slow.
      await request.post(`/api/v1/jobs/${id}/pause`, { data: {} });
      await waitFor(request, id, "paused");
      await page.goto(`/jobs?job=${id}`);
      await expect(detail(page).getByRole("progressbar")).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await detail(page).getByRole("button", { name: "Cancel" }).click();
      await expect(page.getByRole("alertdialog")).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Keep it" }).click();
      for (const tab of ["dead", "schedules&new=1", "statistics"]) {
        await page.goto(`/jobs?tab=${tab}`);
        await expect(page.locator(".skeleton")).toHaveCount(0);
        expect(await violations(page)).toEqual([]);
      }
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("jobs fit, and one takes the place of the list", async ({ page, request }) => {
    const id = await startQuery(request, "SPX");
    await waitFor(request, id, "completed");
    await page.goto("/jobs");
    await expect(row(page, id)).toBeVisible();
    await noSidewaysScroll(page);
    expect(await violations(page)).toEqual([]);
    await row(page, id).getByRole("link").click();
    await expect(detail(page)).toContainText(id);
    await expect(row(page, id)).toBeHidden();
    await noSidewaysScroll(page);
    expect(await violations(page)).toEqual([]);
    for (const tab of ["Schedules", "Statistics"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.locator(".skeleton")).toHaveCount(0);
      await noSidewaysScroll(page);
      expect(await violations(page)).toEqual([]);
    }
  });
});
