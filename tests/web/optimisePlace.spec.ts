import type { Page } from "@playwright/test";
import { expect, kStrategy, noSidewaysScroll, test, violations } from "./fixtures.ts";

const kNew = `/optimise?new=search&symbol=SPX&timeframe=1d&strategy=${kStrategy}`;

/** Starts a search as a program would, and waits for its end. */
async function searched(page: Page, change: Record<string, unknown> = {}): Promise<string> {
  const answer = await page.request.post("/api/v1/optimize/single", {
    data: {
      strategy: kStrategy,
      symbol: "SPX",
      timeframe: "1d",
      parameters: [
        { name: "fast_length", from: 5, to: 30, step: 5 },
        { name: "slow_length", from: 60, to: 120, step: 10 },
      ],
      sampler: "grid",
      objective: "sharpe_ratio",
      ...change,
    },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  const { job_id: id } = (await answer.json()) as { job_id: string };
  await expect
    .poll(async () => ((await (await page.request.get(`/api/v1/optimize/status/${id}`)).json()) as { state: string }).state, { timeout: 30_000 })
    .toBe("completed");
  return id;
}

async function tournament(page: Page): Promise<void> {
  await page.goto("/optimise?new=tournament");
  await page.getByLabel("Chosen ones").check();
  for (const name of ["Moving Average Crossover", "Parabolic SAR", "Turtle Trading"]) {
    await page.getByRole("button", { name: /^Add a strategy/ }).click();
    await page.getByRole("combobox", { name: "Add a strategy" }).fill(name);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: `Leave out ${name}` })).toBeVisible();
  }
  await expect(page.getByRole("button", { name: "Leave out SPX" })).toBeVisible();
  await page.getByRole("button", { name: "Remove stage 3" }).click();
  await page.getByLabel("Trials of stage 1").fill("8");
  await page.getByLabel("Entrants that go on from stage 1").fill("2");
  await page.getByLabel("Trials of stage 2").fill("20");
  await expect(page.locator("[data-entrants]")).toContainText("3 entrants, at most 48 trials");
  await page.getByRole("button", { name: "Start tournament" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "completed", { timeout: 30_000 });
}

test("a search is set up from nothing, started, and found in the list", async ({ page }) => {
  await page.goto("/optimise");
  await page.getByRole("button", { name: "New search" }).click();
  await expect(page.getByText("Choose a strategy; its inputs")).toBeVisible();
  await page.getByRole("button", { name: /^Strategy:/ }).click();
  await page.getByRole("combobox", { name: "Strategy" }).fill("moving average crossover");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/strategy=MovingAverageCrossover/);
  await page.getByLabel("Sampler", { exact: true }).selectOption("random");
  await page.getByLabel("Trials", { exact: true }).fill("30");
  await page.getByRole("button", { name: "Start search" }).click();
  await expect(page.locator(".summary")).toBeVisible({ timeout: 30_000 });
  await expect(page).toHaveURL(/\/optimise\?job=\w+$/);

  await page.getByRole("button", { name: "All searches" }).click();
  const row = page.locator("tr[data-job]").first();
  await expect(row).toContainText("Moving Average Crossover");
  await expect(row).toContainText("Completed");
  await row.getByRole("link", { name: "Verdict" }).click();
  await expect(page.getByRole("table", { name: "What the verdict rests on" })).toBeVisible();
  await page.goBack();
  await expect(row).toBeVisible();
});

