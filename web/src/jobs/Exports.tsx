import { useMutation } from "@tanstack/react-query";
import { download, post } from "../api/client";
import type { ExportFile, Job } from "../api/types";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";

interface Kind {
  label: string;
  title: string;
  path: "pine-script" | "report";
  format: string;
}

const kKinds: readonly Kind[] = [
  { label: "Pine Script", title: "The script with the best values as its defaults, for TradingView", path: "pine-script", format: "pine" },
  { label: "PDF", title: "The report, to read and print", path: "report", format: "pdf" },
  { label: "HTML", title: "The report as one page that needs no network", path: "report", format: "html" },
  { label: "XLSX", title: "Every listed trial as a spreadsheet", path: "report", format: "xlsx" },
  { label: "CSV", title: "Every listed trial, a row each", path: "report", format: "csv" },
];

/** Files of a search's result: the server makes one and the browser saves it. */
export function Exports({ job }: { job: Job }) {
  const make = useMutation({
    mutationFn: async ({ path, format }: Kind) => save(await post<ExportFile>(`/export/${path}`, { job_id: job.job_id, format })),
  });
  return (
    <section className="exports" aria-label="Export">
      <h3 className="section-title">Export</h3>
      <div className="exports-formats">
        {kKinds.map((kind) => (
          <button
            key={kind.label}
            type="button"
            className="button small"
            title={kind.title}
            disabled={make.isPending}
            onClick={() => make.mutate(kind)}
          >
            <Icon name="download" size={14} />
            {kind.label}
          </button>
        ))}
      </div>
      {make.error !== null && <Failure error={make.error} what="The file was not made" />}
    </section>
  );
}

// Fetched, not followed: a link cannot bring an API key.
async function save({ download_url: url, name }: ExportFile): Promise<void> {
  const file = URL.createObjectURL(await download(url));
  const link = document.createElement("a");
  link.href = file;
  link.download = name;
  link.click();
  URL.revokeObjectURL(file);
}
