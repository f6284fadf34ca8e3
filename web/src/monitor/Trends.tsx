import { ToggleGroup } from "radix-ui";
import { monitorState } from "./address";
import { useTrendNames } from "./monitorApi";
import { kRanges } from "./monitorState";
import { Answer } from "./parts";
import { TrendCard } from "./TrendCard";
import { kRangeFacts } from "./trendSeries";

/** How the server was, number by number. */
export function Trends() {
  const { range } = monitorState.use();
  return (
    <section className="section" aria-label="Trends">
      <div className="section-head">
        <h3>Trends</h3>
        <ToggleGroup.Root
          type="single"
          className="monitor-range"
          aria-label="Time range"
          value={range}
          onValueChange={(next) => {
            const known = kRanges.find((each) => each === next);
            if (known !== undefined) monitorState.update({ range: known });
          }}
        >
          {kRanges.map((each) => (
            <ToggleGroup.Item key={each} value={each} aria-label={kRangeFacts[each].title} title={kRangeFacts[each].title}>
              {each}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
      </div>
      <p className="muted">
        {kRangeFacts[range].title}, a point {kRangeFacts[range].resolution === "minute" ? "a minute" : "an hour"}, of all servers
        together. Times are UTC; the band goes from the lowest to the highest value.
      </p>
      <Answer query={useTrendNames()} what="The trends could not be loaded" lines={12}>
        {(trends) => (
          <div className="monitor-trends">
            {trends.map((trend) => (
              <TrendCard key={trend.name} trend={trend} range={range} />
            ))}
          </div>
        )}
      </Answer>
    </section>
  );
}
