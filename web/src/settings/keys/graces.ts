/** How long a secret of before may hold, in seconds. */
export const kGraces = [
  ["0", "Not at all"],
  ["3600", "For an hour"],
  ["86400", "For a day"],
  ["604800", "For a week"],
  ["2592000", "For 30 days"],
] as const;
