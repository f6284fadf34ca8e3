import { useRef } from "react";
import { signOut, useApiKey } from "../api/key";
import { JobList } from "../jobs/JobList";
import { isActive, useJobs } from "../jobs/useJobs";
import { LinkBadge } from "../live/LinkBadge";
import { toggleTheme, useTheme } from "../state/theme";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Help } from "./Help";
import { kPlaceHeaderId } from "./PlaceHeader";

/** The mark, what the place puts in, and what is at hand everywhere. */
export function Header({ onPalette }: { onPalette: () => void }) {
  const theme = useTheme();
  const help = useRef<HTMLDialogElement>(null);
  const signedIn = useApiKey() !== null;
  return (
    <header className="header">
      <h1 className="brand">
        <svg width="20" height="20" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" className="brand-tile" />
          <path d="M10 7v4m0 9v5M22 6v5m0 8v6" className="brand-line" />
          <rect x="7" y="11" width="6" height="9" rx="1.5" className="brand-body" />
          <rect x="19" y="11" width="6" height="8" rx="1.5" className="brand-line" />
        </svg>
        <span>TradeAssist</span>
      </h1>
      <div className="header-place" id={kPlaceHeaderId} />
      <LinkBadge />
      <JobsButton />
      <button type="button" className="button quiet icon" aria-label="Commands" title="Commands (Ctrl K)" onClick={onPalette}>
        <Icon name="command" />
      </button>
      <button
        type="button"
        className="button quiet icon"
        aria-label={theme === "dark" ? "Light theme" : "Dark theme"}
        title={`${theme === "dark" ? "Light" : "Dark"} theme (D)`}
        data-shortcut="d"
        onClick={toggleTheme}
      >
        <Icon name={theme === "dark" ? "sun" : "moon"} />
      </button>
      <button
        type="button"
        className="button quiet icon"
        aria-label="Help and keyboard shortcuts"
        title="Help and keyboard shortcuts (?)"
        data-shortcut="?"
        onClick={() => help.current?.showModal()}
      >
        <Icon name="help" />
      </button>
      {signedIn && (
        <button
          type="button"
          className="button quiet icon"
          aria-label="Sign out"
          title="Sign out: forget the API key"
          onClick={() => {
            signOut();
            location.reload();
          }}
        >
          <Icon name="exit" />
        </button>
      )}
      <Dialog dialog={help} title="Keyboard and help">
        <Help />
      </Dialog>
    </header>
  );
}

/** Searches wherever one is; says how many run. */
function JobsButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const jobs = useJobs();
  const active = jobs.data?.filter(isActive).length ?? 0;
  return (
    <>
      <button
        type="button"
        className="button quiet"
        title="Searches (J)"
        data-shortcut="j"
        onClick={() => {
          void jobs.refetch();
          dialog.current?.showModal();
        }}
      >
        <Icon name="list" />
        <span className="header-wide">Searches</span>
        {active > 0 && <span className="badge job-state" data-active>{active} running</span>}
      </button>
      <Dialog dialog={dialog} title="Searches">
        <div className="dialog-content">
          <JobList onChosen={() => dialog.current?.close()} />
        </div>
      </Dialog>
    </>
  );
}
