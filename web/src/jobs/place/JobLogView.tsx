import { useEffect, useRef } from "react";
import { Failure } from "../../ui/Failure";
import { Skeleton } from "../../ui/Skeleton";
import { useJobLog } from "./jobsApi";

/** What happened to a job, oldest first; the end stays in sight while lines come. */
export function JobLogView({ id, ended }: { id: string; ended: boolean }) {
  const log = useJobLog(id, ended);
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const count = log.data?.lines.length ?? 0;
  useEffect(() => {
    if (list.current !== null && atEnd.current) list.current.scrollTop = list.current.scrollHeight;
  }, [count]);
  return (
    <section className="jobs-part" aria-label="Log">
      <div className="jobs-part-head">
        <h4>Log</h4>
        <span className="muted">Times are UTC</span>
      </div>
      {log.isPending && <Skeleton lines={4} />}
      {log.error !== null && log.data === undefined && (
        <Failure error={log.error} what="The log could not be loaded" onRetry={() => void log.refetch()} />
      )}
      {log.data !== undefined && (
        <ol
          ref={list}
          className="jobs-log numbers"
          tabIndex={0}
          aria-label="Lines of the log"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
          }}
        >
          {log.data.lines.map((line) => (
            <li key={line.number} data-level={line.level}>
              <time dateTime={line.at} title={line.at}>
                {line.at.slice(11, 19)}
              </time>
              <span>{line.text}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
