import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expect, noSidewaysScroll, test as base, violations } from "./fixtures.ts";
import { startServer } from "./server.ts";

type OwnServer = Awaited<ReturnType<typeof startServer>>;

/** A server that wants API keys, and may call webhooks on this machine. */
const test = base.extend<{ enter: (address: string, where?: Page) => Promise<void> }, { server: OwnServer }>({
  server: [
    async ({}, use) => {
      const server = await startServer({
        keys: true,
        settings: {
          TRADEASSIST_WEBHOOK_PRIVATE_ADDRESSES: "allowed",
          TRADEASSIST_WEBHOOK_SCHEDULE: "0 1",
          TRADEASSIST_HEALTH_INTERVAL_SECONDS: "1",
          // A rehearsal of the live source: a day of the market in half a minute.
          TRADEASSIST_LIVE_SOURCE: "replay",
          TRADEASSIST_LIVE_SYMBOLS: "SPX",
          TRADEASSIST_LIVE_TIMEFRAME: "1d",
          TRADEASSIST_LIVE_REPLAY_SPEED: "2880",
        },
      });
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  /** Opens an address with the first key. */
  enter: async ({ page, server }, use) => {
    await use(async (address, where = page) => {
      await where.addInitScript((key) => {
        // Once for the tab: what the page does with it later is its own affair.
        if (sessionStorage.getItem("entered") === null) sessionStorage.setItem("tradeassist.api-key", key);
        sessionStorage.setItem("entered", "1");
      }, server.key ?? "");
      await where.goto(address);
    });
  },
});

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Listens for webhooks; `answer` may be changed. */
async function receiver(): Promise<{ url: string; received: Received[]; answer: { status: number }; close: () => void }> {
  const received: Received[] = [];
  const answer = { status: 200 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(answer.status, { "Content-Type": "text/plain" }).end(answer.status === 200 ? "heard" : "not today");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, received, answer, close: () => server.close() };
}

/** Asks the API with the first key, beside the page. */
async function ask<T>(page: Page, server: OwnServer, method: "get" | "post" | "delete", path: string, data?: object): Promise<T> {
  const answer = await page.request[method](`${server.url}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${server.key}` },
    ...(data === undefined ? {} : { data }),
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as T;
}

async function makeKey(page: Page, server: OwnServer, name: string, scopes: string[], more: object = {}): Promise<{ id: string; token: string }> {
  return ask(page, server, "post", "/admin/keys", { name, scopes, ...more });
}

/** Signs in in the dialog that the page shows. */
async function signIn(page: Page, token: string, kept = false): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await dialog.getByLabel("API key").fill(token);
  await dialog.getByLabel("Keep it in this browser").setChecked(kept);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toBeHidden();
}

const row = (page: Page, table: string, text: string | RegExp) => page.getByRole("region", { name: table }).getByRole("row").filter({ hasText: text });

test.describe("API keys", () => {
  test("a key is made, its token told once, and it opens what its scopes allow", async ({ page, server, enter, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await enter("/settings?section=keys");
    await expect(row(page, "API keys", "This page")).toContainText("admin");
    await page.keyboard.press("n");
    const form = page.getByRole("dialog", { name: "New API key" });
    await form.getByLabel("Name", { exact: true }).fill("notebook");
    await form.getByLabel("Owner", { exact: true }).fill("ann");
    await form.getByLabel(/^trade-research/).check();
    await form.getByLabel("Expires").selectOption("In 30 days");
    await form.getByRole("button", { name: "Make the key" }).click();
    const told = page.getByRole("dialog", { name: "Token of notebook" });
    await expect(told).toContainText("told only now");
    await page.keyboard.press("Escape"); // it is not lost by chance
    await told.getByRole("button", { name: "Copy the token" }).click();
    await expect(told.getByRole("button", { name: "Copy the token" })).toContainText("Copied");
    const token = await page.evaluate(() => navigator.clipboard.readText());
    expect(token).toMatch(/^ta_\w+$/);
    await told.getByRole("button", { name: "I have stored it" }).click();
    await expect(page.getByText(token)).toHaveCount(0);
    const made = row(page, "API keys", "notebook");
    await expect(made).toContainText("ann");
    await expect(made).toContainText("trade-research");
    await expect(made).toContainText("Valid");

    const headers = { Authorization: `Bearer ${token}` };
    expect((await page.request.get(`${server.url}/api/v1/instruments`, { headers })).status()).toBe(200);
    expect((await page.request.get(`${server.url}/api/v1/admin/keys`, { headers })).status()).toBe(403);
  });

  test("what the server has against a new key is said beside the field", async ({ page, enter }) => {
    await enter("/settings?section=keys");
    await page.getByRole("button", { name: "New key" }).click();
    const form = page.getByRole("dialog", { name: "New API key" });
    await form.getByLabel("Name", { exact: true }).fill("late");
    await form.getByLabel("Expires").selectOption("On a date…");
    await form.getByLabel("Date").fill("2001-01-01");
    await form.getByRole("button", { name: "Make the key" }).click();
    await expect(form).toContainText(/past|future|later|after/);
    await form.getByRole("button", { name: "Cancel" }).click();
    await expect(form).toHaveCount(0);
  });

  test("a key is rotated with grace: both tokens hold", async ({ page, server, enter }) => {
    const before = await makeKey(page, server, "rotating", ["read"]);
    await enter("/settings?section=keys");
    await page.getByRole("button", { name: "Rotate rotating" }).click();
    await page.getByLabel("The token of before still holds").selectOption("For an hour");
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    const after = await page.getByRole("dialog", { name: "Token of rotating" }).locator("[data-secret]").textContent();
    expect(after).not.toBe(before.token);
    for (const token of [before.token, after]) {
      await expect
        .poll(async () => (await page.request.get(`${server.url}/api/v1/version`, { headers: { Authorization: `Bearer ${token}` } })).status())
        .toBe(200);
    }
  });

  test("a key is revoked after a question, and is listed with those that ended", async ({ page, server, enter }) => {
    const key = await makeKey(page, server, "leaving", ["read"]);
    await enter("/settings?section=keys");
    await page.getByRole("button", { name: "Revoke leaving" }).click();
    const question = page.getByRole("alertdialog", { name: "Revoke leaving?" });
    await expect(question).toContainText(key.id);
    await question.getByRole("button", { name: "Cancel" }).click();
    await expect(row(page, "API keys", "leaving")).toContainText("Valid");
    await page.getByRole("button", { name: "Revoke leaving" }).click();
    await question.getByRole("button", { name: "Revoke" }).click();
    await expect(row(page, "API keys", "leaving")).toHaveCount(0);
    await page.getByLabel(/With \d+ keys? that ended/).check();
    await expect(row(page, "API keys", "leaving")).toContainText("Revoked");
    await expect(page).toHaveURL(/ended=1/);
    await page.reload();
    await expect(row(page, "API keys", "leaving")).toContainText("Revoked");
  });

  test("a key without the scope is told so, with the way on", async ({ page, server }) => {
    const { token } = await makeKey(page, server, "reader", ["read"]);
    await page.goto("/settings?section=keys");
    await signIn(page, token);
    await expect(page.getByRole("alert")).toContainText("Your key lacks the scope admin");
    await page.getByRole("link", { name: "Webhooks" }).click();
    await expect(page.getByRole("alert")).toContainText("Your key lacks the scope write");
    await page.getByRole("button", { name: "Sign in with another key" }).click();
    await signIn(page, server.key ?? "");
    await expect(page.getByRole("button", { name: "New webhook" })).toBeVisible();
  });
});

test.describe("Webhooks", () => {
  test("a webhook is made, tested, failing, sent again, paused and deleted", async ({ page, enter }) => {
    const heard = await receiver();
    await enter("/settings?section=webhooks");
    await expect(page.getByText("Nobody is told yet")).toBeVisible();
    await page.getByRole("button", { name: "New webhook" }).click();
    const form = page.getByRole("dialog", { name: "New webhook" });
    await form.getByLabel("URL").fill("ftp://nowhere");
    await form.getByRole("button", { name: "Make the webhook" }).click();
    await expect(form).toContainText("must begin with https:// or http://");
    await form.getByLabel("URL").fill(heard.url);
    await form.getByLabel("Description").fill("desk");
    await form.getByLabel("job.failed").uncheck(); // of the group that is chosen at first
    await form.getByLabel("alert.*").check();
    await form.getByRole("button", { name: "Make the webhook" }).click();
    const told = page.getByRole("dialog", { name: "Secret of the webhook" });
    await expect(told.locator("[data-secret]")).toHaveText(/^whsec_/);
    await told.getByRole("button", { name: "I have stored it" }).click();
    await expect(page.getByText("job.completed", { exact: true })).toBeVisible();
    await expect(page.getByText("job.failed", { exact: true })).toHaveCount(0);

    // A test arrives, and the log shows what was sent and answered.
    await page.getByRole("button", { name: "Send a test" }).click();
    const delivery = page.getByRole("region", { name: "webhook.test" });
    await expect(delivery).toContainText("Delivered");
    await expect(delivery).toContainText("heard");
    await expect(delivery).toContainText("webhook-signature");
    expect(heard.received[0]?.headers["webhook-id"]).toMatch(/^msg_/);
    await expect(row(page, "Deliveries", "webhook.test")).toContainText("200");
    const link = page.url();
    expect(link).toMatch(/delivery=dlv_/);

    // One that fails is seen as such, and can be sent again.
    heard.answer.status = 503;
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(delivery).toContainText("Failed");
    await expect(delivery).toContainText("not today");
    heard.answer.status = 200;
    await delivery.getByRole("button", { name: "Send again" }).click();
    await expect(delivery).toContainText("Delivered");
    await expect(row(page, "Deliveries", "sent again")).toContainText("200");
    const ids = heard.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids[2]).toBe(ids[1]);
    await page.getByLabel("State of deliveries").selectOption("Failed");
    await expect(page.getByRole("region", { name: "Deliveries" }).getByRole("row")).toHaveCount(2);

    // The link to the first delivery still opens it.
    await page.goto(link);
    await expect(delivery).toContainText("heard");

    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await noSidewaysScroll(page);
    await page.setViewportSize({ width: 1440, height: 900 });

    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByText("Paused", { exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "Send a test" })).toBeDisabled();
    await page.getByRole("button", { name: "Enable" }).click();
    await expect(page.getByText("Paused", { exact: true })).toHaveCount(0);

    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await expect(page.getByText("Nobody is told yet")).toBeVisible();
    heard.close();
  });

  test("a webhook is edited, its secret rotated, and missed events are sent again", async ({ page, server, enter }) => {
    const heard = await receiver();
    heard.answer.status = 500;
    const { id } = await ask<{ id: string }>(page, server, "post", "/webhooks", { url: heard.url, events: ["job.cancelled"] });
    await enter(`/settings?section=webhooks&webhook=${id}`);
    await page.getByRole("button", { name: "Edit" }).click();
    const form = page.getByRole("dialog", { name: "Edit the webhook" });
    await form.getByLabel("Description").fill("a program of mine");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("a program of mine")).toBeVisible();
    await page.getByRole("button", { name: "Rotate the secret" }).click();
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByRole("dialog", { name: "Secret of the webhook" }).getByRole("button", { name: "I have stored it" }).click();

    const { job_id: job } = await ask<{ job_id: string }>(page, server, "post", "/optimize/single", {
      strategy: "MovingAverageCrossover",
      symbol: "SPX",
      timeframe: "1d",
      trials: 100_000,
      sampler: "random",
    });
    await ask(page, server, "post", `/jobs/${job}/cancel`, {});
    await expect(row(page, "Deliveries", "job.cancelled")).toContainText("500", { timeout: 20_000 });
    // The secret of before signs beside the new one.
    expect(String(heard.received[0]?.headers["webhook-signature"]).split(" ")).toHaveLength(2);
    heard.answer.status = 200;
    await page.getByRole("button", { name: "Send missed events" }).click();
    await page.getByRole("dialog", { name: "Send missed events" }).getByRole("button", { name: "Send again" }).click();
    await expect(row(page, "Deliveries", "sent again")).toContainText("200");
    await ask(page, server, "delete", `/webhooks/${id}`);
    heard.close();
  });
});

