import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import type { ComponentType } from "react";

import { RequirePermission } from "./access/require-permission.tsx";
import { Shell } from "./frame/shell.tsx";
import { Fault } from "./notice/fault.tsx";
import { Loading } from "./notice/loading.tsx";
import { NotThere } from "./notice/not-there.tsx";
import type { Page } from "./page.ts";
import { PAGES } from "./pages.ts";
import { parseSearch, stringifySearch } from "./place.ts";

const root = createRootRoute({ component: Shell, notFoundComponent: NotThere });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/overview" });
  },
});

function routeOf(page: Page) {
  const Content = lazyRouteComponent(async () => ({ default: await page.load() })) as ComponentType;
  const guarded = () => (
    <RequirePermission page={page}>
      <Content />
    </RequirePermission>
  );
  // What the router loads ahead, when a link is pointed at, is what stands behind the guard.
  const preload = async () => void (await page.load());
  return createRoute({
    getParentRoute: () => root,
    path: page.path,
    component: Object.assign(guarded, { preload }),
  });
}

/** Fetches the code of the page that the address names, while it is being asked who is signed in. */
export function loadFirstPage(router: ReturnType<typeof openRouter>): void {
  const path = router.matchRoutes(router.latestLocation).at(-1)?.fullPath as string | undefined;
  const page = PAGES.find((each) => `/${each.path}` === path);
  // Code that does not come is asked for again when it is to be shown, and told of there.
  page?.load().catch(() => undefined);
}

export function openRouter() {
  return createRouter({
    routeTree: root.addChildren([start, ...PAGES.map(routeOf)]),
    basepath: "/console",
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    defaultErrorComponent: ({ error, reset }) => <Fault error={error as Error} again={reset} />,
    scrollRestoration: true,
  });
}
