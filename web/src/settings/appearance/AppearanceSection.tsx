import { type ReactNode, useEffect, useMemo, useState } from "react";
import { motionChoice } from "../../state/motion";
import { kNumberLocales, useNumberLocale } from "../../state/numberLocale";
import { themeChoice } from "../../state/theme";
import { allZones, localZone, useChooseZone, useZone } from "../../state/zone";
import { Combobox } from "../../ui/Combobox";
import { formatInstant, formatNumber } from "../../ui/format";
import { Choice } from "../parts/Choice";

const kThemes = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

const kMotions = [
  ["system", "System"],
  ["reduced", "Reduced"],
  ["full", "Full"],
] as const;

const kExample = 1234567.89;

/** How the page looks in this browser; no other browser and nobody else is concerned. */
export function AppearanceSection() {
  const theme = themeChoice.use();
  const motion = motionChoice.use();
  return (
    <section className="section">
      <div className="section-head">
        <h3>Appearance</h3>
      </div>
      <p className="muted settings-lead">Kept in this browser, for all its tabs. It needs no API key and concerns nobody else.</p>
      <div className="card settings-rows">
        <Row title="Theme" about="System follows light and dark of your computer">
          <Choice label="Theme" items={kThemes} chosen={theme ?? "system"} onChoose={(next) => themeChoice.choose(next === "system" ? null : next)} />
        </Row>
        <ZoneRow />
        <NumbersRow />
        <Row title="Motion" about="Reduced: nothing slides, fades or grows">
          <Choice label="Motion" items={kMotions} chosen={motion ?? "system"} onChoose={(next) => motionChoice.choose(next === "system" ? null : next)} />
        </Row>
      </div>
    </section>
  );
}

function Row({ title, about, children }: { title: string; about: ReactNode; children: ReactNode }) {
  return (
    <div className="settings-row">
      <div>
        <h4>{title}</h4>
        <p className="muted">{about}</p>
      </div>
      <div className="settings-row-control">{children}</div>
    </div>
  );
}

function ZoneRow() {
  const zone = useZone();
  const choose = useChooseZone();
  const now = useNow();
  const choices = useMemo(() => {
    const local = localZone();
    return allZones()
      .toSorted((a, b) => rank(a, local) - rank(b, local))
      .map((value) => ({ value, label: value.replaceAll("_", " "), ...(value === local ? { detail: "this computer" } : {}) }));
  }, []);
  return (
    <Row
      title="Time zone"
      about={
        <>
          Of moments, as when a key was used. It is <output className="numbers">{formatInstant(now, zone, true)}</output>. Bars and charts
          stay in UTC.
        </>
      }
    >
      <Combobox label="Time zone" value={zone} placeholder="UTC" choices={choices} emptyText="No such time zone" onChoose={choose} />
    </Row>
  );
}

/** UTC first, then that of this computer, then by name. */
function rank(zone: string, local: string): number {
  return zone === "UTC" ? 0 : zone === local ? 1 : 2;
}

function NumbersRow() {
  const [locale, choose] = useNumberLocale();
  return (
    <Row title="Numbers" about={<>Gain {formatNumber(kExample)}, loss {formatNumber(-0.5)}</>}>
      <select className="control" aria-label="Numbers" value={locale} onChange={(event) => choose(event.target.value)}>
        {kNumberLocales.map((each) => (
          <option key={each} value={each}>
            {new Intl.NumberFormat(each === "" ? undefined : each, { minimumFractionDigits: 2 }).format(kExample)}
            {each === "" ? " (as the browser)" : ` (${each})`}
          </option>
        ))}
      </select>
    </Row>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
