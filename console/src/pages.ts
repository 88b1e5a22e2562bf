import type { Page } from "./page.ts";

const found = import.meta.glob<Page>("./pages/*/page.ts", { eager: true, import: "default" });

/** Every page, found by scanning: a new folder is a new page. */
export const PAGES: readonly Page[] = Object.values(found);
