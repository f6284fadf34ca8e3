import cronstrue from "cronstrue";

/** What five fields of cron mean in plain words, or null where they mean nothing. The server has the last word. */
export function explainCron(cron: string): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) return null;
  let text: string;
  try {
    text = cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: false });
  } catch {
    return null;
  }
  // The library writes "and on", which reads as if both had to fit; of the two kinds of day one is enough.
  const either = fields[2] !== "*" && fields[4] !== "*";
  return either ? `${text}: one of the two kinds of day is enough` : text;
}
