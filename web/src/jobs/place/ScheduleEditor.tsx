import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { fieldErrors } from "../../api/problem";
import type { JobSchedule } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Skeleton } from "../../ui/Skeleton";
import { toast } from "../../ui/toast";
import { formatTime } from "../../ui/format";
import { jobsState } from "./address";
import { explainCron } from "./cron";
import { kindTitle, kPriorityCount, priorityTitle, scheduledRequest } from "./describe";
import { usePutSchedule, useWholeJob } from "./jobsApi";
import { type Draft, draftLike, draftOf, kEmptyDraft, kScheduledKinds, readDraft, timeZones } from "./scheduleDraft";

/** A schedule that is made, perhaps from a job that has run, or changed. */
export function ScheduleEditor({ schedule }: { schedule: JobSchedule | null }) {
  const { like } = jobsState.use();
  if (schedule !== null) return <ScheduleForm start={draftOf(schedule)} schedule={schedule} />;
  if (like !== null) return <LikeJob id={like} />;
  return <ScheduleForm start={kEmptyDraft} schedule={null} />;
}

function LikeJob({ id }: { id: string }) {
  const job = useWholeJob(id);
  if (job.data !== undefined) return <ScheduleForm start={draftLike(job.data.kind, scheduledRequest(job.data.request))} schedule={null} />;
  if (job.error !== null) return <Failure error={job.error} what="The job that is to be repeated could not be loaded" onRetry={() => void job.refetch()} />;
  return <Skeleton lines={6} />;
}

const kExamples: readonly (readonly [cron: string, title: string])[] = [
  ["30 17 * * mon-fri", "Weekdays, 17:30"],
  ["0 2 * * *", "Every night"],
  ["0 8 * * sat", "Saturdays"],
  ["0 * * * *", "Every hour"],
];

function ScheduleForm({ start, schedule }: { start: Draft; schedule: JobSchedule | null }) {
  const id = useId();
  const first = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(start);
  const [wrong, setWrong] = useState<{ field: keyof Draft; text: string } | null>(null);
  const put = usePutSchedule();
  const said = fieldErrors(put.error);
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setWrong(null);
  };
  useEffect(() => first.current?.focus({ preventScroll: true }), []);

  const leave = () => jobsState.update({ schedule: null, making: false, like: null });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const read = readDraft(draft);
    if ("wrong" in read) {
      setWrong(read.wrong);
      return;
    }
    put.mutate(read, {
      onSuccess: (kept) => {
        toast({
          title: schedule === null ? `The schedule “${kept.name}” was made` : `The schedule “${kept.name}” was changed`,
          ...(kept.next_at === null ? {} : { detail: `Next time: ${formatTime(kept.next_at)} UTC` }),
        });
        leave();
      },
    });
  };
  const errorOf = (field: keyof Draft, pointer: string) => (wrong?.field === field ? wrong.text : said.get(pointer));
  const words = explainCron(draft.cron);
  const message = (field: keyof Draft, pointer: string) => {
    const text = errorOf(field, pointer);
    return text === undefined ? null : (
      <p className="error" id={`${id}-${field}-error`}>
        {text}
      </p>
    );
  };
  const invalid = (field: keyof Draft, pointer: string) =>
    errorOf(field, pointer) === undefined ? {} : { "aria-invalid": true, "aria-describedby": `${id}-${field}-error` };

  return (
    <section className="section card" aria-label={schedule === null ? "New schedule" : `Schedule ${schedule.name}`}>
      <form className="jobs-form" onSubmit={save}>
        <h3>{schedule === null ? "New schedule" : schedule.name}</h3>
        {schedule === null && (
          <div className="jobs-field">
            <label htmlFor={`${id}-name`}>Name</label>
            <input
              ref={first}
              id={`${id}-name`}
              className="control"
              autoComplete="off"
              placeholder="weekly-search"
              value={draft.name}
              {...invalid("name", "/name")}
              onChange={(event) => change({ name: event.target.value })}
            />
            {message("name", "/name")}
          </div>
        )}
        <div className="jobs-form-row">
          <div className="jobs-field">
            <label htmlFor={`${id}-cron`}>Times (cron: minute, hour, day, month, day of the week)</label>
            <input
              ref={schedule === null ? null : first}
              id={`${id}-cron`}
              className="control mono"
              autoComplete="off"
              spellCheck={false}
              value={draft.cron}
              {...invalid("cron", "/cron")}
              onChange={(event) => change({ cron: event.target.value })}
            />
            <p className="jobs-words" role="status">
              {words ?? (draft.cron.trim() === "" ? "Five fields, for instance 30 17 * * fri" : "These are not five fields of cron yet")}
            </p>
            {message("cron", "/cron")}
          </div>
          <div className="jobs-field">
            <label htmlFor={`${id}-zone`}>Time zone</label>
            <input
              id={`${id}-zone`}
              className="control"
              list={`${id}-zones`}
              autoComplete="off"
              value={draft.zone}
              {...invalid("zone", "/time_zone")}
              onChange={(event) => change({ zone: event.target.value })}
            />
            <datalist id={`${id}-zones`}>
              {timeZones().map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
            {message("zone", "/time_zone")}
          </div>
        </div>
        <div className="jobs-examples" role="group" aria-label="Usual times">
          {kExamples.map(([cron, title]) => (
            <button key={cron} type="button" className="button small" aria-pressed={draft.cron === cron} onClick={() => change({ cron })}>
              {title}
            </button>
          ))}
        </div>
        <div className="jobs-form-row">
          <div className="jobs-field">
            <label htmlFor={`${id}-kind`}>Starts a</label>
            <select id={`${id}-kind`} className="control" value={draft.kind} onChange={(event) => change({ kind: event.target.value })}>
              {kScheduledKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {kindTitle(kind)}
                </option>
              ))}
            </select>
          </div>
          <div className="jobs-field">
            <label htmlFor={`${id}-priority`}>Priority</label>
            <select
              id={`${id}-priority`}
              className="control"
              value={draft.priority}
              onChange={(event) => change({ priority: Number(event.target.value) })}
            >
              {Array.from({ length: kPriorityCount }, (_, priority) => (
                <option key={priority} value={priority}>
                  {priorityTitle(priority)}
                </option>
              ))}
            </select>
          </div>
        </div>
        <div className="jobs-field">
          <label htmlFor={`${id}-request`}>Request (JSON, as the API takes it)</label>
          <textarea
            id={`${id}-request`}
            className="control mono jobs-request"
            rows={8}
            spellCheck={false}
            value={draft.request}
            {...invalid("request", "/request")}
            onChange={(event) => change({ request: event.target.value })}
          />
          {message("request", "/request")}
        </div>
        <label className="jobs-check">
          <input type="checkbox" checked={draft.enabled} onChange={(event) => change({ enabled: event.target.checked })} />
          <span>On: jobs are started at these times</span>
        </label>
        {put.error !== null && <Failure error={put.error} what="The schedule was not kept" />}
        <div className="jobs-form-actions">
          <button type="submit" className="button primary" disabled={put.isPending}>
            {schedule === null ? "Make the schedule" : "Save"}
          </button>
          <button type="button" className="button" onClick={leave}>
            Leave
          </button>
        </div>
      </form>
    </section>
  );
}
