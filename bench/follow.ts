import { request } from "undici";
import type { Hub } from "./stage.ts";

/** The outcome of an effect, as a reader of the ledger sees it. */
export interface Outcome {
  /** Sales order. */
  readonly key: string;
  /** The process's own name for the effect: create, tell. */
  readonly name: string;
}

/** Follows the ledger as any reader may: what it sees is committed. @returns what ends it */
export async function followOutcomes(hub: Hub, seen: (outcome: Outcome) => void): Promise<() => void> {
  const gone = new AbortController();
  const { body, statusCode } = await request(`${hub.url}/v1/events/stream?type=interlock.EffectApplied.v1`, {
    headers: { authorization: `Bearer ${hub.token}` },
    signal: gone.signal,
    bodyTimeout: 0,
  });
  if (statusCode !== 200) throw new Error(`the ledger cannot be followed: ${statusCode}`);
  let rest = "";
  body.setEncoding("utf8");
  body.on("error", () => {});
  const standing = Promise.withResolvers<void>();
  body.on("data", (text: string) => {
    standing.resolve();
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines)
      if (line.startsWith("data: ")) seen((JSON.parse(line.slice(6)) as { data: Outcome }).data);
  });
  await standing.promise;
  return () => gone.abort();
}
