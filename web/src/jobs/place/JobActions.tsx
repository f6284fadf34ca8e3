import { AlertDialog } from "radix-ui";
import { useState } from "react";
import type { Job } from "../../api/schema";
import { Icon, type IconName } from "../../ui/Icon";
import { formatPercent } from "../../ui/format";
import { accountOf, actionsOf, type JobAction, kindTitle } from "./describe";
import { useJobAction } from "./jobsApi";

const kLabels: Record<JobAction, readonly [label: string, icon: IconName]> = {
  cancel: ["Cancel", "close"],
  pause: ["Pause", "pause"],
  resume: ["Resume", "play"],
  retry: ["Retry", "refresh"],
};

interface JobActionsProps {
  job: Job;
  /** Icons alone, for a row of a table. */
  compact?: boolean;
}

/** What may be asked of a job. A cancellation of work that was begun cannot be taken back, so it is asked for. */
export function JobActions({ job, compact = false }: JobActionsProps) {
  const ask = useJobAction();
  const [asking, setAsking] = useState(false);
  const run = (action: JobAction) => ask.mutate({ job, action });
  const label = (action: JobAction) => `${kLabels[action][0]} ${kindTitle(job.kind).toLowerCase()} ${job.job_id.slice(0, 8)}`;
  return (
    <div className="jobs-actions">
      {actionsOf(job).map((action) => (
        <button
          key={action}
          type="button"
          className={compact ? "button quiet icon small" : "button small"}
          aria-label={compact ? label(action) : undefined}
          title={compact ? kLabels[action][0] : undefined}
          disabled={ask.isPending}
          onClick={() => {
            if (action === "cancel" && job.started_at !== null) setAsking(true);
            else run(action);
          }}
        >
          <Icon name={kLabels[action][1]} size={14} />
          {!compact && kLabels[action][0]}
        </button>
      ))}
      <AlertDialog.Root open={asking} onOpenChange={setAsking}>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className="jobs-overlay" />
          <AlertDialog.Content className="jobs-ask">
            <AlertDialog.Title>Cancel this {kindTitle(job.kind).toLowerCase()}?</AlertDialog.Title>
            <AlertDialog.Description>
              It is {formatPercent(Math.floor(job.progress * 100), 0)} done{accountOf(job) === "" ? "" : ` (${accountOf(job)})`}. It
              cannot be gone on with afterwards, only be started anew from the beginning; a pause keeps what was done.
            </AlertDialog.Description>
            <div className="jobs-ask-actions">
              <AlertDialog.Cancel className="button">Keep it</AlertDialog.Cancel>
              <AlertDialog.Action className="button primary" onClick={() => run("cancel")}>
                Cancel the job
              </AlertDialog.Action>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </div>
  );
}
