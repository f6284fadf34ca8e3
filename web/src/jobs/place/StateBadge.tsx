import type { Job } from "../../api/schema";
import { hasEnded, isActive, stateText } from "./describe";

export function StateBadge({ job }: { job: Job }) {
  return (
    <span className="badge job-state" data-state={job.state} data-active={isActive(job) || undefined} data-done={hasEnded(job) || undefined}>
      {stateText(job)}
    </span>
  );
}
