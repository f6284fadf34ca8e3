import type { ProblemBody, ProblemError } from "./types";

/** What the server refused and why (RFC 9457), or that it could not be reached (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly ProblemError[];

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `The server answered with status ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? "";
    this.errors = body.errors ?? [];
  }

  get unreachable(): boolean {
    return this.status === 0;
  }

  /** Temporary by nature: asking again can help. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

/** The messages that belong to one field, by its JSON pointer (`/inputs/fast_length`). */
export function fieldErrors(error: unknown): ReadonlyMap<string, string> {
  const messages = new Map<string, string>();
  if (!(error instanceof Problem)) return messages;
  for (const { pointer, message } of error.errors) {
    if (pointer !== undefined && !messages.has(pointer)) messages.set(pointer, message);
  }
  return messages;
}