test("data sources say what they stored, how the provider is set up, and what is live", async ({ page, enter }) => {
  await enter("/settings?section=sources");
  await expect(row(page, "Stored by source", "csv")).toContainText("5,105");
  await expect(row(page, "Stored by source", "csv")).toContainText("2020-04-17");
  const schwab = page.locator('[data-provider="schwab"]');
  await expect(schwab).toContainText("Not configured");
  await expect(schwab.getByText("tradeassist schwab login", { exact: true })).toBeVisible();
  await expect(page.locator('[data-live="live"]')).toContainText("Replay");
  await expect(row(page, "Live series", "SPX")).toContainText("1d", { timeout: 20_000 });
});

test.describe("Instruments", () => {
  test("an instrument is edited, and its history tells it", async ({ page, enter }) => {
    await enter("/settings?section=instruments");
    await page.getByRole("button", { name: "SPX" }).click();
    await expect(page).toHaveURL(/symbol=SPX/);
    await expect(row(page, "Stored series", "csv")).toContainText("5,105");
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Time zone").fill("Mars/Base");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(/Mars\/Base.*(zone|known)/)).toBeVisible();
    await page.getByLabel("Time zone").fill("America/New_York");
    await page.getByLabel("Name", { exact: true }).fill("S&P 500");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { name: "SPX S&P 500" })).toBeVisible();
    await expect(page.getByRole("list", { name: "History" })).toContainText("Name: empty S&P 500");
    await page.goBack();
    await expect(page.getByRole("region", { name: "Instruments" })).toContainText("S&P 500");
  });

  test("an instrument is hidden, brought back by undo, and by its symbol", async ({ page, enter }) => {
    await enter("/settings?section=instruments&symbol=SPX");
    await page.getByRole("button", { name: "Hide" }).click();
    await expect(page.getByText("No instrument yet")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "SPX" }).click();
    await expect(row(page, "Stored series", "csv")).toContainText("5,105");
    await page.getByRole("button", { name: "Hide" }).click();
    await page.getByRole("button", { name: "Bring back" }).click();
    const form = page.getByRole("dialog", { name: "Bring back a hidden instrument" });
    await form.getByLabel("Symbol").fill("GONE");
    await form.getByRole("button", { name: "Bring back" }).click();
    await expect(form.getByRole("alert")).toContainText("was not brought back");
    await form.getByLabel("Symbol").fill("SPX");
    await form.getByRole("button", { name: "Bring back" }).click();
    await expect(row(page, "Stored series", "csv")).toContainText("5,105");
  });

  test("splits and dividends are added, removed, and added again by undo", async ({ page, enter }) => {
    await enter("/settings?section=instruments&symbol=SPX");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByLabel("Kind").selectOption("Split");
    await page.getByLabel("Ex-date").fill("2010-01-05");
    await page.getByLabel("Value").fill("2");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(row(page, "Splits and dividends", "2010-01-05")).toContainText("2 for 1");
    await page.getByRole("button", { name: "Remove the split of 2010-01-05" }).click();
    await expect(page.getByText("None is known.")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(row(page, "Splits and dividends", "2010-01-05")).toContainText("2 for 1");
  });

  test("an instrument is made by hand", async ({ page, enter }) => {
    await enter("/settings?section=instruments");
    await page.getByRole("button", { name: "New instrument" }).click();
    const form = page.getByRole("dialog", { name: "New instrument" });
    await form.getByLabel("Symbol").fill("ESZ26");
    await form.getByLabel("Asset class").selectOption("future");
    await form.getByLabel("Point value").fill("50");
    await form.getByLabel("Tick size").fill("0.25");
    await form.getByRole("button", { name: "Make the instrument" }).click();
    await expect(page.getByRole("heading", { name: "ESZ26" })).toBeVisible();
    await expect(page.getByText("50 USD")).toBeVisible();
    await expect(page.getByText("Nothing is stored of it yet.")).toBeVisible();
    await page.getByRole("button", { name: "Hide" }).click();
    await expect(page.getByRole("region", { name: "Instruments" })).not.toContainText("ESZ26");
  });
});

