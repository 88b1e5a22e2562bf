import type { ComponentType } from "react";

import type { Answer } from "./api/query.ts";

/** Groups of the navigation, in their order. */
export const SECTIONS = ["watch", "settle", "run", "agree", "prove"] as const;
export type Section = (typeof SECTIONS)[number];

/** What a person may; the words are the API's. */
export type Permission = Answer<"/v1/session">["permissions"][number];

/**
 * A page of the console: the default export of `pages/<page>/page.ts`, which is found by scanning. That file is loaded with the
 * frame, so it imports nothing but its icon; what it shows is loaded when somebody goes there.
 */
export interface Page {
  /** Below the console's address: `orders`, `orders/$order`. A `$name` is read with `usePlace().params`. */
  readonly path: string;
  readonly title: string;
  /** Who lacks it sees the page named, and why it stays closed. */
  readonly permission: Permission;
  /** Absent: reached from other pages only. */
  readonly navigation?: {
    readonly section: Section;
    /** Within its section, smallest first. */
    readonly order: number;
    readonly icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  };
  readonly load: () => Promise<ComponentType>;
}

export function definePage(page: Page): Page {
  return page;
}
