import { Outlet, useMatches } from "@tanstack/react-router";
import { Suspense, useEffect, useRef } from "react";

import { useLive } from "../api/live.ts";
import { DemoStrip } from "../demo/strip.tsx";
import { Loading } from "../notice/loading.tsx";
import { PAGES } from "../pages.ts";
import { AccountMenu } from "./account-menu.tsx";
import { LiveMark } from "./live-mark.tsx";
import { Navigation } from "./navigation.tsx";
import { SchemeSwitch } from "./scheme-switch.tsx";
import { SearchBox } from "./search-box.tsx";
import styles from "./shell.module.css";
import { Wordmark } from "./wordmark.tsx";

/** What stays around every page. */
export function Shell() {
  const connection = useLive();
  const path = useMatches().at(-1)?.fullPath as string | undefined;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const page = PAGES.find((each) => `/${each.path}` === path);

  useEffect(() => {
    document.title = page ? `${page.title} · Interlock` : "Interlock";
    // A new page is read from its beginning, also by those who hear it.
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [page]);

  return (
    <div className={styles["frame"]}>
      <a className={styles["skip"]} href="#main">
        Skip to the content
      </a>
      <header className={styles["bar"]}>
        <Wordmark />
        <SearchBox />
        <div className={styles["tools"]}>
          <LiveMark connection={connection} />
          <SchemeSwitch />
          <AccountMenu />
        </div>
      </header>
      <Navigation />
      <main id="main" ref={main} tabIndex={-1} className={styles["main"]}>
        <DemoStrip />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
