export const kSections = ["appearance", "keys", "webhooks", "sources", "instruments", "server"] as const;
export type Section = (typeof kSections)[number];

/** What the settings show. */
export interface SettingsState {
  readonly section: Section;
  /** Keys that have ended are listed, too. */
  readonly ended: boolean;
  readonly webhook: string | null;
  /** Of the webhook: only deliveries in this state. */
  readonly state: string | null;
  readonly delivery: string | null;
  readonly symbol: string | null;
}

export function parseSettings(search: string): SettingsState {
  const query = new URLSearchParams(search);
  return {
    section: kSections.find((each) => each === query.get("section")) ?? "appearance",
    ended: query.get("ended") === "1",
    webhook: query.get("webhook"),
    state: query.get("state"),
    delivery: query.get("delivery"),
    symbol: query.get("symbol"),
  };
}

/** Only what belongs to the section. */
export function formatSettings({ section, ended, webhook, state, delivery, symbol }: SettingsState): string {
  const query = new URLSearchParams({ section });
  if (section === "keys" && ended) query.set("ended", "1");
  if (section === "webhooks" && webhook !== null) {
    query.set("webhook", webhook);
    if (state !== null) query.set("state", state);
    if (delivery !== null) query.set("delivery", delivery);
  }
  if (section === "instruments" && symbol !== null) query.set("symbol", symbol);
  return query.toString();
}

/** Whether Back should return from this change. */
export function isStep(before: SettingsState, after: SettingsState): boolean {
  return (["section", "webhook", "delivery", "symbol"] as const).some((name) => before[name] !== after[name]);
}
