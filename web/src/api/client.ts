import { Problem } from "./problem";
import type { ProblemBody } from "./types";

const kBase = "/api/v1";

/** GET of a JSON resource. Throws Problem; an aborted request throws the signal's reason. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, signal === undefined ? {} : { signal });
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return send<T>(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function send<T>(path: string, options: RequestInit): Promise<T> {
  const headers = new Headers(options.headers);
  headers.set("Accept", "application/json");
  let response: Response;
  try {
    response = await fetch(kBase + path, { ...options, headers });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new Problem(0, { detail: `The server at ${location.host} cannot be reached. Is it running?` });
  }
  if (response.ok) return (await response.json()) as T;
  throw new Problem(response.status, await problemBody(response));
}

async function problemBody(response: Response): Promise<ProblemBody> {
  try {
    return (await response.json()) as ProblemBody;
  } catch {
    // A proxy's HTML page, or nothing at all: the status is what there is to say.
    return { detail: `The server answered ${response.status} ${response.statusText}`.trim() + "." };
  }
}
