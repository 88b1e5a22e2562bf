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
  return createRoute({
    getParentRoute: () => root,
    path: page.path,
    component: () => (
      <RequirePermission page={page}>
        <Content />
      </RequirePermission>
    ),
  });
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
