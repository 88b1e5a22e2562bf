import { entriesOf, type NativeMessage, type ReadAnswer } from "../../src/connector/index.ts";
import type { HarmlessFailure } from "./answer-class.ts";
import type { Row } from "./client.ts";
import { textOf } from "./content.ts";
import { readCursor, settle, writeCursor, type Cursor } from "./cursor.ts";
import { parseExact } from "./exact-json.ts";
import { oneOf } from "./odata.ts";
import type { Erp } from "./operation.ts";
import { LookFailed, Reader } from "./reader.ts";
import type { Source } from "./stream.ts";

const LOG = "ILKBusinessEventLogs";

/** One page of business events, each with the records it leads to. */
export async function readEvents(
  erp: Erp,
  source: Source,
  text: string | undefined,
  signal: AbortSignal,
  share?: number,
): Promise<ReadAnswer> {
  const { pageSize: whole = 200, overlapMs = 300_000 } = erp.settings;
  const pageSize = entriesOf(whole, share);
  const cursor = readCursor(text);
  const head = await headOf(erp, cursor.high, signal);
  if (typeof head !== "number") return head;
  if (head < cursor.high) {
    // The ERP stands before where we were: it was restored. What comes next has the numbers after its head.
    const next = { after: head, seen: [], at: null, high: head };
    return { class: "page", messages: [], cursor: writeCursor(next), more: false, highWater: String(head) };
  }
  const page = await erp.client.find(
    LOG,
    {
      filter: `ControlNumber gt ${cursor.at ?? cursor.after} and ${oneOf("BusinessEventId", Object.keys(source))}`,
      orderBy: "ControlNumber",
      top: pageSize,
    },
    signal,
  );
  if (!page.ok) return page.failure;
  const now = Date.parse(page.date ?? "");
  if (Number.isNaN(now)) return { class: "retry", why: "the ERP did not say what time it is" };
  const fresh = freshRows(page.rows, cursor);
  const messages = await tellAll(source, fresh, new Reader(erp.client, signal));
  if (!Array.isArray(messages)) return messages;
  const seen = [...cursor.seen, ...fresh.map(momentOf)];
  const full = page.rows.length >= pageSize || (page.more && page.rows.length > 0);
  const settledMs = now - overlapMs;
  const at = full ? controlOf(page.rows.at(-1)!) : null;
  const next: Cursor = { ...settle(seen, cursor.after, settledMs, at), at, high: head };
  return {
    class: "page",
    messages,
    cursor: writeCursor(next),
    more: full,
    highWater: String(head),
    ...(full ? {} : { caughtUpTo: new Date(settledMs).toISOString() }),
  };
}

/** The highest number in the log, or what is left of it when the highest known one is gone. */
async function headOf({ client }: Erp, high: number, signal: AbortSignal): Promise<number | HarmlessFailure> {
  const since = `ControlNumber gt ${high - 1}`;
  // Twice: one that is not seen once may be in the middle of a commit, one that is not seen twice is gone.
  for (const filter of [since, since, undefined]) {
    const newest = { orderBy: "ControlNumber desc", top: 1, ...(filter !== undefined && { filter }) };
    const found = await client.find(LOG, newest, signal);
    if (!found.ok) return found.failure;
    const [row] = found.rows;
    if (row) return controlOf(row);
  }
  return 0;
}

function freshRows(rows: readonly Row[], { seen }: Cursor): Row[] {
  const known = new Set(seen.map(([control]) => control));
  return rows.filter((row) => {
    const control = controlOf(row);
    if (known.has(control)) return false;
    known.add(control);
    return true;
  });
}

async function tellAll(
  source: Source,
  rows: readonly Row[],
  reader: Reader,
): Promise<NativeMessage[] | HarmlessFailure> {
  try {
    return (await Promise.all(rows.map((row) => tellOne(source, row, reader)))).flat();
  } catch (error) {
    if (error instanceof LookFailed) return error.failure;
    throw error;
  }
}

async function tellOne(source: Source, row: Row, reader: Reader): Promise<NativeMessage[]> {
  const event = parseExact(textOf(row["Payload"])) as Row | undefined;
  const tell = source[textOf(row["BusinessEventId"])];
  if (!event || !tell) return [];
  const told = await tell(event, reader);
  return told.map((message, n) => {
    const id = `${textOf(event["EventId"])}${told.length > 1 ? `/${n + 1}` : ""}`;
    return {
      contentType: "application/json",
      raw: Buffer.from(JSON.stringify({ id, event, ...message })),
    };
  });
}

function momentOf(row: Row): [number, number] {
  const at = Date.parse(textOf(row["EventTime"]));
  return [controlOf(row), Number.isNaN(at) ? 0 : Math.floor(at / 1000)];
}

function controlOf(row: Row): number {
  return Number(textOf(row["ControlNumber"]));
}
