/** The bytes of an answer as they come; `all` is null where the server does not say how many there are. */
export async function receive(response: Response, onBytes: (done: number, all: number | null) => void): Promise<Blob> {
  // A compressed answer's length is not that of what comes out of it.
  const length = response.headers.has("Content-Encoding") ? null : response.headers.get("Content-Length");
  const all = length === null ? null : Number(length);
  const reader = response.body?.getReader();
  const type = response.headers.get("Content-Type") ?? "";
  if (reader === undefined) return response.blob();
  const parts: BlobPart[] = [];
  let done = 0;
  for (;;) {
    const { value, done: ended } = await reader.read();
    if (ended) return new Blob(parts, { type });
    parts.push(value as BlobPart);
    done += value.byteLength;
    onBytes(done, all);
  }
}

/** Fetched, not followed: a link cannot bring an API key. */
export function saveAs(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
