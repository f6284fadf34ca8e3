import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { type Server, startServer } from "./server.ts";

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const kStrategy = "MovingAverageCrossover";
export const kBars = 5105;

/** A page with a result: the strategy with its defaults on the whole history. */
export const kRun = `/?symbol=SPX&timeframe=1d&strategy=${kStrategy}&run=1`;

export const test = base.extend<{ problems: string[] }, { server: Server }>({
  server: [
    // Playwright's fixtures are told their needs by destructuring; this one has none.
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  // Nothing may be thrown, and nothing blocked by the content security policy, in any test.
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(`thrown: ${error.message}`));
      page.on("console", (message) => {
        if (/content security policy/i.test(message.text())) problems.push(message.text());
      });
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export function chart(page: Page): Locator {
  return page.locator(".chart-panel");
}

export async function openRun(page: Page, more = ""): Promise<void> {
  await page.goto(kRun + more);
  await expect(page.getByRole("tab", { name: /Trades \d/ })).toBeVisible();
}

/** How many pixels of the chart have the colour of a custom property, about. */
export async function pixelsOf(page: Page, variable: string): Promise<number> {
  return page.evaluate((name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const wanted = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
    probe.remove();
    let count = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(".chart-host canvas")) {
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      for (let at = 0; at < data.length; at += 4) {
        const near = wanted.every((part, index) => Math.abs((data[at + index] ?? 0) - part) < 6);
        if (near && data[at + 3] === 255) ++count;
      }
    }
    return count;
  }, variable);
}

interface AxeResult {
  violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[];
}

/** What WCAG 2.2 A and AA finds wrong, with the places. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(kAxe);
  const result = await page.evaluate(() => {
    const axe = (globalThis as unknown as { axe: { run: (where: Document, how: object) => Promise<AxeResult> } }).axe;
    return axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
  });
  return result.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target.join(" ")}: ${node.failureSummary}`));
}

export async function noSidewaysScroll(page: Page): Promise<void> {
  const extra = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(extra).toBeLessThanOrEqual(0);
}
