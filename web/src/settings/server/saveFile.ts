import { download } from "../../api/client";

/** Fetched, not followed: a link cannot bring an API key. */
export async function saveFile(url: string, name: string): Promise<void> {
  const file = URL.createObjectURL(await download(url));
  const link = document.createElement("a");
  link.href = file;
  link.download = name;
  link.click();
  URL.revokeObjectURL(file);
}
