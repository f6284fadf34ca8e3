import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { retry } from "./api/queries";
import { router } from "./app/router";
import "./ui/style/tokens.css";
import "./ui/style/base.css";
import "./ui/style/controls.css";

const queries = new QueryClient({
  defaultOptions: { queries: { retry, retryDelay: (failures) => 500 * 2 ** failures, refetchOnWindowFocus: false } },
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
