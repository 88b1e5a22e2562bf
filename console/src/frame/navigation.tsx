import { Link } from "@tanstack/react-router";

import { useSession } from "../access/session.ts";
import { type Page, SECTIONS, type Section } from "../page.ts";
import { PAGES } from "../pages.ts";
import styles from "./navigation.module.css";

const TITLES: Readonly<Record<Section, string>> = {
  watch: "Watch",
  settle: "Settle",
  run: "Run",
  agree: "Agree",
  prove: "Prove",
};

/** Every page that is reached from everywhere. One that is closed to this account stays in its place, and says so when opened. */
export function Navigation() {
  return (
    <nav className={styles["nav"]} aria-label="Pages">
      <div className={styles["sections"]}>
        {SECTIONS.map((section) => (
          <NavigationSection key={section} section={section} />
        ))}
      </div>
    </nav>
  );
}

function NavigationSection({ section }: { section: Section }) {
  const { permissions } = useSession();
  const pages = PAGES.filter((page) => page.navigation?.section === section).toSorted(
    (a, b) => a.navigation!.order - b.navigation!.order,
  );
  if (pages.length === 0) return null;
  return (
    <section className={styles["section"]} aria-labelledby={`nav-${section}`}>
      <h2 id={`nav-${section}`} className={styles["heading"]}>
        {TITLES[section]}
      </h2>
      {pages.map((page) => (
        <NavigationLink key={page.path} page={page} closed={!permissions.includes(page.permission)} />
      ))}
    </section>
  );
}

function NavigationLink({ page, closed }: { page: Page; closed: boolean }) {
  const Icon = page.navigation!.icon;
  return (
    <Link
      to={`/${page.path}`}
      className={styles["link"]!}
      activeProps={{ "aria-current": "page" }}
      activeOptions={{ includeSearch: false }}
      data-closed={closed || undefined}
      title={closed ? "Not open to your role" : undefined}
    >
      <Icon size={17} stroke={1.7} />
      <span>{page.title}</span>
    </Link>
  );
}
