import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { MonitorBadge } from "../monitor/MonitorBadge";
import { toggleTheme } from "../state/theme";
import { Icon } from "../ui/Icon";
import { useToasts } from "../ui/toast";
import { type Command, useCommands } from "./commands";
import { Header } from "./Header";
import { kPlaces } from "./places";
import { SignIn } from "./SignIn";
import { useShortcuts } from "./useShortcuts";
import "./shell.css";

// Neither is needed for the first view.
const Toasts = lazy(() => import("../ui/Toasts").then((module) => ({ default: module.Toasts })));
const CommandPalette = lazy(() => import("./CommandPalette").then((module) => ({ default: module.CommandPalette })));

/** What stays while places come and go: navigation, header, palette, notices. */
export function Shell() {
  const [palette, setPalette] = useState(false);
  const [paletteUsed, setPaletteUsed] = useState(false);
  const toasted = useToasts().length > 0;
  useShortcuts();
  useGeneralCommands();

  const openPalette = () => {
    setPaletteUsed(true);
    setPalette(true);
  };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      openPalette();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  });

  return (
    <div className="shell">
      <a className="skip-link" href="#place">
        Skip to the content
      </a>
      <SignIn />
      <Header onPalette={openPalette} />
      <PlaceNavigation />
      <div className="place" id="place" tabIndex={-1}>
        <Outlet />
      </div>
      {paletteUsed && (
        <Suspense>
          <CommandPalette open={palette} onOpenChange={setPalette} />
        </Suspense>
      )}
      {toasted && (
        <Suspense>
          <Toasts />
        </Suspense>
      )}
    </div>
  );
}

/** The links; each leads to what its place showed last. */
function PlaceNavigation() {
  const { pathname: path, search } = useRouterState({ select: (state) => state.location });
  const last = useRef(new Map<string, Record<string, string>>());
  useEffect(() => {
    last.current.set(path, search);
  }, [path, search]);
  return (
    <nav className="places" aria-label="Places">
      {kPlaces.map((place) => (
        <Link
          key={place.path}
          to={place.path}
          search={() => last.current.get(place.path) ?? {}}
          className="places-link"
          aria-current={path === place.path || path.startsWith(`${place.path}/`) ? "page" : undefined}
          title={`${place.title}: ${place.about} (${place.keys.toUpperCase()})`}
          data-shortcut={place.keys}
        >
          <Icon name={place.icon} size={18} />
          <span>{place.title}</span>
          {place.path === "/monitor" && <MonitorBadge />}
        </Link>
      ))}
    </nav>
  );
}

function useGeneralCommands() {
  const commands = useMemo(
    (): Command[] => [
      ...kPlaces.map((place) => ({
        id: `go ${place.path}`,
        title: `Go to ${place.title}`,
        group: "Places",
        keys: place.keys.toUpperCase(),
        words: place.about,
        run: () => document.querySelector<HTMLElement>(`[data-shortcut="${place.keys}"]`)?.click(),
      })),
      { id: "theme", title: "Light or dark", group: "Page", keys: "D", words: "theme appearance colours", run: toggleTheme },
      {
        id: "help",
        title: "Help and keyboard shortcuts",
        group: "Page",
        keys: "?",
        run: () => document.querySelector<HTMLElement>('[data-shortcut="?"]')?.click(),
      },
    ],
    [],
  );
  useCommands(commands);
}
