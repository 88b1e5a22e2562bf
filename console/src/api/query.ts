/*
 * How pages ask: `useQuery(ask("/v1/cases", { params: { query: { state: "open" } } }))`, typed by the API's description.
 *
 * An answer is live unless told otherwise: it is asked for again when the ledger has moved (see live.ts), and now and then
 * without that, because not everything that changes is an event. The one before stays on the screen meanwhile.
 */
import { keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";
import type { FetchOptions } from "openapi-fetch";

import { client } from "./client.ts";
import { ApiProblem } from "./problem.ts";
import type { paths } from "./schema.d.ts";

const UNPROMPTED_MS = 20_000;

type GetPath = {
  [Path in keyof paths]: paths[Path] extends { get: { responses: unknown } } ? Path : never;
}[keyof paths];
type Init<Path extends GetPath> = FetchOptions<paths[Path]["get"]>;

/** What GET answers on a path. */
export type Answer<Path extends GetPath> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : unknown;

/** One row of what a list answers. */
export type Item<Path extends GetPath> = Answer<Path> extends { items: (infer Row)[] } ? Row : never;

/** The addresses that answer a list. */
export type ListPath = {
  [Path in GetPath]: Answer<Path> extends { items: unknown[] } ? Path : never;
}[GetPath];

export interface AskRules {
  /** `once`: it does not change while the hub runs: contracts, plants, definitions. */
  readonly fresh?: "live" | "once";
}

export function ask<Path extends GetPath>(path: Path, init?: Init<Path>, { fresh = "live" }: AskRules = {}) {
  return queryOptions({
    queryKey: [path, init?.params ?? {}] as const,
    queryFn: async ({ signal }): Promise<Answer<Path>> => {
      const { data } = await client.GET(path, { ...init, signal } as never);
      return data as Answer<Path>;
    },
    placeholderData: keepPreviousData,
    meta: { live: fresh === "live" },
    ...(fresh === "live" ? { refetchInterval: UNPROMPTED_MS } : { staleTime: Number.POSITIVE_INFINITY }),
  });
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays one however often it is asked; a hub that restarts is back in a moment.
      retry: (count, error) => error instanceof ApiProblem && error.passing && count < 2,
      refetchOnWindowFocus: true,
      staleTime: 1_000,
    },
    mutations: { retry: false },
  },
});
