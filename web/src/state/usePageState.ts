import { addressState } from "./address";
import { formatState, isNavigation, type PageState, parseState } from "./url";

const state = addressState<PageState>({ path: "/strategies", parse: parseState, format: formatState, isStep: isNavigation });

/** Changes what the strategies' place shows and writes it to the address. */
export const updatePage = state.update;
export const pageState = state.read;
export const usePageState = state.use;