test("the list is narrowed by words, kind and state, and the address keeps it", async ({ page }) => {
  await searched(page);
  await page.goto("/optimise");
  const rows = page.locator("tr[data-job]");
  await expect(rows.first()).toBeVisible();
  await page.getByRole("searchbox", { name: /^Filter/ }).fill("no such strategy");
  await expect(page.getByText("No search fits the filter.")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByRole("searchbox", { name: /^Filter/ }).fill("crossover spx");
  await page.getByLabel("State", { exact: true }).selectOption("completed");
  await page.getByLabel("Kind", { exact: true }).selectOption("search");
  await expect(rows.first()).toContainText("Moving Average Crossover");
  await expect(page).toHaveURL(/q=crossover\+spx&state=completed&kind=search/);
  await page.reload();
  await expect(page.getByRole("searchbox", { name: /^Filter/ })).toHaveValue("crossover spx");
  await page.getByLabel("State", { exact: true }).selectOption("failed");
  await expect(rows).toHaveCount(0);
});

test("constraints are checked while they are written, by the page and by the server, and hold", async ({ page }) => {
  await page.goto(kNew);
  const more = page.locator(".search-more");
  await more.locator("summary").click();
  await page.getByLabel("Constraints", { exact: true }).fill("fast_length = slow_length");
  await expect(more.locator(".error")).toContainText("is no comparison");
  await expect(page.getByRole("button", { name: "Start search" })).toBeDisabled();
  await page.getByLabel("Constraints", { exact: true }).fill("fast_length < nobody");
  await expect(page.locator(".search-form .error").first()).toContainText("nobody");
  await page.getByLabel("Constraints", { exact: true }).fill("slow_length < 100");
  await expect(page.locator("[data-combinations]")).toContainText("200 combinations before constraints");
  await expect(page.locator(".search-form .error")).toHaveCount(0);
  await page.getByRole("button", { name: "Start search" }).click();
  await expect(page.locator(".summary")).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".summary-values")).toContainText("40 trials of 200 combinations");
});

test("a search for several objectives shows what is traded for what, and a trial of the front is used", async ({ page }) => {
  await page.goto(kNew);
  await page.getByLabel("Objective", { exact: true }).selectOption("net_profit");
  await page.locator(".search-more summary").click();
  await page.getByRole("group", { name: "Seek also" }).getByRole("button", { name: "Max drawdown" }).click();
  await page.getByLabel("Sampler", { exact: true }).selectOption("nsga2");
  await page.getByLabel("Trials", { exact: true }).fill("60");
  await page.getByRole("button", { name: "Start search" }).click();
  await expect(page.locator(".summary")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("tab", { name: "Trade-offs" }).click();
  await expect(page.getByLabel("Across")).toHaveValue("net_profit");
  await expect(page.getByLabel("Up")).toHaveValue("max_drawdown_percent");
  const front = page.getByRole("region", { name: "Trials of the front" }).locator("tbody tr");
  expect(await front.count()).toBeGreaterThan(0);
  const fast = (await front.first().locator("td").nth(2).textContent()) ?? "";
  await front.first().getByRole("button").click();
  await expect(page.locator(".trial-bar")).toContainText(`Fast length ${fast}`);
  await page.getByRole("button", { name: "Use these values" }).click();
  await expect(page).toHaveURL(/\/strategies\?.*in\.fast_length=/);
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
  await expect(page.locator("[data-input=fast_length] input")).toHaveValue(fast);
});

test("history, importance and parallel coordinates are drawn, each with its figures as a table", async ({ page }) => {
  const id = await searched(page);
  await page.goto(`/optimise?job=${id}&view=history`);
  await expect(page.locator(".trial-view")).toContainText(/\d+ of 42 trials were better than all before them/);
  await expect(page.locator(".figure-canvas[data-ready] canvas")).toBeVisible();
  await page.getByRole("tab", { name: "Parameters" }).click();
  await expect(page.locator(".figure-canvas[data-ready]")).toHaveCount(3);
  const importance = page.getByRole("region", { name: "Importance" });
  await importance.getByRole("button", { name: "Table" }).click();
  await expect(importance.locator("tbody tr")).toHaveCount(2);
  await expect(importance.getByRole("table")).toContainText(/Fast length\s*\d+\.\d%/);
  const means = page.getByRole("region", { name: "Means" });
  await means.getByLabel("Parameter", { exact: true }).selectOption("slow_length");
  await means.getByRole("button", { name: "Table" }).click();
  await expect(means.locator("tbody tr")).toHaveCount(7);
  const parallel = page.getByRole("region", { name: "Parallel coordinates" });
  await parallel.getByRole("button", { name: "Table" }).click();
  await expect(parallel.locator("tbody tr")).toHaveCount(42);
  await page.reload();
  await expect(page.getByRole("tab", { name: "Parameters" })).toHaveAttribute("aria-selected", "true");
});

test("a search is taken back into the form, changed and made again", async ({ page }) => {
  const id = await searched(page, { constraints: ["slow_length > 80"], seed: 9 });
  await page.goto(`/optimise?job=${id}`);
  await page.getByRole("button", { name: "Change and search again" }).click();
  await expect(page.locator("[data-combinations]")).toHaveAttribute("data-combinations", "42");
  await expect(page.getByLabel("Seed", { exact: true })).toHaveValue("9");
  await expect(page.locator(".search-more summary")).toContainText("1 set");
  await page.locator("tr[data-range=fast_length] input[type=number]").first().fill("15");
  await expect(page.locator("[data-combinations]")).toHaveAttribute("data-combinations", "28");
  await page.getByRole("button", { name: "Start search" }).click();
  await expect(page.locator(".summary-values")).toContainText("16 trials of 28 combinations", { timeout: 30_000 });
  expect(page.url()).not.toContain(id);
});

test("a running search shows its best so far, is paused and resumed, and when cancelled has kept its best", async ({ page }) => {
  const started = await page.request.post("/api/v1/optimize/single", {
    data: {
      strategy: kStrategy,
      symbol: "SPX",
      timeframe: "1d",
      parameters: [
        { name: "fast_length", from: 5, to: 50, step: 1 },
        { name: "slow_length", from: 60, to: 250, step: 1 },
        { name: "average_type", values: ["SMA", "EMA", "WMA"] },
        { name: "trade_direction", values: ["Both", "Long", "Short"] },
      ],
      sampler: "random",
      trials: 70_000,
    },
  });
  const { job_id: id } = (await started.json()) as { job_id: string };
  await page.goto(`/optimise?job=${id}`);
  await expect(page.getByRole("progressbar")).toBeVisible();
  const found = page.getByRole("region", { name: "Values that were the best" }).locator("tbody tr");
  await expect(found.first()).toBeVisible();
  await expect(page.locator(".progress-found .figure-canvas[data-ready]")).toBeVisible();
  const done = async () => Number(((await page.locator(".tile").first().textContent()) ?? "").replaceAll(",", "").match(/\d+/)?.[0]);
  const before = await done();
  await expect.poll(done).toBeGreaterThan(before);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "paused", { timeout: 15_000 });
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "running", { timeout: 15_000 });
  await page.getByRole("button", { name: "Cancel" }).click();
  const asked = page.getByRole("alertdialog", { name: "Cancel the search?" });
  await expect(asked).toContainText(/[\d,]+ trials are lost/);
  await asked.getByRole("button", { name: "Keep it" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "running");
  await page.getByRole("button", { name: "Cancel" }).click();
  await asked.getByRole("button", { name: "Cancel the search" }).click();
  await expect(page.locator(".job")).toHaveAttribute("data-state", "cancelled", { timeout: 15_000 });
  await expect(page.locator(".tab-empty")).toContainText("The best of them, in sample");
  await page.getByRole("button", { name: "Use these values" }).click();
  await expect(page).toHaveURL(/\/strategies\?.*in\.fast_length=/);
});

