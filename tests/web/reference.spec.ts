import { expect, test } from "./fixtures.ts";

/** The pages of the API reference load nothing from elsewhere; that nothing is blocked, the fixture checks. */
function foreignRequests(page: import("@playwright/test").Page, url: string): string[] {
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) foreign.push(request.url());
  });
  return foreign;
}

test("Swagger UI lists the operations and shows one with its parameters", async ({ page, server }) => {
  const foreign = foreignRequests(page, server.url);
  await page.goto("/api/docs");
  // Of so many operations those out of sight are not drawn.
  await page.getByPlaceholder("Filter by tag").fill("/api/v1/bars");
  const bars = page.locator(".opblock", { has: page.locator('[data-path="/api/v1/bars"]') });
  await bars.getByRole("button").first().click();
  await expect(bars.locator('[data-param-name="price_adjustment"]')).toBeVisible();
  await expect(page.locator(".errors-wrapper")).toHaveCount(0);
  await page.screenshot({ path: "../../build/logs/swagger.png" });
  expect(foreign).toEqual([]);
});

test("Redoc shows the operations, their answers and their errors", async ({ page, server }) => {
  const foreign = foreignRequests(page, server.url);
  await page.goto("/api/redoc#operation/get_bars");
  await expect(page.getByRole("heading", { name: "Bars of one instrument in any timeframe" })).toBeVisible();
  await expect(page.locator('[id="operation/get_bars"]').getByText("INSTRUMENT_NOT_FOUND")).toBeAttached();
  await page.screenshot({ path: "../../build/logs/redoc.png" });
  expect(foreign).toEqual([]);
});

test("a problem's type leads to its line of the error codes", async ({ page, request }) => {
  const problem = (await (await request.get("/api/v1/jobs/none")).json()) as { type: string };
  await page.goto(problem.type);
  await expect(page.locator("tr:target")).toContainText("There is no job with this id");
});
