import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { history } from "../state/address";
import { PlaceFailed, PlaceLoading, PlaceNotFound } from "./PlaceStates";
import { Shell } from "./Shell";

// Each place is a file of its own that is loaded when somebody goes there.

const root = createRootRoute({ component: Shell, notFoundComponent: PlaceNotFound });

const places = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    // Where the page began; links made then still open what they showed.
    beforeLoad: ({ search }) => {
      throw redirect({ to: "/strategies", search, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/strategies",
    component: lazyRouteComponent(() => import("../strategy/StrategiesPlace"), "StrategiesPlace"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/data",
    component: lazyRouteComponent(() => import("../data/DataPlace"), "DataPlace"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/optimise",
    component: lazyRouteComponent(() => import("../optimise/OptimisePlace"), "OptimisePlace"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/jobs",
    component: lazyRouteComponent(() => import("../jobs/JobsPlace"), "JobsPlace"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/monitor",
    component: lazyRouteComponent(() => import("../monitor/MonitorPlace"), "MonitorPlace"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings",
    component: lazyRouteComponent(() => import("../settings/SettingsPlace"), "SettingsPlace"),
  }),
];

/** Query strings as they stand: a place reads its own (`addressState`), so nothing here is JSON. */
const search = {
  parseSearch: (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (values: Record<string, unknown>): string => {
    const text = new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString();
    return text === "" ? "" : `?${text}`;
  },
};

export const router = createRouter({
  routeTree: root.addChildren(places),
  history,
  ...search,
  defaultPreload: "intent",
  defaultPendingComponent: PlaceLoading,
  defaultErrorComponent: PlaceFailed,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
