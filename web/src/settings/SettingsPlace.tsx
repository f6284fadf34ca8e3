import { Link } from "@tanstack/react-router";
import { type ComponentType, useEffect, useMemo, useRef } from "react";
import { type Command, useCommands } from "../app/commands";
import { PlaceHeader } from "../app/PlaceHeader";
import { useNumberLocale } from "../state/numberLocale";
import type { Section } from "./address";
import { updateSettings, useSettings } from "./useSettings";
import { AppearanceSection } from "./appearance/AppearanceSection";
import { InstrumentsSection } from "./instruments/InstrumentsSection";
import { KeysSection } from "./keys/KeysSection";
import { ServerSection } from "./server/ServerSection";
import { SourcesSection } from "./sources/SourcesSection";
import { WebhooksSection } from "./webhooks/WebhooksSection";
import "../ui/place.css";
import "./settings.css";

interface SectionItem {
  id: Section;
  title: string;
  words: string;
  Part: ComponentType;
}

const kItems: readonly SectionItem[] = [
  { id: "appearance", title: "Appearance", words: "theme dark light time zone numbers locale motion", Part: AppearanceSection },
  { id: "keys", title: "API keys", words: "token scopes access rotate revoke", Part: KeysSection },
  { id: "webhooks", title: "Webhooks", words: "events deliveries notifications secret", Part: WebhooksSection },
  { id: "sources", title: "Data sources", words: "provider schwab login live feed", Part: SourcesSection },
  { id: "instruments", title: "Instruments", words: "symbols splits dividends corporate actions", Part: InstrumentsSection },
  { id: "server", title: "Server", words: "version configuration api documentation retention exported files", Part: ServerSection },
];

/** Everything that is set once and then holds. */
export function SettingsPlace() {
  const { section } = useSettings();
  const list = useRef<HTMLElement>(null);
  // Another way of writing numbers is seen at once.
  useNumberLocale();
  const commands = useMemo(
    (): Command[] =>
      kItems.map(({ id, title, words }, index) => ({
        id: `settings ${id}`,
        title: `Settings: ${title}`,
        group: "Settings",
        keys: String(index + 1),
        words,
        run: () => updateSettings({ section: id, webhook: null, delivery: null, symbol: null }),
      })),
    [],
  );
  useCommands(commands);

  // Where the sections do not all fit beside each other, the chosen one is in sight.
  useEffect(() => {
    const row = list.current;
    const link = row?.querySelector<HTMLElement>('[aria-current="page"]');
    if (row !== null && link !== undefined && link !== null) row.scrollLeft = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
  }, [section]);

  const { Part } = kItems.find(({ id }) => id === section) ?? kItems[0] ?? { Part: AppearanceSection };
  return (
    <main className="settings">
      <PlaceHeader>
        <h2>Settings</h2>
      </PlaceHeader>
      <nav className="settings-nav" aria-label="Settings" ref={list}>
        {kItems.map(({ id, title }, index) => (
          <Link
            key={id}
            to="/settings"
            search={{ section: id }}
            className="settings-nav-link"
            aria-current={id === section ? "page" : undefined}
            data-shortcut={String(index + 1)}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {title}
          </Link>
        ))}
      </nav>
      <div className="sections settings-sections">
        <Part />
      </div>
    </main>
  );
}
