import { type Pool, query } from "../../db/pool.ts";
import type { Recovery } from "./recovery.ts";

export async function selectRecoveries(pool: Pool): Promise<Recovery[]> {
  return query<Recovery>(pool, {
    name: "api_recoveries",
    text: `select id, began_at as "beganAt", reason, anchor_seq as "anchorSeq", anchor_at as "anchorAt",
             ended_at as "endedAt", ended_by as "endedBy"
           from recoveries order by id desc limit 100`,
  });
}
