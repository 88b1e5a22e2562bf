import { IconRoute } from "@tabler/icons-react";
import type { ComponentType } from "react";

import type { Page } from "../page.ts";
import { PAGES } from "../pages.ts";

export interface Finding {
  readonly to: string;
  readonly title: string;
  /** What kind of thing it is. */
  readonly about: string;
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
}

const PAGES_SHOWN = 4;

/** What a text may mean, most likely first. */
export function useFindings(text: string): readonly Finding[] {
  if (text === "") return [];
  const pages = PAGES.filter((page) => page.navigation && matches(page, text)).slice(0, PAGES_SHOWN);
  return [
    ...pages.map(({ path, title, navigation }) => {
      return { to: `/${path}`, title, about: "Page", icon: navigation!.icon };
    }),
    {
      to: `/story/${encodeURIComponent(text)}`,
      title: `The story around “${text}”`,
      about: "Any number",
      icon: IconRoute,
    },
  ];
}

function matches({ title }: Page, text: string): boolean {
  return text.length > 1 && title.toLowerCase().includes(text.toLowerCase());
}
