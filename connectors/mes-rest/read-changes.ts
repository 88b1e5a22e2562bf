import type { NativeMessage, ReadAnswer } from "../../src/connector/index.ts";
import type { Client } from "./client.ts";
import { textOf } from "./exact-json.ts";
import { valueAt } from "./pointer.ts";

/**
 * One page of reports after the cursor, which is a number of the feed. Numbers have no holes: a page is cut at one,
 * because the report that is missing was still on its way, and is read again from there.
 */
export async function readChanges(
  client: Client,
  cursor: string | undefined,
  pageSize: number,
  signal: AbortSignal,
): Promise<ReadAnswer> {
  const { dialect } = client;
  const after = Number(cursor ?? "0");
  const path = dialect.changesPath.replace("{after}", String(after)).replace("{limit}", String(pageSize));
  const reply = await client.read(path, signal);
  if (!reply.ok) return reply.failure;
  const changes = valueAt(reply.body, dialect.changes);
  const head = textOf(valueAt(reply.body, dialect.head));
  if (!Array.isArray(changes) || head === undefined || !/^\d{1,15}$/.test(head))
    return { class: "retry", why: "a read of the feed was not answered with reports and the highest number" };

  // The MES stands before where we were: it was restored. What comes next has the numbers after its head.
  if (Number(head) < after)
    return { class: "page", messages: [], cursor: head, more: false, highWater: head };

  const gap = changes.findIndex(
    (change, index) => textOf(valueAt(change, dialect.sequence)) !== String(after + index + 1),
  );
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

function asMessage(change: unknown): NativeMessage {
  return { contentType: "application/json", raw: Buffer.from(JSON.stringify(change)) };
}
