import { type Pool, query } from "../../db/pool.ts";

export interface Lease {
  readonly name: string;
  readonly hub: string;
  readonly fence: number;
  readonly expiresAt: string;
  readonly held: boolean;
  readonly checkpoint: number;
}

export async function selectLeases(pool: Pool): Promise<Lease[]> {
  return query<Lease & Record<string, unknown>>(pool, {
    name: "api_leases",
    text: `select name, hub_id as hub, fence, expires_at as "expiresAt", expires_at > clock_timestamp() as held, checkpoint
           from leases order by name`,
  });
}
