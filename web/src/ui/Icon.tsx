// Line icons on a 16-unit grid, drawn for this page.

const kPaths = {
  chevron: "M4 6l4 4 4-4",
  back: "M10 3L5 8l5 5",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zm3.6-1.4L14 14",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9L13 13M3 13l1.1-1.1M11.9 4.1L13 3",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
  help: "M6 6a2 2 0 1 1 2.8 1.8c-.5.3-.8.7-.8 1.4M8 11.5v.1M8 15A7 7 0 1 0 8 1a7 7 0 0 0 0 14z",
  close: "M4 4l8 8M12 4l-8 8",
  undo: "M3 3v4h4M3.3 7A5.2 5.2 0 1 1 3 10",
  expand: "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
  check: "M3 8.5l3.2 3L13 4.5",
  play: "M5 3l8 5-8 5z",
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
  list: "M3 4h10M3 8h10M3 12h10",
  fit: "M2 5v6M14 5v6M4.5 8h7M6 6L4 8l2 2M10 6l2 2-2 2",
  warning: "M8 2.5L14.5 13h-13zM8 6.5v3M8 11.3v.1",
  exit: "M6 3H3v10h3M10 5l3 3-3 3M13 8H6",
  candles: "M5 2v2M5 11v3M11 2v3M11 10v4M3.5 4h3v7h-3zM9.5 5h3v5h-3z",
  line: "M2 12l3.5-4.5 3 2.5L14 4M10.5 4H14v3.5",
  target: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  pulse: "M1.5 8.5H4l2-5 3.5 9 2-4h3",
  gear: "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4",
  command: "M5.5 5.5h5v5h-5zM5.5 5.5V4A1.5 1.5 0 1 0 4 5.5zM10.5 5.5H12A1.5 1.5 0 1 0 10.5 4zM10.5 10.5V12a1.5 1.5 0 1 0 1.5-1.5zM5.5 10.5H4A1.5 1.5 0 1 0 5.5 12z",
  plus: "M8 3v10M3 8h10",
  star: "M8 2l1.8 3.8 4.2.6-3 2.9.7 4.2L8 11.5l-3.7 2 .7-4.2-3-2.9 4.2-.6z",
  trash: "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5",
  copy: "M6 6h7v7H6zM3 10V3h7",
  refresh: "M13 3v3.5H9.5M13 6.5A5.3 5.3 0 1 0 13.3 9",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM6.5 14.5h3",
  pause: "M5.5 3v10M10.5 3v10",
  upload: "M8 10.5V2.5M4.5 6L8 2.5 11.5 6M3 13.5h10",
  download: "M8 2v8M4.5 7L8 10.5 11.5 7M3 13.5h10",
} as const;

export type IconName = keyof typeof kPaths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={kPaths[name]} />
    </svg>
  );
}
