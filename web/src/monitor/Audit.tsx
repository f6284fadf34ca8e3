import { formatInteger, plural } from "../ui/format";
import { Failure } from "../ui/Failure";
import { TableScroll } from "../ui/table/TableScroll";
import { lacksScope, useAudit, useVerification } from "./monitorApi";
import { Answer, More, NeedsAdmin } from "./parts";
import { formatUtc } from "./values";

/** Who changed what, and whether the log is as it was written. */
export function Audit() {
  const log = useAudit();
  if (lacksScope(log.error)) {
    return (
      <section className="section" aria-label="Audit log">
        <div className="section-head">
          <h3>Audit log</h3>
        </div>
        <NeedsAdmin what="The audit log names what all owners did." />
      </section>
    );
  }
  return (
    <section className="section" aria-label="Audit log">
      <Verification />
      <Answer query={log} what="The audit log could not be loaded" lines={10}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          return entries.length === 0 ? (
            <div className="place-empty">
              <h3>Nothing was changed yet</h3>
              <p className="muted">Who makes keys, schedules or webhooks, or does something to an alert, is written down here.</p>
            </div>
          ) : (
            <TableScroll label="Audit log">
              <table className="plain-table monitor-table numbers" aria-label="Audit log">
                <thead>
                  <tr>
                    <th scope="col" className="number">No.</th>
                    <th scope="col">When, UTC</th>
                    <th scope="col">Who</th>
                    <th scope="col">Did</th>
                    <th scope="col">To</th>
                    <th scope="col">Outcome</th>
                    <th scope="col">From</th>
                  </tr>
                </thead>
                <tbody>
                  {entries.map((entry) => (
                    <tr key={entry.number} title={`SHA-256 ${entry.hash}`}>
                      <td className="number">{formatInteger(entry.number)}</td>
                      <td>{formatUtc(entry.at).replace(" UTC", "")}</td>
                      <td>{entry.actor}</td>
                      <td className="monitor-wrap">{entry.action}</td>
                      <td className="monitor-wrap muted">{entry.target ?? ""}</td>
                      <td>
                        <span className={/^[45]\d\d$/.test(entry.outcome) ? "badge warning" : "badge"}>{entry.outcome}</span>
                      </td>
                      <td className="muted">{entry.address ?? ""}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableScroll>
          );
        }}
      </Answer>
      <More list={log} what="Load older entries" />
    </section>
  );
}

function Verification() {
  const check = useVerification();
  return (
    <>
      <div className="section-head">
        <h3>Audit log</h3>
        <button type="button" className="button" disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? "Checking…" : "Check that it is as it was written"}
        </button>
      </div>
      {check.error !== null && <Failure error={check.error} what="The log could not be checked" />}
      {check.data !== undefined && check.data.broken_at === null && (
        <p className="notice" role="status">
          As it was written: {plural(check.data.entries, "entry", "entries")}, each with the hash of the one before.
        </p>
      )}
      {check.data !== undefined && check.data.broken_at !== null && (
        <p className="notice danger" role="alert">
          Entry {formatInteger(check.data.broken_at)} is not as it was written: somebody changed the log behind the server.
        </p>
      )}
    </>
  );
}
