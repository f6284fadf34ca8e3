import { type DragEvent, useRef, useState } from "react";
import { Failure } from "../../ui/Failure";
import { Icon } from "../../ui/Icon";
import { formatInteger, plural } from "../../ui/format";
import { updateData } from "../address";
import { kInitialDraft } from "../draft";
import { ImportForm } from "./ImportForm";
import { ImportPreviewView } from "./ImportPreviewView";
import { type ImportOptions, kInitialOptions, symbolOf } from "./options";
import { type ImportReport, useImport, usePreview } from "./useImport";
import "./importing.css";

/** A file's bars into the store: what was understood of it is shown first, nothing is stored before the button. */
export function ImportTab() {
  const [file, setFile] = useState<File | null>(null);
  const [options, setOptions] = useState<ImportOptions>(kInitialOptions);
  const looked = usePreview(file, options);
  const importing = useImport();

  const choose = (next: File) => {
    importing.reset();
    setFile(next);
    setOptions({ ...kInitialOptions, symbol: symbolOf(next.name) });
  };

  if (file === null) return <DropZone onFile={choose} />;
  const { preview } = looked;
  // What somebody saw and agreed to is what is asked for.
  const seen = (): ImportOptions => {
    const ticks = preview?.files.some((each) => each.format.ticks) ?? false;
    return { ...options, ticks, timeframe: ticks || options.timeframe.trim() !== "" ? options.timeframe : (preview?.timeframe ?? "") };
  };
  const rows = preview?.files.reduce((sum, each) => sum + (each.rows?.kept ?? 0), 0) ?? 0;
  const refused = preview?.files.find((each) => each.refused !== null && each.refused !== undefined)?.refused ?? null;
  return (
    <div className="importing">
      <ImportForm
        file={file}
        options={options}
        error={looked.error}
        onChange={setOptions}
        onOther={() => {
          setFile(null);
          importing.reset();
        }}
      />
      <section className="importing-main" aria-label="What was understood" aria-busy={looked.sent !== null}>
        <div className="importing-state" role="status">
          {looked.sent !== null && (looked.sent < 1 ? `Sending the file: ${String(Math.round(looked.sent * 100))}%` : "Reading the file…")}
          {looked.sent === null && options.symbol.trim() === "" && "Name the symbol to see what the file holds."}
        </div>
        {importing.isSuccess ? (
          <Imported report={importing.data} onAnother={() => setFile(null)} />
        ) : (
          <>
            {looked.error !== null && <Failure error={looked.error} what="The file was not understood yet" />}
            {importing.error !== null && <Failure error={importing.error} what="Nothing was imported" />}
            {preview !== null && <ImportPreviewView preview={preview} />}
          </>
        )}
        {!importing.isSuccess && (
          <footer className="importing-foot">
            {importing.isPending && (
              <>
                <progress value={importing.sent} max={1} aria-label="Sent" />
                <button type="button" className="button" onClick={importing.cancel}>
                  Cancel
                </button>
              </>
            )}
            <button
              type="button"
              className="button primary"
              disabled={preview === null || rows === 0 || refused !== null || looked.sent !== null || importing.isPending}
              onClick={() => importing.mutate({ file, options: seen() })}
            >
              {importing.isPending ? "Importing…" : rows === 0 ? "Import" : `Import ${plural(rows, "row")}`}
            </button>
          </footer>
        )}
      </section>
    </div>
  );
}

function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onFile(file);
  };
  return (
    <div
      className="importing-drop"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="upload" size={28} />
      <p className="importing-drop-title">Drop a file with bars or trades here</p>
      <p className="muted">CSV or Parquet, also packed as .gz, .zip or .zst. Nothing is stored before you have seen what was understood.</p>
      <button type="button" className="button primary" onClick={() => input.current?.click()}>
        Choose a file
      </button>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        aria-label="File with bars or trades"
        tabIndex={-1}
        accept=".csv,.txt,.tsv,.parquet,.gz,.zip,.zst"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) onFile(file);
        }}
      />
    </div>
  );
}

/** What the import did, and the ways on. */
function Imported({ report, onAnother }: { report: ImportReport; onAnother: () => void }) {
  const { changes } = report;
  const stored = changes.inserted + changes.corrected;
  return (
    <div className="importing-done">
      <p className="importing-drop-title">
        <Icon name="check" />
        {stored === 0 ? "All of it was there already" : `${report.symbol}: ${plural(changes.inserted, "new bar")} stored`}
      </p>
      <p className="muted">
        {formatInteger(changes.corrected)} corrected, {formatInteger(changes.unchanged)} there already, {plural(report.bad_rows, "bad row")} left out
        {report.new_instrument && "; the instrument is new"}.
      </p>
      {report.notes.map((note) => (
        <p key={note} className="notice warning">
          {note}
        </p>
      ))}
      <p className="importing-actions">
        <button
          type="button"
          className="button primary"
          onClick={() =>
            updateData({
              tab: "query",
              draft: { ...kInitialDraft, symbols: [report.symbol], frequency: report.timeframe === "" ? kInitialDraft.frequency : report.timeframe, range: "last" },
              ran: "query",
            })
          }
        >
          Look at the bars
        </button>
        <button type="button" className="button" onClick={onAnother}>
          Import another file
        </button>
      </p>
    </div>
  );
}
