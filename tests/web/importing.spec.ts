import { expect, noSidewaysScroll, test as base, violations } from "./fixtures.ts";
import { type Server, startServer } from "./server.ts";

// A server of its own: what is imported here would be there for other tests.
const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

const kBars = ["Date;Open;High;Low;Close;Volume", ...Array.from({ length: 40 }, (_, day) => {
  const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
  return `${date};${10 + day},5;${12 + day},5;${9 + day},5;${11 + day},5;${1000 + day}`;
})].join("\n");

function file(name: string, text: string) {
  return { name, mimeType: "text/csv", buffer: Buffer.from(text) };
}

test("a file is understood before anything of it is stored, and its bars can be looked at", async ({ page }) => {
  await page.goto("/data?tab=import");
  await page.getByLabel("File with bars or trades").setInputFiles(file("wheat_daily.csv", kBars));
  await expect(page.getByRole("textbox", { name: "Symbol" })).toHaveValue("WHEAT");
  const understood = page.getByRole("region", { name: "What was understood" });
  await expect(understood).toContainText("WHEAT is new");
  await expect(understood.getByRole("row").nth(1)).toContainText("2024-01-01");
  await expect(understood.getByRole("row").nth(1)).toContainText("10.5");
  await expect(understood).toContainText("20 rows more");
  expect((await page.request.get("/api/v1/instruments")).ok()).toBe(true);
  expect(await (await page.request.get("/api/v1/instruments")).text()).not.toContain("WHEAT");

  await page.getByRole("button", { name: "Import 40 rows" }).click();
  await expect(understood).toContainText("WHEAT: 40 new bars stored");
  await page.getByRole("button", { name: "Look at the bars" }).click();
  await expect(page.getByRole("region", { name: "WHEAT" }).or(page.locator(".chart-panel[data-bars='40']")).first()).toBeVisible();
});

test("what is wrong with a file is said with its line, and options are tried at once", async ({ page }) => {
  await page.goto("/data?tab=import");
  const bad = kBars.replace("12,5;9,5", "9,5;12,5");
  await page.getByLabel("File with bars or trades").setInputFiles(file("oats.csv", bad));
  const understood = page.getByRole("region", { name: "What was understood" });
  await expect(understood.getByText("line 2", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Import 39 rows" })).toBeEnabled();

  await page.getByRole("textbox", { name: "Time zone" }).fill("Mars/Olympus");
  await expect(understood.getByRole("alert")).toContainText("Mars/Olympus");
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
  await page.getByRole("textbox", { name: "Time zone" }).fill("");
  await page.getByText("How the file is written").click();
  await page.getByLabel("Refuse the whole file for a single bad row").check();
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
});

test("a file that is there already changes nothing", async ({ page }) => {
  for (const stored of ["RYE: 40 new bars stored", "All of it was there already"]) {
    await page.goto("/data?tab=import");
    await page.getByLabel("File with bars or trades").setInputFiles(file("rye.csv", kBars));
    await page.getByRole("button", { name: "Import 40 rows" }).click();
    await expect(page.getByText(stored)).toBeVisible();
  }
});

test("a file is dropped onto the page", async ({ page }) => {
  await page.goto("/data?tab=import");
  const drop = page.locator(".importing-drop");
  await expect(drop).toBeVisible();
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "barley.csv", { type: "text/csv" }));
    return data;
  }, kBars);
  await drop.dispatchEvent("drop", { dataTransfer: transfer });
  await expect(page.getByRole("button", { name: "Import 40 rows" })).toBeEnabled();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`an import can be read by everybody, in ${colorScheme} colours and on a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/data?tab=import");
    await expect(page.getByText("Drop a file")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("File with bars or trades").setInputFiles(file("corn.csv", kBars));
    await expect(page.getByRole("button", { name: "Import 40 rows" })).toBeEnabled();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `../../build/logs/import-${colorScheme}.png` });
    await page.setViewportSize({ width: 390, height: 844 });
    await noSidewaysScroll(page);
  });
}
