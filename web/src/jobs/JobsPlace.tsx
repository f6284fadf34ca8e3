import { useMemo } from "react";
import { type Command, useCommands } from "../app/commands";
import { PlaceHeader } from "../app/PlaceHeader";
import { type TabItem, Tabs } from "../ui/Tabs";
import { formatInteger } from "../ui/format";
import { jobsState } from "./place/address";
import { JobDetail } from "./place/JobDetail";
import { useJobStatistics } from "./place/jobsApi";
import { JobsTab } from "./place/JobsTab";
import type { JobsTab as Tab } from "./place/jobsState";
import { Schedules } from "./place/Schedules";
import { Statistics } from "./place/Statistics";
import "../ui/place.css";
import "./jobs.css";
import "./place/jobsPlace.css";

const kTitles: Record<Tab, string> = { jobs: "Jobs", dead: "Dead letters", schedules: "Schedules", statistics: "Statistics" };

/** What runs, waits, has ended, has failed or is planned, of all kinds. */
export function JobsPlace() {
  const { tab, job } = jobsState.use();
  const dead = useJobStatistics().data?.dead_letters ?? 0;
  const items: readonly TabItem<Tab>[] = [
    { id: "jobs", label: kTitles.jobs, shortcut: "1" },
    { id: "dead", label: kTitles.dead, shortcut: "2", note: dead > 0 ? <span className="badge danger">{formatInteger(dead)}</span> : null },
    { id: "schedules", label: kTitles.schedules, shortcut: "3" },
    { id: "statistics", label: kTitles.statistics, shortcut: "4" },
  ];
  useJobsCommands();
  const detail = (tab === "jobs" || tab === "dead") && job !== null;
  return (
    <main className="jobs-place" data-detail={detail || undefined}>
      <PlaceHeader>
        <h2>Jobs</h2>
      </PlaceHeader>
      <div className="jobs-tabs">
        <Tabs
          label="Jobs"
          items={items}
          chosen={tab}
          panel="jobs-panel"
          onChoose={(next) => jobsState.update({ tab: next, job: null, schedule: null, making: false, like: null })}
        />
      </div>
      <div className="jobs-body">
        <div className="jobs-main" id="jobs-panel" role="tabpanel" aria-labelledby={`jobs-panel-tab-${tab}`}>
          <div className="sections">
            {tab === "jobs" && <JobsTab dead={false} />}
            {tab === "dead" && <JobsTab dead />}
            {tab === "schedules" && <Schedules />}
            {tab === "statistics" && <Statistics />}
          </div>
        </div>
        {detail && <JobDetail key={job} id={job} />}
      </div>
    </main>
  );
}

function useJobsCommands() {
  const commands = useMemo((): Command[] => {
    const go = (tab: Tab): Command => ({
      id: `jobs ${tab}`,
      title: `Jobs: ${kTitles[tab].toLowerCase()}`,
      group: "Jobs",
      run: () => jobsState.update({ tab, job: null, schedule: null, making: false }),
    });
    return [
      go("jobs"),
      go("dead"),
      go("schedules"),
      go("statistics"),
      {
        id: "jobs running",
        title: "Show the jobs that run",
        group: "Jobs",
        words: "active state filter",
        run: () => jobsState.update({ tab: "jobs", state: "running", job: null }),
      },
      {
        id: "jobs new schedule",
        title: "New schedule",
        group: "Jobs",
        words: "cron plan every night",
        run: () => jobsState.update({ tab: "schedules", making: true, schedule: null, like: null, job: null }),
      },
    ];
  }, []);
  useCommands(commands);
}
