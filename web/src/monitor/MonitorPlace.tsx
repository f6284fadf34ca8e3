import { useMemo } from "react";
import { type Command, useCommands } from "../app/commands";
import { PlaceHeader } from "../app/PlaceHeader";
import { type TabItem, Tabs } from "../ui/Tabs";
import { monitorState } from "./address";
import { Alerts } from "./Alerts";
import { Audit } from "./Audit";
import { Database } from "./Database";
import { Errors } from "./Errors";
import { useHealthChannel } from "./monitorApi";
import { kMonitorTabs, type MonitorTab } from "./monitorState";
import { useOpenAlerts, wanting } from "./openAlerts";
import { Overview } from "./Overview";
import { Performance } from "./Performance";
import { Services } from "./Services";
import { Trends } from "./Trends";
import "../ui/place.css";
import "./monitor.css";

const kTitles: Record<MonitorTab, string> = {
  overview: "Overview",
  database: "Database",
  performance: "Performance",
  services: "Services",
  trends: "Trends",
  alerts: "Alerts",
  errors: "Errors",
  audit: "Audit log",
};

const kViews: Record<MonitorTab, () => React.JSX.Element> = {
  overview: Overview,
  database: Database,
  performance: Performance,
  services: Services,
  trends: Trends,
  alerts: Alerts,
  errors: Errors,
  audit: Audit,
};

/** How the server is and was, and what is wrong with it. */
export function MonitorPlace() {
  const { tab } = monitorState.use();
  const open = wanting(useOpenAlerts().data ?? []).length;
  useHealthChannel();
  useMonitorCommands();
  const items = kMonitorTabs.map(
    (id, index): TabItem<MonitorTab> => ({
      id,
      label: kTitles[id],
      shortcut: String(index + 1),
      ...(id === "alerts" && open > 0 ? { note: <span className="badge warning">{open}</span> } : {}),
    }),
  );
  const View = kViews[tab];
  return (
    <main className="monitor-place">
      <PlaceHeader>
        <h2>Monitor</h2>
      </PlaceHeader>
      <div className="monitor-tabs">
        <Tabs label="Monitor" items={items} chosen={tab} panel="monitor-panel" onChoose={(next) => monitorState.update({ tab: next, alert: null })} />
      </div>
      <div className="monitor-body" id="monitor-panel" role="tabpanel" aria-labelledby={`monitor-panel-tab-${tab}`}>
        <div className="sections">
          <View />
        </div>
      </div>
    </main>
  );
}

function useMonitorCommands() {
  const commands = useMemo(
    (): Command[] =>
      kMonitorTabs.map((tab, index) => ({
        id: `monitor ${tab}`,
        title: `Monitor: ${kTitles[tab].toLowerCase()}`,
        group: "Monitor",
        keys: String(index + 1),
        words: "health",
        run: () => monitorState.update({ tab, alert: null }),
      })),
    [],
  );
  useCommands(commands);
}
