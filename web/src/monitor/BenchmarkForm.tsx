import { type FormEvent, useId, useState } from "react";
import type { BenchmarkStatus } from "../api/schema";
import { Failure } from "../ui/Failure";
import { formatPercent, sentenceName } from "../ui/format";
import { monitorState } from "./address";
import { isWorking, useStartBenchmark } from "./monitorApi";

interface BenchmarkFormProps {
  status: { data: BenchmarkStatus | undefined; error: Error | null; isLoading: boolean };
}

/** Starts a benchmark and shows how far it is. */
export function BenchmarkForm({ status }: BenchmarkFormProps) {
  const id = useId();
  const [rows, setRows] = useState("500000");
  const [seconds, setSeconds] = useState("10");
  const [baseline, setBaseline] = useState(false);
  const start = useStartBenchmark((benchmark) => monitorState.update({ benchmark }));
  const working = isWorking(status.data) || status.isLoading;
  const good = /^\d+$/.test(rows.trim()) && Number(rows) >= 10 && Number(rows) <= 1e7 && Number(seconds) >= 0.1 && Number(seconds) <= 3600;
  const order = (event: FormEvent) => {
    event.preventDefault();
    if (good && !working) start.mutate({ rows: Number(rows), seconds: Number(seconds), set_baseline: baseline });
  };
  return (
    <>
      <form className="monitor-benchmark" onSubmit={order} aria-label="Run a benchmark">
        <label htmlFor={`${id}-rows`}>
          <span className="muted">Bars</span>
          <input id={`${id}-rows`} className="control number" inputMode="numeric" value={rows} onChange={(event) => setRows(event.target.value)} />
        </label>
        <label htmlFor={`${id}-seconds`}>
          <span className="muted">Seconds a measurement</span>
          <input id={`${id}-seconds`} className="control number" inputMode="decimal" value={seconds} onChange={(event) => setSeconds(event.target.value)} />
        </label>
        <label className="monitor-check">
          <input type="checkbox" checked={baseline} onChange={(event) => setBaseline(event.target.checked)} />
          <span>Make it the baseline</span>
        </label>
        <button type="submit" className="button primary" disabled={!good || working || start.isPending}>
          Run a benchmark
        </button>
      </form>
      {start.error !== null && <Failure error={start.error} what="The benchmark was not started" />}
      {status.error !== null && status.data === undefined && <Failure error={status.error} what="The benchmark could not be found" />}
      {status.data !== undefined && <Status status={status.data} />}
    </>
  );
}

function Status({ status }: { status: BenchmarkStatus }) {
  if (status.state === "failed") {
    return <Failure error={new Error(status.error ?? "The server gave no reason.")} what="The benchmark failed" />;
  }
  if (status.state === "cancelled") {
    return (
      <p className="notice" role="status">
        The benchmark was cancelled.
      </p>
    );
  }
  if (!isWorking(status)) {
    return (
      <p className="notice" role="status">
        The benchmark is done.
      </p>
    );
  }
  const percent = Math.floor(status.progress * 100);
  return (
    <div className="monitor-working numbers">
      <p role="status">
        {status.state === "running" ? (status.phase === "" ? "Starting" : sentenceName(status.phase)) : sentenceName(status.state)}
      </p>
      <div className="monitor-bar" role="progressbar" aria-label="Benchmark" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <span style={{ transform: `scaleX(${Math.min(1, status.progress)})` }} />
      </div>
      <p>{formatPercent(percent, 0)}</p>
    </div>
  );
}
