import { useQueryClient } from "@tanstack/react-query";
import { useChannel } from "../../live/link";
import { progressOf } from "./describe";
import { refreshJobs, showProgress } from "./jobsApi";

/** Hears what happens to a job, and shows it wherever the job is shown. Draws nothing. */
export function JobChannel({ id }: { id: string }) {
  const queries = useQueryClient();
  useChannel(
    `jobs:${id}`,
    (messages) => {
      const last = messages.at(-1);
      if (last === undefined) return;
      const news = last.messageType === "job_progress" ? progressOf(last.data) : null;
      if (news === null) refreshJobs(queries);
      else showProgress(queries, id, news);
    },
    () => refreshJobs(queries),
  );
  return null;
}
