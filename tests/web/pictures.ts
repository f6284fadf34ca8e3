// Takes the pictures of docs/guide.md. Run after the page has changed; look at what came out.

import { join, resolve } from "node:path";
import type { APIRequestContext, Page } from "@playwright/test";
import { test as base, expect, kRun, kStrategy } from "./fixtures.ts";
import { type Server, startServer } from "./server.ts";

const kFolder = resolve(import.meta.dirname, "../../docs/images");

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

test.use({ viewport: { width: 1280, height: 800 } });

const kSearch = {
  strategy: kStrategy,
  symbol: "SPX",
  timeframe: "1d",
  objectives: ["sharpe_ratio", "max_drawdown_percent"],
  sampler: "nsga2",
  trials: 400,
  parameters: [
    { name: "fast_length", from: 5, to: 50, step: 1 },
    { name: "slow_length", from: 60, to: 250, step: 5 },
  ],
};

async function searched(request: APIRequestContext, body: object): Promise<string> {
  const answer = await request.post("/api/v1/optimize/single", { data: body });
  expect(answer.ok(), await answer.text()).toBe(true);
  const { job_id: id } = (await answer.json()) as { job_id: string };
  const state = async () => ((await (await request.get(`/api/v1/optimize/status/${id}`)).json()) as { state: string }).state;
  await expect.poll(state, { timeout: 60_000 }).toBe("completed");
  return id;
}

async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined);
  await expect(page.locator("[aria-busy='true']")).toHaveCount(0);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function picture(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(kFolder, `${name}.png`), animations: "disabled" });
}

test("data", async ({ page }) => {
  await page.goto("/data?symbols=SPX&last=250&run=1");
  await expect(page.getByRole("grid", { name: /^Bars of/ })).toBeVisible();
  await picture(page, "data");
  await page.goto("/data?tab=import");
  const days = Array.from({ length: 60 }, (_, day) => `${new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10)},${100 + day},${103 + day},${day === 7 ? 900 : 98 + day},${101 + day},${1000 + day}`);
  await page.getByLabel("File with bars or trades").setInputFiles({ name: "wheat.csv", mimeType: "text/csv", buffer: Buffer.from(["date,open,high,low,close,volume", ...days].join("\n")) });
  await expect(page.getByRole("button", { name: /^Import \d+ rows/ })).toBeEnabled();
  await picture(page, "import");
});

test("strategies", async ({ page }) => {
  await page.goto(kRun);
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
  await picture(page, "page");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("tab", { name: "Analysis" }).click();
  await page.keyboard.press("m");
  await settled(page);
  await picture(page, "analysis");
});

test("searches", async ({ page, request }) => {
  const id = await searched(request, kSearch);
  await page.goto(`/optimise?job=${id}&view=verdict`);
  await expect(page.locator(".job")).toHaveAttribute("data-state", "completed");
  await picture(page, "verdict");
  await page.getByRole("tab", { name: "Trade-offs" }).click();
  await picture(page, "trade-offs");
});

test("the rest", async ({ page, request }) => {
  await searched(request, { ...kSearch, objectives: undefined, objective: "sharpe_ratio", sampler: "random", trials: 50 });
  await request.put("/api/v1/jobs/schedules/nightly", { data: { cron: "0 2 * * *", kind: "historical_data", request: { symbols: ["SPX"], frequency: "1d", preset: "1m", background: true } } });
  await page.goto("/jobs");
  await expect(page.locator("tr[data-job]").first()).toBeVisible();
  await page.locator("tr[data-job]").first().click();
  await picture(page, "jobs");
  await page.goto("/monitor");
  await expect(page.locator("[data-component]").first()).toBeVisible();
  await picture(page, "monitor");
  await page.goto("/settings?section=keys");
  await settled(page);
  await picture(page, "settings");
});
