import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, remove as removeAt } from "../../api/client";
import type { ExportedFile } from "../../api/schema";
import { Icon } from "../../ui/Icon";
import { Instant } from "../../ui/Instant";
import { Skeleton } from "../../ui/Skeleton";
import { formatAgo, formatBytes } from "../../ui/format";
import { toast, toastFailure } from "../../ui/toast";
import { Confirm } from "../parts/Confirm";
import { SectionFailure } from "../parts/SectionFailure";
import { saveFile } from "./saveFile";

const kQueryKey = ["export-files"];

/** Files that were made of results, until their time is over. */
export function ExportedFiles() {
  const queries = useQueryClient();
  const files = useQuery({
    queryKey: kQueryKey,
    queryFn: async ({ signal }) => (await get<{ files: ExportedFile[] }>("/export/files", signal)).files,
    refetchInterval: 60_000,
  });
  const remove = useMutation({
    mutationFn: ({ id }: ExportedFile) => removeAt(`/export/files/${encodeURIComponent(id)}`),
    onSuccess: (_removed, file) => toast({ title: `${file.name} is deleted` }),
    onError: (error, file) => toastFailure(`${file.name} was not deleted`, error),
    onSettled: () => queries.invalidateQueries({ queryKey: kQueryKey }),
  });
  const save = useMutation({
    mutationFn: (file: ExportedFile) => saveFile(file.download_url, file.name),
    meta: { changes: false },
    onError: (error, file) => toastFailure(`${file.name} was not saved`, error),
  });
  return (
    <>
      <h4>Exported files</h4>
      {files.isPending && <Skeleton lines={3} />}
      {files.error !== null && files.data === undefined && (
        <SectionFailure error={files.error} what="The files could not be loaded" scope="read" onRetry={() => void files.refetch()} />
      )}
      {files.data?.length === 0 && (
        <p className="card muted">
          None. Reports, tables and scripts that you export are kept here for a while (<code>export_hours</code>).
        </p>
      )}
      {files.data !== undefined && files.data.length > 0 && (
        <div className="card settings-table-card">
          <div className="table-scroll" tabIndex={0} role="region" aria-label="Exported files">
            <table className="plain-table settings-table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col" className="number">Size</th>
                  <th scope="col">Made</th>
                  <th scope="col">Removed</th>
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {files.data.map((file) => (
                  <tr key={file.id} data-file={file.id}>
                    <th scope="row">
                      {file.name}
                      <code className="muted" title={`SHA-256 ${file.sha256}`}>
                        {file.sha256.slice(0, 12)}
                      </code>
                    </th>
                    <td className="number">{formatBytes(file.bytes)}</td>
                    <td>
                      <Instant time={file.created_at} />
                    </td>
                    <td title={file.expires_at}>{formatAgo(file.expires_at, files.dataUpdatedAt)}</td>
                    <td>
                      <span className="settings-row-actions">
                        <button type="button" className="button small" aria-label={`Download ${file.name}`} disabled={save.isPending} onClick={() => save.mutate(file)}>
                          <Icon name="download" size={14} />
                          Download
                        </button>
                        <Confirm
                          title={`Delete ${file.name}?`}
                          text={<p>Its address leads nowhere then. Where the job that it was made of is still there, it can be exported again.</p>}
                          action="Delete"
                          onConfirm={() => remove.mutate(file)}
                        >
                          <button type="button" className="button quiet icon small" aria-label={`Delete ${file.name}`}>
                            <Icon name="trash" size={14} />
                          </button>
                        </Confirm>
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </>
  );
}