test("the server tells its version and retention, and exported files are saved and deleted", async ({ page, server, enter }) => {
  const { job_id: job } = await ask<{ job_id: string }>(page, server, "post", "/optimize/single", {
    strategy: "MovingAverageCrossover",
    symbol: "SPX",
    timeframe: "1d",
    trials: 3,
    sampler: "random",
  });
  await expect.poll(async () => (await ask<{ state: string }>(page, server, "get", `/jobs/${job}`)).state, { timeout: 30_000 }).toBe("completed");
  const { name } = await ask<{ name: string }>(page, server, "post", "/export/report", { job_id: job, format: "csv" });
  await enter("/settings?section=server");
  await expect(page.getByRole("definition").filter({ hasText: /^\d+\.\d+\.\d+$/ })).toBeVisible();
  await expect(row(page, "Partitions", "In the database")).toContainText("5,105");
  for (const title of ["API, to try", "API, to read", "Error codes"]) {
    const address = await page.getByRole("link", { name: title }).getAttribute("href");
    expect((await page.request.get(`${server.url}${address}`)).status()).toBe(200);
  }
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: `Download ${name}` }).click();
  expect((await saved).suggestedFilename()).toBe(name);
  await page.getByRole("button", { name: `Delete ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(/^None\. Reports/)).toBeVisible();
});

test.describe("Appearance", () => {
  test("theme, time zone, numbers and motion are chosen, kept, and seen in another tab", async ({ page, context, enter }) => {
    await enter("/settings");
    const other = await context.newPage();
    await enter("/settings?section=instruments&symbol=SPX", other);
    await expect(row(other, "Stored series", "csv")).toContainText("UTC");

    await page.getByText("Dark", { exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await expect(other.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.getByRole("button", { name: /^Time zone/ }).click();
    await page.keyboard.type("Tokyo");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/It is \d{4}-\d\d-\d\d \d\d:\d\d:\d\d (JST|GMT\+9)/)).toBeVisible();
    await expect(row(other, "Stored series", "csv")).toContainText(/JST|GMT\+9/);
    await page.getByLabel("Numbers").selectOption("de-DE");
    await expect(page.getByText("Gain 1.234.567,89")).toBeVisible();
    await expect(row(other, "Stored series", "csv")).toContainText("5.105");
    await page.getByText("Reduced", { exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("data-motion", "reduced");

    await page.reload();
    await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
    await expect(page.getByRole("radio", { name: "Reduced" })).toBeChecked();
    await expect(page.getByText("Gain 1.234.567,89")).toBeVisible();
    await expect(page.getByText(/JST|GMT\+9/)).toBeVisible();
    await page.getByRole("radiogroup").or(page.getByRole("group", { name: "Theme" })).first().getByText("System").click();
    await expect(other.locator("html")).not.toHaveAttribute("data-theme", /./);
  });
});

test.describe("Two tabs", () => {
  test("signing in and out with a kept key counts for both", async ({ page, context, server }) => {
    await page.goto("/settings?section=keys");
    const other = await context.newPage();
    await other.goto("/settings?section=instruments");
    await expect(other.getByRole("dialog", { name: "Sign in" })).toBeVisible();
    await signIn(page, server.key ?? "", true);
    await expect(page.getByRole("button", { name: "New key" })).toBeVisible();
    await expect(other.getByRole("dialog", { name: "Sign in" })).toBeHidden();
    await expect(other.getByRole("button", { name: "SPX" })).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(other.getByRole("dialog", { name: "Sign in" })).toBeVisible();
    await expect(other.getByRole("button", { name: "SPX" })).toHaveCount(0);
  });

  test("what is changed in one is seen in the other", async ({ page, context, enter }) => {
    await enter("/settings?section=keys");
    const other = await context.newPage();
    await enter("/settings?section=keys", other);
    await expect(row(other, "API keys", "This page")).toBeVisible();
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("seen twice");
    await page.getByRole("button", { name: "Make the key" }).click();
    await expect(page.getByRole("dialog", { name: "Token of seen twice" })).toBeVisible();
    await expect(row(other, "API keys", "seen twice")).toBeVisible();
  });
});

test.describe("A key that ends under an open page", () => {
  test("expired: the page says so", async ({ page, server }) => {
    const key = await makeKey(page, server, "ending", ["read", "write"], { expires_at: new Date(Date.now() + 6000).toISOString() });
    await page.goto("/settings?section=instruments");
    await signIn(page, key.token);
    await expect(page.getByRole("button", { name: "SPX" })).toBeVisible();
    const headers = { Authorization: `Bearer ${key.token}` };
    await expect.poll(async () => (await page.request.get(`${server.url}/api/v1/version`, { headers })).status()).toBe(401);
    await page.getByRole("link", { name: "Webhooks" }).click();
    await expect(page.getByRole("dialog", { name: "Sign in" })).toContainText("The time of this API key is over.");
  });

  test("revoked: the page asks for another, then for everything again, and is live", async ({ page, server }) => {
    const key = await makeKey(page, server, "short", ["read", "write"]);
    await page.goto("/settings?section=sources");
    await signIn(page, key.token);
    await expect(row(page, "Stored by source", "csv")).toBeVisible();
    const sockets: string[] = [];
    page.on("websocket", (socket) => socket.on("framereceived", () => sockets.push(socket.url())));
    await ask(page, server, "delete", `/admin/keys/${key.id}`);
    const headers = { Authorization: `Bearer ${key.token}` };
    await expect.poll(async () => (await page.request.get(`${server.url}/api/v1/version`, { headers })).status()).toBe(401);
    await page.getByRole("link", { name: "Webhooks" }).click();
    await expect(page.getByRole("dialog", { name: "Sign in" })).toContainText("revoked");
    await signIn(page, server.key ?? "");
    await expect(page.getByRole("button", { name: "New webhook" })).toBeVisible();
    await expect.poll(() => sockets.length).toBeGreaterThan(0);
  });

  test("under an open palette: signing in comes first", async ({ page, context, server }) => {
    const key = await makeKey(page, server, "behind", ["read"]);
    await page.goto("/settings?section=instruments");
    await signIn(page, key.token);
    await expect(page.getByRole("button", { name: "SPX" })).toBeVisible();
    const other = await context.newPage();
    await other.goto("/settings");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox")).toBeFocused();
    await ask(page, server, "delete", `/admin/keys/${key.id}`);
    const headers = { Authorization: `Bearer ${key.token}` };
    await expect.poll(async () => (await page.request.get(`${server.url}/api/v1/version`, { headers })).status()).toBe(401);
    // A change in another tab makes this one ask.
    await other.evaluate(() => new BroadcastChannel("tradeassist.changes").postMessage("changed"));
    await expect(page.getByRole("dialog", { name: "Sign in" })).toContainText("revoked");
    await signIn(page, server.key ?? "");
    await expect(page.getByRole("button", { name: "SPX" })).toBeVisible();
  });

  test("rotated in this page: it goes on with the new token", async ({ page, server }) => {
    const key = await makeKey(page, server, "own", ["admin"]);
    await page.goto("/settings?section=keys");
    await signIn(page, key.token);
    await page.getByRole("button", { name: "Rotate own" }).click();
    await page.getByLabel("The token of before still holds").selectOption("Not at all");
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await expect(page.getByRole("dialog", { name: "Token of own" })).toContainText("This page uses it already.");
    await page.getByRole("button", { name: "I have stored it" }).click();
    await page.getByRole("link", { name: "Server" }).click();
    await expect(page.getByText("Has run for")).toBeVisible();
    await expect(page.getByRole("dialog", { name: "Sign in" })).toBeHidden();
  });
});

test("the settings are reached and used without a mouse", async ({ page, enter }) => {
  await enter("/strategies");
  await expect(page.getByRole("link", { name: "Settings" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press(",");
  await expect(page.getByRole("heading", { name: "Appearance" })).toBeVisible();
  await page.keyboard.press("2");
  await expect(page).toHaveURL(/section=keys/);
  await expect(page.getByRole("button", { name: "New key" })).toBeVisible();
  await page.keyboard.press("n");
  const form = page.getByRole("dialog", { name: "New API key" });
  await expect(form.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(form).toHaveCount(0);
  await expect(page.getByRole("button", { name: "New key" })).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("settings: web");
  await expect(page.getByRole("option", { selected: true })).toContainText("Settings: Webhooks");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/section=webhooks/);
  await page.goBack();
  await expect(page).toHaveURL(/section=keys/);
});

const kSections = ["appearance", "keys", "webhooks", "sources", "instruments", "server"];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`look, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("every section is legible for all, and fits a phone", async ({ page, enter }) => {
      await enter("/settings");
      for (const section of [...kSections, "instruments&symbol=SPX"]) {
        await page.goto(`/settings?section=${section}`);
        await expect(page.getByRole("heading", { level: 3 })).toBeVisible();
        await expect(page.getByText("Loading")).toHaveCount(0);
        expect(await violations(page)).toEqual([]);
      }
      await page.goto("/settings?section=keys");
      await page.getByRole("button", { name: "New key" }).click();
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize({ width: colorScheme === "light" ? 390 : 360, height: 800 });
      for (const section of [...kSections, "instruments&symbol=SPX"]) {
        await page.goto(`/settings?section=${section}`);
        await expect(page.getByRole("heading", { level: 3 })).toBeVisible();
        await expect(page.getByText("Loading")).toHaveCount(0);
        await noSidewaysScroll(page);
      }
      expect(await violations(page)).toEqual([]);
    });
  });
}
