import { type Pool, query } from "../../db/pool.ts";

export interface Recorded {
  readonly id: number;
  readonly object: string;
  readonly raw: Uint8Array;
  readonly [column: string]: unknown;
}

/** The newest messages of these streams, of the last days. Looks at the last 100,000 messages of all systems at most. */
export async function selectRecorded(
  pool: Pool,
  {
    system,
    streams,
    days,
  }: { readonly system: string; readonly streams: readonly string[]; readonly days: number },
  limit: number,
): Promise<Recorded[]> {
  return query<Recorded>(
    pool,
    {
      name: "api_recorded",
      text: `select id, object_key as object, raw from inbound
        where id > (select max(id) - 100000 from inbound) and system = $1 and stream = any ($2)
          and received_at > clock_timestamp() - make_interval(days => $3)
        order by id desc limit $4`,
    },
    [system, streams, days, limit],
  );
}

export async function selectRecordedMessage(
  pool: Pool,
  system: string,
  id: number,
): Promise<Recorded | undefined> {
  const [row] = await query<Recorded>(
    pool,
    {
      name: "api_recorded_message",
      text: "select id, object_key as object, raw from inbound where id = $2 and system = $1",
    },
    [system, id],
  );
  return row;
}
