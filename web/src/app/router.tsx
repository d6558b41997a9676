//! Which address shows which page. Each page is loaded when it is first opened.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { client, sessionQuery } from "@/api/queries";
import { readSearch, validated, writeSearch } from "@/lib/address";
import { NotFound } from "./not-found";
import { Shell } from "./shell";

const root = createRootRoute({ validateSearch: validated, notFoundComponent: NotFound });

/** Pages for those who may read; everybody else signs in first and comes back. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ location }) => {
    const session = await client.ensureQueryData(sessionQuery).catch(() => null);
    if (session?.kind !== "stranger") return;
    // A demo's guests need no owner; any other book gets one first.
    if (session.needs_set_up && !session.is_demo) throw redirect({ to: "/setup" });
    throw redirect({ to: "/sign-in", search: { show: location.href } });
  },
});

const page = <P extends string>(
  path: P,
  load: Parameters<typeof lazyRouteComponent>[0],
  name: string,
) =>
  createRoute({
    getParentRoute: () => inside,
    path,
    component: lazyRouteComponent(load, name),
  });

const pages = [
  page("/", () => import("@/features/week/page"), "WeekPage"),
  page("/funnel", () => import("@/features/funnel/page"), "FunnelPage"),
  page("/handoffs", () => import("@/features/handoffs/page"), "HandoffsPage"),
  page("/deals", () => import("@/features/deals/page"), "DealsPage"),
  page("/forecast", () => import("@/features/forecast/page"), "ForecastPage"),
  page("/plan", () => import("@/features/plan/page"), "PlanPage"),
  page("/accounts", () => import("@/features/accounts/page"), "AccountsPage"),
  page("/credit", () => import("@/features/credit/page"), "CreditPage"),
  page("/metrics", () => import("@/features/metrics/page"), "MetricsPage"),
  page("/charter", () => import("@/features/charter/page"), "CharterPage"),
  page("/health", () => import("@/features/health/page"), "HealthPage"),
  page("/health/import", () => import("@/features/health/wizard/page"), "WizardPage"),
  page("/health/reconcile", () => import("@/features/health/reconcile/page"), "ReconcilePage"),
  page("/campaign", () => import("@/features/credit/campaign"), "CampaignPage"),
  page("/settings", () => import("@/features/settings/page"), "SettingsPage"),
  page("/periods", () => import("@/features/periods/page"), "PeriodsPage"),
];

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("@/features/entry/sign-in"), "SignIn"),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("@/features/entry/set-up"), "SetUp"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("@/features/entry/invitation"), "Invitation"),
});

export const router = createRouter({
  routeTree: root.addChildren([inside.addChildren(pages), signIn, setUp, invitation]),
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
