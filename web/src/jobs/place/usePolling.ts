import { useEffect } from "react";

/**
 * Asks again and again, while the page is looked at. The query's own interval would start anew with each message of
 * the channel that is put into its answer, and so never end while a job runs.
 */
export function usePolling(ask: () => unknown, milliseconds: number | false): void {
  useEffect(() => {
    if (milliseconds === false) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) void ask();
    }, milliseconds);
    return () => clearInterval(timer);
  }, [ask, milliseconds]);
}