test("a tournament ends in a leaderboard, whose finalists are looked at and opened with their values", async ({ page }) => {
  await tournament(page);
  const places = page.locator("tr[data-place]");
  await expect(places).toHaveCount(3);
  await expect(page.locator(".leaderboard .notice")).toContainText("3 entrants made 48 trials");
  await page.getByRole("columnheader", { name: "Strategy" }).getByRole("button").click();
  await expect(page.getByRole("columnheader", { name: "Strategy" })).toHaveAttribute("aria-sort", "ascending");
  await expect(places.first()).toContainText("Moving Average Crossover");

  const winner = page.locator("tr[data-place='1']");
  const name = (await winner.locator("th").textContent()) ?? "";
  await winner.getByRole("link", { name: "Verdict" }).click();
  await expect(page).toHaveURL(/place=1&view=verdict/);
  await expect(page.getByRole("heading", { name: `1. ${name}` })).toBeVisible();
  await expect(page.getByRole("table", { name: "What the verdict rests on" })).toBeVisible();
  await page.getByRole("button", { name: "Leaderboard" }).click();
  await winner.getByRole("link", { name: /^Open/ }).click();
  await expect(page).toHaveURL(/\/strategies\?.*in\..*run=1/);
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByRole("tab", { name: /Trades/ })).toBeVisible();
  await page.goBack();
  await expect(places).toHaveCount(3);

  await page.goto("/optimise?kind=tournament");
  await expect(page.locator("tr[data-job]").first().getByRole("link", { name: "Leaderboard" })).toBeVisible();
});

