import { IconPackages, IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";

import { useSession } from "../access/session.ts";
import { ask } from "../api/query.ts";
import type { Page } from "../page.ts";
import { PAGES } from "../pages.ts";

export interface Finding {
  readonly to: string;
  readonly title: string;
  /** What kind of thing it is, or the number it was found by. */
  readonly about: string;
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
}

const PAGES_SHOWN = 4;
const ORDERS_SHOWN = "6";

/** What a text may mean, most likely first. */
export function useFindings(text: string): readonly Finding[] {
  const { permissions } = useSession();
  const asksOrders = text.length > 1 && permissions.includes("order.read");
  const { data, isPending, isPlaceholderData } = useQuery({
    ...ask("/v1/orders", { params: { query: { search: text, limit: ORDERS_SHOWN } } }),
    enabled: asksOrders,
    refetchInterval: false,
  });
  // Until the orders are known, nothing that comes after them is offered: it would be taken in their place.
  const awaited = asksOrders && (isPending || isPlaceholderData);
  if (text === "") return [];
  const pages = PAGES.filter((page) => page.navigation && matches(page, text)).slice(0, PAGES_SHOWN);
  const orders = asksOrders && !awaited ? (data?.items ?? []) : [];
  return [
    ...pages.map(({ path, title, navigation }): Finding => {
      return { to: `/${path}`, title, about: "Page", icon: navigation!.icon };
    }),
    ...orders.map(({ id, matched, customer }): Finding => {
      const by = matched.find(({ number }) => number !== id);
      const about = by ? `${by.kind} ${by.number}` : (customer ?? "");
      return { to: `/orders/${encodeURIComponent(id)}`, title: `Order ${id}`, about, icon: IconPackages };
    }),
    ...(awaited
      ? []
      : [
          {
            to: `/story/${encodeURIComponent(text)}`,
            title: `The story around “${text}”`,
            about: "Any number",
            icon: IconRoute,
          },
        ]),
  ];
}

function matches({ title }: Page, text: string): boolean {
  return text.length > 1 && title.toLowerCase().includes(text.toLowerCase());
}
