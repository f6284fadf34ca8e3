import { addressState } from "../../state/address";
import { formatOptimise, isStep, type OptimiseState, parseOptimise } from "./codec";

const address = addressState<OptimiseState>({ path: "/optimise", parse: parseOptimise, format: formatOptimise, isStep });

/** Changes what the place shows and writes it to the address. */
export const updateOptimise = address.update;
export const optimiseState = address.read;
export const useOptimiseState = address.use;
