import { type Pool, query } from "../../db/pool.ts";
import { filtered } from "../filter.ts";
import type { MessageDetail, MessageRow } from "./message.ts";

const COLUMNS = `id, system, stream, native_id as "nativeId", object_key as "objectKey", version, content_type as "contentType",
  received_at as "receivedAt", state, problem::json as problem, event_seq as "eventSeq"`;

export interface MessageFilter {
  readonly system?: string | undefined;
  readonly stream?: string | undefined;
  readonly object?: string | undefined;
  readonly state?: string | undefined;
  /** Only of these. */
  readonly systems?: readonly string[] | undefined;
  readonly event?: string | undefined;
}

/** In these states there are few, each in an index of its own, which a plan for any state cannot use. */
const APART_STATES: ReadonlySet<string> = new Set(["held", "quarantined", "conflict", "refused"]);
const APART = "state in ('held', 'quarantined', 'conflict', 'refused')";
const KEPT = "state = 'kept'";

/** Newest first. */
export async function selectMessages(
  pool: Pool,
  { system, stream, object, state, event, systems }: MessageFilter,
  before: number | undefined,
  limit: number,
): Promise<MessageRow[]> {
  const { statement, values } = filtered(
    "api_inbound",
    `select ${COLUMNS} from inbound`,
    [
      ["system = ?", system],
      ["stream = ?", stream],
      ["object_key = ?", object],
      ["state = ?", state],
      [KEPT, ...(state === "kept" ? [] : [undefined])],
      [APART, ...(APART_STATES.has(state ?? "") ? [] : [undefined])],
      ["event_seq = ?", event],
      ["system = any (?::text[])", systems],
      ["id < ?", system === undefined ? before : undefined],
      ["-id > -?::bigint", system === undefined ? undefined : before],
    ],
    // see sql/0014_inbound_lists.sql
    [system === undefined ? "order by id desc limit ?" : "order by -id limit ?", limit],
  );
  return query<MessageRow>(pool, statement, values);
}

export async function selectMessage(pool: Pool, id: number): Promise<MessageDetail | undefined> {
  const [row] = await query<MessageDetail>(
    pool,
    {
      name: "api_message",
      text: `select ${COLUMNS}, translate(encode(raw, 'base64'), E'\\n', '') as raw from inbound where id = $1`,
    },
    [id],
  );
  return row;
}
