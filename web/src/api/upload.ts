import { apiKey } from "./key";
import { Problem } from "./problem";
import type { ProblemBody } from "./types";

/** Sends a file as the body of a POST; `onSent` hears how much of it has gone, 0 to 1 (`fetch` cannot tell). Throws Problem. */
export function upload<T>(path: string, file: Blob, onSent: (share: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("POST", `/api/v1${path}`);
    request.responseType = "text";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    const key = apiKey();
    if (key !== null) request.setRequestHeader("Authorization", `Bearer ${key}`);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable && event.total > 0) onSent(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as T);
      else reject(new Problem(request.status, problemOf(request)));
    });
    request.addEventListener("error", () => {
      reject(new Problem(0, { detail: `The server at ${location.host} cannot be reached, or it ended the upload.` }));
    });
    request.addEventListener("abort", () => reject(signal.reason instanceof Error ? signal.reason : new DOMException("aborted", "AbortError")));
    signal.addEventListener("abort", abort, { once: true });
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    request.send(file);
  });
}

function problemOf(request: XMLHttpRequest): ProblemBody {
  try {
    return JSON.parse(request.responseText) as ProblemBody;
  } catch {
    return { detail: `The server answered ${String(request.status)} ${request.statusText}`.trim() + "." };
  }
}
