import { AlertDialog } from "radix-ui";
import type { Job } from "../api/types";
import { plural } from "../ui/format";
import { isTournament } from "./useJobs";
import "../ui/dialog.css";

interface CancelJobProps {
  job: Job;
  busy: boolean;
  onCancel: () => void;
  /** Pausing keeps what was done; null: it is paused already. */
  onPause: (() => void) | null;
}

/** Cancelling cannot be taken back: what is lost is said before, and what keeps it. */
export function CancelJob({ job, busy, onCancel, onPause }: CancelJobProps) {
  const what = isTournament(job) ? "tournament" : "search";
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger className="button" disabled={busy}>
        {busy ? "Cancelling…" : "Cancel"}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="cancel-backdrop" />
        <AlertDialog.Content className="cancel-dialog">
          <AlertDialog.Title asChild>
            <h2>Cancel the {what}?</h2>
          </AlertDialog.Title>
          <AlertDialog.Description>
            {job.trials_done > 0 ? `Its ${plural(job.trials_done, "trial")} are lost; only the best is remembered.` : "It has not tried anything yet."}
            {onPause !== null && " A paused one keeps them and goes on later."}
          </AlertDialog.Description>
          <div className="cancel-actions">
            <AlertDialog.Cancel className="button">Keep it</AlertDialog.Cancel>
            {onPause !== null && (
              <AlertDialog.Cancel className="button" onClick={onPause}>
                Pause instead
              </AlertDialog.Cancel>
            )}
            <AlertDialog.Action className="button primary" onClick={onCancel}>
              Cancel the {what}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
