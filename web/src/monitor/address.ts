import { addressState } from "../state/address";
import { formatMonitor, type MonitorState, monitorStep, parseMonitor } from "./monitorState";

export const monitorState = addressState<MonitorState>({ path: "/monitor", parse: parseMonitor, format: formatMonitor, isStep: monitorStep });

/** The address of the place with a change, for links that may be opened in another tab of the browser. */
export function monitorAddress(change: Partial<MonitorState>): string {
  const query = formatMonitor({ ...monitorState.read(), ...change });
  return query === "" ? "/monitor" : `/monitor?${query}`;
}
