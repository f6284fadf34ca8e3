#!/usr/bin/env node
// How the page feels in headless Chromium: bench/page.mjs [BINARY] [RUNS]. Needs the browser tests' packages (./test
// installs them) and the built page.
//
// A server with 500,000 minutes of one instrument: how long the first view takes with an empty cache and how much script it
// needs; frames while the chart is panned through the bars and while the table is scrolled; memory over 200 navigations;
// what typing feels like while a replay publishes about 1,000 bars a second. Medians of several runs.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { chromium } = createRequire(join(root, "tests/web/package.json"))("@playwright/test");
const binary = resolve(process.argv[2] ?? join(root, "build/release/tradeassist"));
const runs = Number(process.argv[3] ?? 3);

const kBars = 500_000;
const kNavigations = 200;
const kPlaces = ["Data", "Strategies", "Optimise", "Jobs", "Monitor", "Settings"];

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function writeBars(file) {
  const lines = ["time,open,high,low,close,volume"];
  let price = 100;
  let state = 1;
  for (let i = 0; i < kBars; ++i) {
    state = (state * 48271) % 2147483647;
    price = Math.max(10, price * (1 + (state / 2147483647 - 0.5) * 0.002));
    const close = price.toFixed(2);
    lines.push(`${1_700_000_000 - (1_700_000_000 % 60) + 60 * i},${close},${(price + 1).toFixed(2)},${(price - 1).toFixed(2)},${close},100`);
  }
  writeFileSync(file, lines.join("\n") + "\n");
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

async function serve(data, environment = {}) {
  const port = await freePort();
  const server = spawn(binary, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, "--no-authentication"], {
    cwd: root,
    stdio: "ignore",
    env: { ...process.env, TRADEASSIST_RATE_LIMIT_GENERAL: "0", TRADEASSIST_RATE_LIMIT_DATA: "0", ...environment },
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 400; ++tries) {
    if (await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  const stop = async () => {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
  };
  return { url, stop };
}

/** Times between frames while `act` goes on, ms. */
async function framesDuring(page, act) {
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    const step = (now) => {
      window.frames_.push(now - last);
      last = now;
      window.frameLoop_ = requestAnimationFrame(step);
    };
    window.frameLoop_ = requestAnimationFrame(step);
  });
  await act();
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(window.frameLoop_);
    return window.frames_.slice(1);
  });
  return { count: frames.length, longest: Math.max(...frames), over50: frames.filter((each) => each > 50).length };
}

async function chartReady(page) {
  await page.waitForFunction(() => Number(document.querySelector(".chart-panel")?.getAttribute("data-bars") ?? 0) > 0, null, { timeout: 60_000 });
}

async function firstView(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/strategies?symbol=X&timeframe=1h`);
  await page.waitForFunction(() => Number(document.querySelector(".chart-panel")?.getAttribute("data-bars") ?? 0) > 0);
  const measured = await page.evaluate(() => {
    const scripts = performance.getEntriesByType("resource").filter((each) => new URL(each.name).pathname.endsWith(".js"));
    return { ms: performance.now(), script: scripts.reduce((sum, each) => sum + each.encodedBodySize, 0) };
  });
  await context.close();
  return measured;
}

async function pan(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/data?symbols=X&frequency=1m&range=preset&preset=max&run=1&view=chart`);
  await chartReady(page);
  const box = await page.locator(".chart-host").boundingBox();
  const y = box.y + box.height / 2;
  // Zoomed out, so that each drag goes through thousands of bars and the older ones have to come.
  await page.mouse.move(box.x + box.width / 2, y);
  for (let i = 0; i < 30; ++i) await page.mouse.wheel(0, 200);
  const before = Number(await page.locator(".chart-panel").getAttribute("data-bars"));
  const frames = await framesDuring(page, async () => {
    for (let drag = 0; drag < 100; ++drag) {
      await page.mouse.move(box.x + 100, y);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 200, y, { steps: 10 });
      await page.mouse.up();
    }
  });
  const first = await page.locator(".chart-panel").getAttribute("data-bars");
  await page.close();
  return { ...frames, before, after: Number(first) };
}

