import { MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { apiKey, keyId, onApiKey } from "./api/key";
import { retry } from "./api/queries";
import { router } from "./app/router";
import { followNumberLocale } from "./state/numberLocale";
import { browserTabs } from "./state/tabs";
import "./ui/style/tokens.css";
import "./ui/style/base.css";
import "./ui/style/controls.css";

followNumberLocale();
const tabs = browserTabs();
const queries = new QueryClient({
  defaultOptions: { queries: { retry, retryDelay: (failures) => 500 * 2 ** failures, refetchOnWindowFocus: false } },
  mutationCache: new MutationCache({ onSuccess: (_data, _variables, _context, mutation) => tabs.tellChange(mutation.meta) }),
});
tabs.follow(queries);

// Everything is asked for again with another key. What another owner saw is not shown meanwhile; with another secret of
// the same key it stays, and so does what was being typed beside it.
onApiKey((before) => {
  if (before !== null && keyId(before) === keyId(apiKey())) void queries.invalidateQueries();
  else void queries.resetQueries();
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
