import { formatInteger, formatPlain, formatTime, plural } from "../../ui/format";
import type { ImportPreview, PreviewedFile } from "./useImport";

/** What the server understood of a file: how it is written, what its rows are, what would change. */
export function ImportPreviewView({ preview }: { preview: ImportPreview }) {
  return (
    <div className="importing-preview">
      <p>
        {preview.new_instrument ? (
          <>
            <strong>{preview.symbol}</strong> is new: it will be made as {preview.instrument.asset_class} in {preview.instrument.currency}, {preview.instrument.time_zone}.
          </>
        ) : (
          <>
            Rows are added to <strong>{preview.symbol}</strong> {preview.timeframe}, source {preview.source}.
          </>
        )}
      </p>
      {preview.files.map((file) => (
        <FileView key={file.file} file={file} />
      ))}
      {preview.left_out.map(({ file, reason }) => (
        <p key={file} className="notice">
          {file} is left out: {reason}
        </p>
      ))}
    </div>
  );
}

function FileView({ file }: { file: PreviewedFile }) {
  const { format, rows, changes } = file;
  return (
    <section className="section" aria-label={file.file}>
      <h3>{file.file}</h3>
      <p className="importing-description">{format.description.replace(`${file.file}\n`, "")}</p>
      {format.notes.map((note) => (
        <p key={note} className="notice warning">
          {note}
        </p>
      ))}
      {typeof file.refused === "string" && <p className="notice danger">{file.refused}</p>}
      {rows !== null && rows !== undefined && (
        <dl className="importing-counts">
          <Count title="Rows" value={rows.rows} />
          <Count title="Usable" value={rows.kept} />
          <Count title="Bad" value={rows.bad_rows} bad />
          <Count title="Doubled" value={rows.duplicates} />
          <Count title="Out of order" value={rows.out_of_order} />
          {changes !== null && changes !== undefined && (
            <>
              <Count title="New" value={changes.inserted} />
              <Count title="Would correct" value={changes.corrected} />
              <Count title="There already" value={changes.unchanged} />
            </>
          )}
        </dl>
      )}
      {rows !== null && rows !== undefined && rows.problems.length > 0 && (
        <details open>
          <summary>
            {plural(rows.bad_rows, "bad row")}
            {rows.bad_rows > rows.problems.length && `, the first ${String(rows.problems.length)}`}
          </summary>
          <ul className="importing-problems">
            {rows.problems.map((problem) => (
              <li key={`${String(problem.line)} ${problem.message}`}>
                <code>line {formatInteger(problem.line)}</code> {problem.message}
              </li>
            ))}
          </ul>
        </details>
      )}
      <RowsTable file={file} />
    </section>
  );
}

function Count({ title, value, bad = false }: { title: string; value: number; bad?: boolean }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd className={bad && value > 0 ? "down" : undefined}>{formatInteger(value)}</dd>
    </div>
  );
}

const kColumns = ["open", "high", "low", "close", "volume", "open_interest", "price", "size", "bid", "ask"] as const;

/** The first and the last rows as they were read: the times tell whether the zone is right. */
function RowsTable({ file }: { file: PreviewedFile }) {
  const shown = kColumns.filter((column) => [...file.first, ...file.last].some((row) => row[column] !== null && row[column] !== undefined));
  if (file.first.length === 0) return null;
  const more = (file.rows?.kept ?? 0) - file.first.length - file.last.length;
  const rowOf = (row: PreviewedFile["first"][number]) => (
    <tr key={row.time}>
      <td>{formatTime(row.time)}</td>
      {shown.map((column) => (
        <td key={column} className="number">
          {formatPlain(row[column])}
        </td>
      ))}
    </tr>
  );
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={`Rows of ${file.file}`}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>Time, UTC</th>
            {shown.map((column) => (
              <th key={column} className="number">
                {column.replace("_", " ")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {file.first.map(rowOf)}
          {more > 0 && (
            <tr>
              <td colSpan={shown.length + 1} className="muted">
                … {plural(more, "row")} more …
              </td>
            </tr>
          )}
          {file.last.filter((row) => !file.first.some((each) => each.time === row.time)).map(rowOf)}
        </tbody>
      </table>
    </div>
  );
}
