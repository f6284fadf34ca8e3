// Starts the real server for the tests: an empty data directory, real bars imported with the command line, a free
// port. TRADEASSIST_BINARY names the binary; TRADEASSIST_URL uses a server that already runs instead.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const kRoot = resolve(import.meta.dirname, "../..");
const kBars = join(kRoot, "web/node_modules/vega-datasets/data/sp500-2000.csv");
const kStartSeconds = 20;

export interface Server {
  readonly url: string;
  /** The API key that its first start made; none where it wants none. */
  readonly key: string | null;
  /** Ends the process; the page must cope with it. */
  stop: () => Promise<void>;
  /** Starts it again on the same port and the same data. */
  start: () => Promise<void>;
  /** Ends the process at once, as a power cut would. */
  kill: () => Promise<void>;
}

/** Bars of another instrument: a file that the command line imports, with what it cannot know. */
export interface ExtraBars {
  readonly symbol: string;
  readonly timeframe: string;
  readonly csv: string;
  readonly more?: readonly string[];
}

export interface ServerOptions {
  readonly keys?: boolean;
  readonly extra?: readonly ExtraBars[];
  /** Settings as environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startServer({ keys = false, extra = [], settings = {} }: ServerOptions = {}): Promise<Server & { remove: () => Promise<void> }> {
  const running = process.env.TRADEASSIST_URL;
  if (running !== undefined) {
    const nothing = async () => {};
    return { url: running, key: null, stop: nothing, start: nothing, kill: nothing, remove: nothing };
  }
  const binary = resolve(kRoot, process.env.TRADEASSIST_BINARY ?? "build/release/tradeassist");
  const data = await mkdtemp(join(tmpdir(), "tradeassist-web-"));
  const run = promisify(execFile);
  await run(binary, ["import", kBars, "--symbol", "SPX", "--timeframe", "1d", "--timezone", "UTC", "--data", data]);
  for (const { symbol, timeframe, csv, more = [] } of extra) {
    const file = join(data, `${symbol}.csv`);
    await writeFile(file, csv);
    await run(binary, ["import", file, "--symbol", symbol, "--timeframe", timeframe, "--timezone", "UTC", "--data", data, ...more]);
    await rm(file);
  }

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let server: ChildProcess | null = null;
  let key: string | null = null;
  const start = async () => {
    server = spawn(binary, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, ...(keys ? [] : ["--no-authentication"])], {
      cwd: kRoot,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...settings },
    });
    let log = "";
    server.stdout?.on("data", (text: Buffer) => (key ??= /^ta_\w+$/m.exec(text.toString())?.[0] ?? null));
    server.stderr?.on("data", (text: Buffer) => (log = (log + text.toString()).slice(-4000)));
    for (let tries = 0; tries < kStartSeconds * 20; ++tries) {
      if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}:\n${log}`);
      const ready = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
      if (ready && (!keys || key !== null)) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`the server was not ready within ${kStartSeconds} s:\n${log}`);
  };
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    const ending = server;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise((done) => ending.once("exit", done));
    ending.kill(signal);
    await ended;
  };
  const stop = () => end("SIGTERM");
  await start();
  return {
    url,
    key,
    start,
    stop,
    kill: () => end("SIGKILL"),
    remove: async () => {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
