import { Switch } from "radix-ui";
import type { JobSchedule } from "../../api/schema";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/Skeleton";
import { formatTime } from "../../ui/format";
import { toastFailure, toastUndo } from "../../ui/toast";
import { TableScroll } from "../../ui/table/TableScroll";
import { jobsAddress, jobsState } from "./address";
import { explainCron } from "./cron";
import { kindTitle, subjectOf } from "./describe";
import { bodyOf, usePutSchedule, useRemoveSchedule, useSchedules } from "./jobsApi";
import { ScheduleEditor } from "./ScheduleEditor";

/** What submits jobs by itself. */
export function Schedules() {
  const { schedule: edited, making } = jobsState.use();
  const schedules = useSchedules();
  const one = schedules.data?.find((each) => each.name === edited);
  return (
    <>
      {making && <ScheduleEditor key="new" schedule={null} />}
      {!making && one !== undefined && <ScheduleEditor key={one.name} schedule={one} />}
      {!making && edited !== null && schedules.data !== undefined && one === undefined && (
        <p className="notice warning" role="alert">
          There is no schedule “{edited}”. It may have been removed.
        </p>
      )}
      <section className="section" aria-label="Schedules">
        <div className="section-head">
          <h3>Schedules</h3>
          <button
            type="button"
            className="button"
            data-shortcut="n"
            title="New schedule (N)"
            disabled={making}
            onClick={() => jobsState.update({ making: true, schedule: null, like: null })}
          >
            <Icon name="plus" size={14} />
            New schedule
          </button>
        </div>
        {schedules.isPending && <Skeleton lines={5} />}
        {schedules.error !== null && schedules.data === undefined && (
          <Failure error={schedules.error} what="The schedules could not be loaded" onRetry={() => void schedules.refetch()} />
        )}
        {schedules.data?.length === 0 && (
          <div className="place-empty">
            <h3>Nothing is planned</h3>
            <p className="muted">
              A schedule starts a search or a query for bars at certain times. The easiest way to one: open a job that has run, and
              schedule the same.
            </p>
          </div>
        )}
        {schedules.data !== undefined && schedules.data.length > 0 && <ScheduleTable schedules={schedules.data} />}
      </section>
    </>
  );
}

function ScheduleTable({ schedules }: { schedules: readonly JobSchedule[] }) {
  return (
    <TableScroll label="Schedules">
      <table className="plain-table jobs-table numbers" aria-label="Schedules">
        <thead>
          <tr>
            <th scope="col">Schedule</th>
            <th scope="col">When</th>
            <th scope="col">Next time</th>
            <th scope="col">Last job</th>
            <th scope="col">On</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {schedules.map((schedule) => (
            <ScheduleRow key={schedule.name} schedule={schedule} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function ScheduleRow({ schedule }: { schedule: JobSchedule }) {
  const put = usePutSchedule();
  const removal = useRemoveSchedule();
  const { name } = schedule;
  const subject = subjectOf(schedule.request);
  const removeIt = () =>
    removal.mutate(name, {
      onSuccess: () => {
        if (jobsState.read().schedule === name) jobsState.update({ schedule: null });
        toastUndo(`The schedule “${name}” was removed`, () =>
          put.mutate({ name, body: bodyOf(schedule) }, { onError: (error) => toastFailure(`The schedule “${name}” was not brought back`, error) }),
        );
      },
      onError: (error) => toastFailure(`The schedule “${name}” was not removed`, error),
    });
  return (
    <tr data-schedule={name}>
      <td className="jobs-name">
        <a
          href={jobsAddress({ schedule: name })}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            jobsState.update({ schedule: name, making: false, like: null });
          }}
        >
          {name}
        </a>
        <span className="jobs-sub muted">
          {kindTitle(schedule.kind)}
          {subject === "" ? "" : `: ${subject}`}
        </span>
      </td>
      <td className="jobs-name">
        <code>{schedule.cron}</code>
        <span className="jobs-sub muted">
          {explainCron(schedule.cron) ?? "Not readable here"}, {schedule.time_zone}
        </span>
      </td>
      <td>{schedule.next_at === null ? <span className="muted">Off</span> : `${formatTime(schedule.next_at)} UTC`}</td>
      <td>
        {schedule.last_job_id === null ? (
          <span className="muted">None yet</span>
        ) : (
          <LastJob id={schedule.last_job_id} at={schedule.last_at} />
        )}
      </td>
      <td>
        <Switch.Root
          className="jobs-switch"
          aria-label={`${name} is on`}
          checked={schedule.enabled}
          disabled={put.isPending}
          onCheckedChange={(enabled) =>
            put.mutate({ name, body: { ...bodyOf(schedule), enabled } }, { onError: (error) => toastFailure("The schedule was not changed", error) })
          }
        >
          <Switch.Thumb className="jobs-switch-thumb" />
        </Switch.Root>
      </td>
      <td>
        <button
          type="button"
          className="button quiet icon small"
          aria-label={`Remove ${name}`}
          title="Remove"
          disabled={removal.isPending}
          onClick={removeIt}
        >
          <Icon name="trash" size={14} />
        </button>
      </td>
    </tr>
  );
}

function LastJob({ id, at }: { id: string; at: string | null }) {
  return (
    <a
      href={jobsAddress({ tab: "jobs", job: id, schedule: null })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        jobsState.update({ tab: "jobs", job: id, schedule: null });
      }}
    >
      {at === null ? id.slice(0, 8) : `${formatTime(at)} UTC`}
    </a>
  );
}