async function scroll(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/data?symbols=X&frequency=1m&range=last&last=50000&run=1&view=table`);
  const grid = page.getByRole("grid").first();
  await grid.waitFor();
  await grid.hover();
  const rows = Number(await grid.getAttribute("aria-rowcount"));
  const frames = await framesDuring(page, async () => {
    for (let i = 0; i < 150; ++i) await page.mouse.wheel(0, i % 10 === 0 ? 200_000 : 3_000);
  });
  await page.close();
  return { ...frames, rows };
}

async function memory(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/strategies?symbol=X&timeframe=1h`);
  await chartReady(page);
  const session = await page.context().newCDPSession(page);
  const used = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return usedSize / 2 ** 20;
  };
  const go = async (count) => {
    for (let i = 0; i < count; ++i) {
      const title = kPlaces[i % kPlaces.length];
      await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: title }).click();
      await page.waitForFunction((path) => location.pathname === path, `/${title.toLowerCase()}`);
    }
  };
  await go(kPlaces.length * 4); // every place has been loaded
  const before = await used();
  await go(kNavigations);
  const after = await used();
  await go(kNavigations);
  const twice = await used();
  await page.close();
  return { before, after, twice };
}

async function live(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/data?symbols=X&frequency=1m&range=last&last=5000&run=1&view=chart`);
  await chartReady(page);
  await page.evaluate(() => {
    window.delays_ = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "keydown") window.delays_.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16 });
  });
  const field = page.getByRole("textbox", { name: "Number of bars" });
  await field.fill("");
  await field.focus();
  const text = "1234567890".repeat(6);
  const frames = await framesDuring(page, () => field.pressSequentially(text, { delay: 80 }));
  const typed = await field.inputValue();
  const delays = await page.evaluate(() => window.delays_);
  await page.close();
  return { ...frames, typed: typed.length, wanted: text.length, slowest: Math.max(0, ...delays) };
}

const folder = mkdtempSync(join(tmpdir(), "tradeassist-page-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});
try {
  const file = join(folder, "bars.csv");
  const data = join(folder, "data");
  writeBars(file);
  execFileSync(binary, ["import", file, "--symbol", "X", "--timeframe", "1m", "--timezone", "UTC", "--data", data], { cwd: root });
  console.log(`Chromium ${browser.version()}, load ${loadavg()[0].toFixed(1)}, ${runs} runs`);
  const server = await serve(data);
  const repeat = async (measure) => {
    const all = [];
    for (let run = 0; run < runs; ++run) all.push(await measure(browser, server.url));
    return all;
  };
  const views = await repeat(firstView);
  console.log(`first view: ${median(views.map((each) => each.ms)).toFixed(0)} ms until the chart has bars, ${(views[0].script / 1000).toFixed(0)} kB of compressed script`);
  const pans = await repeat(pan);
  console.log(`chart panned: longest frame ${median(pans.map((each) => each.longest)).toFixed(0)} ms, ${median(pans.map((each) => each.over50))} of ${median(pans.map((each) => each.count))} frames over 50 ms; ${pans[0].before} bars before, ${pans[0].after} after`);
  const scrolls = await repeat(scroll);
  console.log(`table of ${scrolls[0].rows} rows scrolled: longest frame ${median(scrolls.map((each) => each.longest)).toFixed(0)} ms, ${median(scrolls.map((each) => each.over50))} of ${median(scrolls.map((each) => each.count))} frames over 50 ms`);
  const memories = await repeat(memory);
  console.log(`memory of scripts: ${median(memories.map((each) => each.before)).toFixed(1)} MiB, after ${kNavigations} navigations ${median(memories.map((each) => each.after)).toFixed(1)} MiB, after ${2 * kNavigations} ${median(memories.map((each) => each.twice)).toFixed(1)} MiB`);
  await server.stop();

  const replay = { TRADEASSIST_LIVE_SOURCE: "replay", TRADEASSIST_LIVE_SYMBOLS: "X", TRADEASSIST_LIVE_TIMEFRAME: "1m", TRADEASSIST_LIVE_REPLAY_BARS: "100000", TRADEASSIST_LIVE_REPLAY_SPEED: "60000" };
  const lives = [];
  for (let run = 0; run < runs; ++run) {
    const playing = await serve(data, replay);
    lives.push(await live(browser, playing.url));
    await playing.stop();
  }
  console.log(`1,000 live bars a second: ${lives.map((each) => `${each.typed} of ${each.wanted}`).join(", ")} letters arrived, the slowest shown after ${median(lives.map((each) => each.slowest)).toFixed(0)} ms, longest frame ${median(lives.map((each) => each.longest)).toFixed(0)} ms`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
