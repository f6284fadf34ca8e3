import { useMutation, useQuery } from "@tanstack/react-query";
import { DropdownMenu } from "radix-ui";
import { useRef, useState } from "react";
import { open } from "../api/client";
import { kBarsMax } from "../api/queries";
import type { BarsInColumns } from "../api/schema";
import { formatCompact, formatInteger } from "../ui/format";
import { Icon } from "../ui/Icon";
import { toast, toastFailure } from "../ui/toast";
import { receive, saveAs } from "./receive";

interface ExportMenuProps {
  bars: BarsInColumns;
  options: Readonly<Record<string, string>>;
}

interface FileKind {
  readonly format: string;
  readonly label: string;
  readonly about: string;
}

const kKinds: readonly FileKind[] = [
  { format: "csv", label: "CSV", about: "for spreadsheets and scripts" },
  { format: "json", label: "JSON", about: "a row each" },
  { format: "parquet", label: "Parquet", about: "columns, compressed" },
  { format: "arrow", label: "Arrow", about: "columns, read as they are" },
  { format: "xlsx", label: "Excel", about: "a workbook" },
];

/** As text the server gives fewer bars than in columns. */
const kColumnar = new Set(["parquet", "arrow"]);
const kColumnarMax = 1_000_000;

/** Files of the bars that are shown, with the options that they were asked with. */
export function ExportMenu({ bars, options }: ExportMenuProps) {
  const [opened, setOpened] = useState(false);
  const [bytes, setBytes] = useState<{ done: number; all: number | null } | null>(null);
  const stop = useRef<AbortController | null>(null);
  const formats = useFormats(opened);
  const make = useMutation({
    mutationFn: async (kind: FileKind) => {
      const control = new AbortController();
      stop.current = control;
      setBytes({ done: 0, all: null });
      const response = await open(`/bars?${exportQuery(bars, options, kind.format)}`, control.signal);
      const file = await receive(response, (done, all) => setBytes({ done, all }));
      saveAs(file, nameIn(response) ?? `${bars.symbol}_${bars.timeframe}.${kind.format}`);
      return file.size;
    },
    onSuccess: (size, kind) => toast({ title: `${kind.label} saved`, detail: `${formatInteger(bars.row_count)} bars, ${formatCompact(size)} bytes` }),
    onError: (error) => {
      if (stop.current?.signal.aborted !== true) toastFailure("The file was not made", error);
    },
    onSettled: () => setBytes(null),
  });

  if (make.isPending) {
    const share = bytes === null || bytes.all === null ? undefined : Math.min(1, bytes.done / bytes.all);
    return (
      <span className="data-export" role="status">
        <progress aria-label="Download" {...(share === undefined ? {} : { value: share })} />
        <span className="muted">{formatCompact(bytes?.done ?? 0)} bytes</span>
        <button type="button" className="button quiet icon small" aria-label="Cancel the download" onClick={() => stop.current?.abort()}>
          <Icon name="close" size={14} />
        </button>
      </span>
    );
  }
  return (
    <DropdownMenu.Root open={opened} onOpenChange={setOpened}>
      <DropdownMenu.Trigger className="button small" data-shortcut="e">
        <Icon name="download" size={14} />
        Export
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="data-menu" align="end" sideOffset={4}>
          <DropdownMenu.Label className="data-menu-label">The {formatInteger(bars.row_count)} bars that are shown</DropdownMenu.Label>
          {kKinds
            .filter(({ format }) => formats.includes(format))
            .map((kind) => {
              const fits = bars.row_count <= (kColumnar.has(kind.format) ? kColumnarMax : kBarsMax);
              return (
                <DropdownMenu.Item key={kind.format} className="data-menu-item" disabled={!fits} onSelect={() => make.mutate(kind)}>
                  {kind.label}
                  <span className="muted">{fits ? kind.about : "too many bars"}</span>
                </DropdownMenu.Item>
              );
            })}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** What the server writes, as its own description has it. */
function useFormats(wanted: boolean): readonly string[] {
  const formats = useQuery({
    queryKey: ["bar-formats"],
    queryFn: async ({ signal }) => {
      const document = (await (await fetch("/api/openapi.json", { signal })).json()) as ApiDocument;
      const parameter = document.paths["/api/v1/bars"]?.get?.parameters?.find(({ name }) => name === "format");
      return parameter?.schema?.enum ?? kSurely;
    },
    enabled: wanted,
    staleTime: Infinity,
  });
  return formats.data ?? kSurely;
}

const kSurely: readonly string[] = ["csv", "json", "parquet", "arrow"];

interface ApiDocument {
  paths: Partial<Record<string, { get?: { parameters?: { name: string; schema?: { enum?: string[] } }[] } }>>;
}

function exportQuery(bars: BarsInColumns, options: Readonly<Record<string, string>>, format: string): string {
  const { time } = bars.columns;
  const range = { from: time[0] ?? "", to: new Date(Date.parse(time.at(-1) ?? "") + 1).toISOString() };
  return new URLSearchParams({ symbol: bars.symbol, timeframe: bars.timeframe, ...options, ...range, format }).toString();
}

function nameIn(response: Response): string | null {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? null;
}
