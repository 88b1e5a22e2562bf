import { entriesOf, type NativeMessage, type ReadAnswer } from "../../src/connector/index.ts";
import type { HarmlessFailure } from "./answer-class.ts";
import type { Client, Row, Rows } from "./client.ts";
import type { SalesforceConfig } from "./config.ts";
import { readCursor, writeCursor, type Cursor } from "./cursor.ts";
import { instantOf, moment, quote } from "./soql.ts";
import { numberOf, type Source } from "./stream.ts";

type Settings = Pick<SalesforceConfig, "pageSize" | "overlapMs" | "readFrom">;

/**
 * One page of a stream. Stamps are kept to the second and many rows share one, so a page goes on behind a stamp and
 * an id. A sweep that has come to its end has read all that was committed and stamped before it began, less the
 * overlap: that much is read again by the next one, and rows met twice are dropped by their identity.
 */
export async function readRows(
  client: Client,
  source: Source,
  text: string | undefined,
  { pageSize: whole = 500, overlapMs = 300_000, readFrom }: Settings,
  signal: AbortSignal,
  share?: number,
): Promise<ReadAnswer> {
  const pageSize = entriesOf(whole, share);
  const cursor = readCursor(text, readFrom);
  const { since, at } = cursor;
  const sweep = at
    ? { began: at.began, high: cursor.high }
    : await beginSweep(client, source, cursor, { overlapMs, readFrom }, signal);
  if ("class" in sweep) return sweep;
  const { began, high } = sweep;
  const reply = await client.query(pageQuery(source, cursor, pageSize), signal);
  if (!reply.ok) return reply.failure;
  const rows = await withAllChildren(client, source, reply.rows, signal);
  if (!Array.isArray(rows)) return rows;
  const last = rows.at(-1);
  const messages = rows.map((row) => asMessage(source, row));
  if (last && rows.length >= pageSize) {
    const next = { began, stamp: instantOf(last["SystemModstamp"]), id: String(last["Id"]) };
    if (Number.isNaN(next.stamp)) return { class: "retry", why: "a row came without its stamp" };
    return page(messages, { since, at: next, high }, true);
  }
  const settled = began - overlapMs;
  return {
    ...page(messages, { since: nextSince(settled, readFrom), at: null, high }, false),
    caughtUpTo: moment(settled),
  };
}

/** Looks at the newest row first: whether there is anything to read, and whether the org was set back. */
async function beginSweep(
  client: Client,
  source: Source,
  cursor: Cursor,
  { overlapMs, readFrom }: { readonly overlapMs: number; readonly readFrom: string | undefined },
  signal: AbortSignal,
): Promise<{ began: number; high: number } | ReadAnswer> {
  const order = source.kind === "log" ? "Name DESC" : "SystemModstamp DESC";
  const fields = source.kind === "log" ? "Name, SystemModstamp" : "SystemModstamp";
  // Deleted rows count: a number that was given stays given.
  const reply = await client.query(
    `SELECT ${fields} FROM ${source.object} ORDER BY ${order} NULLS LAST LIMIT 1`,
    signal,
    { deleted: true },
  );
  if (!reply.ok) return reply.failure;
  const began = Date.parse(reply.date ?? "");
  if (Number.isNaN(began)) return { class: "retry", why: "the org did not say what time it is" };
  const [newest] = reply.rows;
  const high = newest ? numberOf(source, newest) : 0;
  if (Number.isNaN(high))
    return {
      class: "retry",
      why: `the newest ${source.object} carries no number: its Name must be an auto number`,
    };
  const settled = began - overlapMs;
  if (high < cursor.high) {
    // The org stands before where we were: it was restored. What comes next is stamped from now on.
    const next = { since: nextSince(settled, readFrom), at: null, high };
    return { ...page([], next, false), highWater: String(high) };
  }
  const { since } = cursor;
  const stamp = newest ? instantOf(newest["SystemModstamp"]) : -Infinity;
  if (since !== null && stamp < since) {
    // Nothing is younger than what was read to its end, late commits and all.
    const next = { since: nextSince(settled, readFrom), at: null, high };
    return { ...page([], next, false), caughtUpTo: moment(settled), highWater: String(high) };
  }
  return { began, high };
}

/** By the org's clock alone, also where that was set back: a time in its future would leave out all until then. */
function nextSince(settled: number, readFrom: string | undefined): number {
  return readFrom === undefined ? settled : Math.max(settled, Date.parse(readFrom));
}

function pageQuery(
  { object, fields, children, where }: Source,
  { since, at }: Cursor,
  pageSize: number,
): string {
  const names = [...new Set(["Id", "SystemModstamp", ...fields])];
  const inner = children
    ? `, (SELECT ${children.fields.join(", ")} FROM ${children.relation} ORDER BY ${children.order})`
    : "";
  const conditions = where === undefined ? [] : [where];
  if (at) {
    const stamp = moment(at.stamp);
    conditions.push(`(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > ${quote(at.id)}))`);
  } else if (since !== null) conditions.push(`SystemModstamp >= ${moment(since)}`);
  const filter = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  return `SELECT ${names.join(", ")}${inner} FROM ${object}${filter} ORDER BY SystemModstamp, Id LIMIT ${pageSize}`;
}

type Result = {
  readonly done?: unknown;
  readonly nextRecordsUrl?: unknown;
  readonly records?: readonly Row[];
};

/** The org cuts long lists of children into pages of their own. */
async function withAllChildren(
  client: Client,
  { children }: Source,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<Row[] | HarmlessFailure> {
  if (!children) return [...rows];
  const complete: Row[] = [];
  for (const row of rows) {
    const result = (row[children.relation] ?? null) as Result | null;
    let records = result?.records ?? [];
    if (result?.done === false && typeof result.nextRecordsUrl === "string") {
      const rest: Rows = await client.rest(result.nextRecordsUrl, signal);
      if (!rest.ok) return rest.failure;
      records = [...records, ...rest.rows];
    }
    complete.push({ ...row, [children.relation]: records.map(withoutAttributes) });
  }
  return complete;
}

/**
 * The message is what does not change when a row is read again: without the address, which names the API's version,
 * and for rows that are written once without their stamp, which an administrator's clean-up moves.
 */
function asMessage({ kind, object }: Source, row: Row): NativeMessage {
  const { SystemModstamp: stamp, ...rest } = withoutAttributes(row);
  const message = {
    attributes: { type: object },
    ...rest,
    ...(kind === "state" ? { SystemModstamp: stamp } : {}),
  };
  return { contentType: "application/json", raw: Buffer.from(JSON.stringify(message)) };
}

function withoutAttributes({ attributes: _attributes, ...fields }: Row): Row {
  return fields;
}

function page(messages: readonly NativeMessage[], cursor: Cursor, more: boolean) {
  return {
    class: "page",
    messages,
    cursor: writeCursor(cursor),
    more,
    highWater: String(cursor.high),
  } as const;
}
