Redoc.init(
  "/api/openapi.json",
  {
    // Its search runs in a worker made of a text, which the page's policy does not allow.
    disableSearch: true,
    hideDownloadButton: false,
    jsonSampleExpandLevel: 2,
    nativeScrollbars: true,
    requiredPropsFirst: true,
    theme: {
      colors: { primary: { main: "#1d4ed8" } },
      typography: {
        fontFamily: 'system-ui, -apple-system, "Segoe UI", sans-serif',
        headings: { fontFamily: 'system-ui, -apple-system, "Segoe UI", sans-serif' },
        code: { fontFamily: "ui-monospace, SFMono-Regular, Menlo, monospace" },
      },
    },
  },
  document.getElementById("reference"),
);
