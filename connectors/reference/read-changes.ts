import type { NativeMessage, ReadAnswer } from "../../src/connector/index.ts";
import type { Client } from "./client.ts";
import type { NativeChange } from "./native-change.ts";

/**
 * One page of order events after the cursor, which is a sequence number. Sequences have no holes: a page is cut at
 * one, because the change that is missing was still on its way, and is read again from there.
 */
export async function readChanges(
  client: Client,
  cursor: string | undefined,
  pageSize: number,
  signal: AbortSignal,
): Promise<ReadAnswer> {
  const after = Number(cursor ?? "0");
  const reply = await client.read(`/changes?after=${after}&limit=${pageSize}`, signal);
  if (!reply.ok) return reply.failure;
  const { changes, head } = (reply.body ?? {}) as { changes?: NativeChange[]; head?: unknown };
  if (!Array.isArray(changes) || typeof head !== "string" || !/^\d{1,15}$/.test(head))
    return { class: "retry", why: "a read of changes was not answered with changes" };

  // The order system stands before where we were: it was restored. What comes next has the numbers after its head.
  if (Number(head) < after)
    return { class: "page", messages: [], cursor: head, more: false, highWater: head };

  const gap = changes.findIndex(({ sequence }, index) => sequence !== after + index + 1);
  const page = gap === -1 ? changes : changes.slice(0, gap);
  const last = after + page.length;
  const caughtUp = gap === -1 && last >= Number(head);
  return {
    class: "page",
    messages: page.map(asMessage),
    cursor: String(last),
    more: gap === -1 && !caughtUp && page.length > 0,
    highWater: head,
    ...(caughtUp && reply.date !== undefined ? { caughtUpTo: new Date(reply.date).toISOString() } : {}),
  };
}

function asMessage(change: NativeChange): NativeMessage {
  return { contentType: "application/json", raw: Buffer.from(JSON.stringify(change)) };
}
