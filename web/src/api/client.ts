import { apiKey, askForKey, keyWanted } from "./key";
import { Problem } from "./problem";
import type { ProblemBody } from "./types";

const kBase = "/api/v1";

/** GET of a JSON resource. Throws Problem; an aborted request throws the signal's reason. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, signal === undefined ? {} : { signal });
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return sendBody<T>("POST", path, body, signal);
}

export function put<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return sendBody<T>("PUT", path, body, signal);
}

export function patch<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return sendBody<T>("PATCH", path, body, signal);
}

export function remove<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, { method: "DELETE", ...(signal === undefined ? {} : { signal }) });
}

/** PUT, PATCH or DELETE. A merge patch leaves what it does not name. */
export function change<T>(method: "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T> {
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  return send<T>(path, body === undefined ? { method } : { method, headers: { "Content-Type": type }, body: JSON.stringify(body) });
}

/** GET of bytes as they come, for files that are large. Throws Problem. */
export function open(path: string, signal: AbortSignal): Promise<Response> {
  return answer(kBase + path, { signal });
}

/** A file's bytes; `url` is absolute on this server. Throws Problem. */
export async function download(url: string): Promise<Blob> {
  return (await answer(url, {})).blob();
}

/** Whether the server takes the key: null, or why not. */
export async function refusalOf(key: string): Promise<string | null> {
  try {
    await answer(`${kBase}/version`, { headers: { Authorization: `Bearer ${key}` } }, false);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sendBody<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return send<T>(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function send<T>(path: string, options: RequestInit): Promise<T> {
  const headers = new Headers(options.headers);
  headers.set("Accept", "application/json");
  return (await (await answer(kBase + path, { ...options, headers })).json()) as T;
}

/** `asks`: a server that wants another key makes the page ask for it. */
async function answer(url: string, options: RequestInit, asks = true): Promise<Response> {
  const headers = new Headers(options.headers);
  const key = apiKey();
  // Nothing is asked with a key that was turned away.
  const refusal = keyWanted();
  if (asks && refusal !== null) throw new Problem(401, { detail: refusal });
  if (key !== null && !headers.has("Authorization")) headers.set("Authorization", `Bearer ${key}`);
  let response: Response;
  try {
    response = await fetch(url, { ...options, headers });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new Problem(0, { detail: `The server at ${location.host} cannot be reached. Is it running?` });
  }
  if (response.ok) return response;
  const problem = new Problem(response.status, await problemBody(response));
  // A late answer to a key of before says nothing about the present one.
  if (asks && problem.status === 401 && apiKey() === key) askForKey(problem.message);
  throw problem;
}

async function problemBody(response: Response): Promise<ProblemBody> {
  try {
    return (await response.json()) as ProblemBody;
  } catch {
    // A proxy's HTML page, or nothing at all: the status is what there is to say.
    return { detail: `The server answered ${response.status} ${response.statusText}`.trim() + "." };
  }
}
