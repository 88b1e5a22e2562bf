import { queryOptions, useQuery } from "@tanstack/react-query";

import { type Answer, ask } from "../api/query.ts";

export type Control = NonNullable<Answer<"/v1/demo">["control"]>;

/** What the demo tells of itself; it is another process than the hub, and lives on when the hub dies. */
export interface Playing {
  readonly chapter: string;
  readonly said: readonly { readonly n: number; readonly text: string }[];
  /** The act that is under way. */
  readonly busy: string | null;
  readonly acts: readonly { readonly name: string; readonly title: string; readonly about: string }[];
}

const LOOK_EVERY_MS = 1_000;

/** Null: this hub belongs to no demo. */
export function useControl(): Control | null {
  const { data } = useQuery(ask("/v1/demo", undefined, { fresh: "once" }));
  return data?.control ?? null;
}

export function playingOf(control: Control) {
  return queryOptions({
    queryKey: ["demo", control.origin] as const,
    queryFn: ({ signal }) => call(control, "/state", { signal }),
    refetchInterval: LOOK_EVERY_MS,
    retry: false,
  });
}

export function act(control: Control, name: string): Promise<Playing> {
  return call(control, `/acts/${name}`, { method: "POST" });
}

async function call({ origin, token }: Control, path: string, init: RequestInit): Promise<Playing> {
  const answer = await fetch(`${origin}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok && answer.status !== 409) throw new Error(`the demo answered ${answer.status}`);
  return (await answer.json()) as Playing;
}