test("a tournament that cannot be is not started, and says what is wrong", async ({ page }) => {
  await page.goto("/optimise?new=tournament");
  await expect(page.locator("[data-entrants]")).toContainText("Choose a category.");
  await page.getByLabel("Category", { exact: true }).selectOption("trend");
  await expect(page.locator("[data-entrants]")).toContainText("18 entrants");
  await page.getByLabel("Trials of stage 2").fill("10");
  await expect(page.locator(".stages .error")).toContainText("More trials than in the stage before.");
  await expect(page.getByRole("button", { name: "Start tournament" })).toBeDisabled();
  await page.getByLabel("Trials of stage 2").fill("200");
  await expect(page.getByRole("button", { name: "Start tournament" })).toBeEnabled();
  await page.getByText("Properties of all entrants").click();
  await page.locator("[data-input=slippage] input").fill("-1");
  await expect(page.locator("[data-input=slippage] .error")).toContainText("0 or more");
  await expect(page.getByRole("button", { name: "Start tournament" })).toBeDisabled();
});

test("a search that began elsewhere appears, and the list of the header leads to it from any place", async ({ page }) => {
  await page.goto("/optimise");
  await expect(page.getByRole("button", { name: "New search" })).toBeVisible();
  const id = await searched(page);
  await page.goto("/jobs");
  await expect(page.getByRole("heading", { name: "Jobs" })).toBeVisible();
  await page.keyboard.press("j");
  await page.getByRole("dialog", { name: "Searches" }).locator(`[data-job="${id}"]`).click();
  await expect(page).toHaveURL(new RegExp(`/optimise\\?job=${id}`));
  await expect(page.locator(".summary")).toBeVisible();
  await page.getByRole("button", { name: "Why" }).click();
  await expect(page.getByRole("tab", { name: "Verdict" })).toHaveAttribute("aria-selected", "true");
  await page.goBack();
  await expect(page.getByRole("tab", { name: "Summary" })).toHaveAttribute("aria-selected", "true");
});

test("the place is worked by keyboard and by the palette", async ({ page }) => {
  await page.goto("/optimise");
  await expect(page.getByRole("button", { name: "New search" })).toBeVisible();
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { name: "New search" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("tournament");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "New tournament" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "New search" })).toBeVisible();
});

test("a job that does not exist is said to be unknown", async ({ page }) => {
  await page.goto("/optimise?job=00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("alert")).toContainText("JOB_NOT_FOUND");
  await page.getByRole("button", { name: "All searches" }).click();
  await expect(page.getByRole("heading", { name: "Searches and tournaments" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme} colours`, () => {
    test.use({ colorScheme });

    test("leave nothing for axe to find in the place", async ({ page }) => {
      const id = await searched(page);
      await page.goto("/optimise");
      await expect(page.locator("tr[data-job]").first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.goto(kNew);
      await page.locator(".search-more summary").click();
      await expect(page.getByLabel("Constraints", { exact: true })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.goto(`/optimise?job=${id}`);
      await expect(page.locator(".summary")).toBeVisible();
      for (const view of ["History", "Parameters", "Trade-offs"]) {
        await page.getByRole("tab", { name: view }).click();
        await expect(page.locator(".figure-canvas[data-ready]").first()).toBeVisible();
        expect(await violations(page)).toEqual([]);
      }
      await page.goto("/optimise?new=tournament");
      await expect(page.getByRole("button", { name: "Start tournament" })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("everything fits", async ({ page }) => {
    const id = await searched(page);
    await tournament(page);
    await expect(page.locator("tr[data-place]").first()).toBeVisible();
    await noSidewaysScroll(page);
    expect(await violations(page)).toEqual([]);
    for (const address of ["/optimise", kNew, "/optimise?new=tournament"]) {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 3 }).first()).toBeVisible();
      await noSidewaysScroll(page);
      expect(await violations(page)).toEqual([]);
    }
    await page.goto(`/optimise?job=${id}`);
    for (const view of ["Summary", "Verdict", "History", "Parameters", "Trade-offs", "Trials", "Heat map"]) {
      await page.getByRole("tab", { name: view }).click();
      await expect(page.getByRole("tab", { name: view })).toHaveAttribute("aria-selected", "true");
      await noSidewaysScroll(page);
    }
  });
});
