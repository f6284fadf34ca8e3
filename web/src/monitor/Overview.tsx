import type { ComponentHealth, DetailedHealthResponse } from "../api/schema";
import { plural, sentenceName } from "../ui/format";
import { Skeleton } from "../ui/Skeleton";
import { monitorAddress, monitorState } from "./address";
import { AlertList } from "./AlertList";
import { useDetailedHealth } from "./monitorApi";
import type { MonitorTab } from "./monitorState";
import { useOpenAlerts } from "./openAlerts";
import { Answer, type Fact, Facts, StatusBadge } from "./parts";
import { formatNamed, formatSeconds, formatUtc, namedTitle } from "./values";

/** How the server is: in a word, what is wrong, and component by component. */
export function Overview() {
  const health = useDetailedHealth();
  const alerts = useOpenAlerts();
  // Alerts that came after the components would push these down.
  if (alerts.isPending) return <Skeleton lines={12} />;
  return (
    <>
      <Answer query={health} what="The health of the server could not be loaded" lines={2}>
        {(answer) => <Banner health={answer} />}
      </Answer>
      {alerts.data !== undefined && alerts.data.length > 0 && (
        <section className="section" aria-label="Open alerts">
          <div className="section-head">
            <h3>Open alerts</h3>
          </div>
          <AlertList alerts={alerts.data} />
        </section>
      )}
      <section className="section" aria-label="Components">
        <div className="section-head">
          <h3>Components</h3>
        </div>
        <Answer query={health} what="The components could not be loaded" lines={10}>
          {(answer) => (
            <div className="monitor-components">
              {inOrder(answer.components).map((component) => (
                <ComponentCard key={component.name} component={component} />
              ))}
            </div>
          )}
        </Answer>
      </section>
    </>
  );
}

const kSentences: Partial<Record<string, string>> = {
  ok: "All is well",
  degraded: "Something needs a look",
  unavailable: "The server cannot work",
  unknown: "Not known yet",
};

function Banner({ health }: { health: DetailedHealthResponse }) {
  const { alerts } = health;
  const said =
    alerts === null
      ? "How many alerts are open is not known"
      : alerts.critical + alerts.warning === 0
        ? "No open alert"
        : [plural(alerts.critical, "critical alert"), plural(alerts.warning, "warning")].filter((text) => !text.startsWith("0 ")).join(", ");
  return (
    <div className="monitor-banner" data-status={health.status} role="status">
      <div>
        <p className="monitor-banner-title">{kSentences[health.status] ?? sentenceName(health.status)}</p>
        <p className="muted">{said}</p>
      </div>
      <Facts
        facts={[
          ["Version", health.version],
          ["Started", formatUtc(health.started_at)],
          ["Running for", formatSeconds(health.uptime_seconds)],
          ["Looked at", formatUtc(health.sampled_at)],
        ]}
      />
    </div>
  );
}

/** Those with much to tell first, so that cards beside one another are about as tall; always the same. */
const kOrder: readonly string[] = ["database", "process", "jobs", "cache", "keys", "clock", "partitions", "disk", "app_database"];

function inOrder(components: readonly ComponentHealth[]): ComponentHealth[] {
  const place = ({ name }: ComponentHealth) => (kOrder.includes(name) ? kOrder.indexOf(name) : kOrder.length);
  return components.toSorted((a, b) => place(a) - place(b));
}

const kTitles: Partial<Record<string, string>> = {
  database: "Market database",
  app_database: "App database",
  live: "Live source",
  redis: "Redis",
  keys: "API keys",
};

/** Where more is known of a component. */
const kTabs: Partial<Record<string, MonitorTab>> = {
  database: "database",
  partitions: "database",
  cache: "services",
  live: "services",
  backups: "services",
};

function ComponentCard({ component }: { component: ComponentHealth }) {
  const tab = kTabs[component.name];
  const title = kTitles[component.name] ?? sentenceName(component.name);
  const facts: Fact[] = [
    ...Object.entries(component.values).map(([name, value]): Fact => [namedTitle(name), formatNamed(name, value)]),
    ...Object.entries(component.unmeasured).map(([name, why]): Fact => [namedTitle(name), "Not measured", why]),
  ];
  return (
    <article className="card monitor-component" data-component={component.name} data-status={component.status} aria-label={title}>
      <header>
        <h4>
          {tab === undefined ? (
            title
          ) : (
            <a
              href={monitorAddress({ tab })}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                monitorState.update({ tab });
              }}
            >
              {title}
            </a>
          )}
        </h4>
        <StatusBadge status={component.status} />
      </header>
      {component.message !== "" && <p className="muted monitor-said">{component.message}</p>}
      {facts.length > 0 && <Facts facts={facts} />}
    </article>
  );
}
