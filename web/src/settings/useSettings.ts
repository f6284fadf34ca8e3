import { addressState } from "../state/address";
import { formatSettings, isStep, parseSettings, type SettingsState } from "./address";

const state = addressState<SettingsState>({ path: "/settings", parse: parseSettings, format: formatSettings, isStep });

/** What the settings show, and how to change it. */
export const useSettings = state.use;
export const updateSettings = state.update;
