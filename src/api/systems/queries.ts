import { type Pool, query } from "../../db/pool.ts";
import { instantText } from "../sql-text.ts";
import type { SystemAnswer } from "./system.ts";

/** What the store knows of a system; its role, plant and connector are in interlock.yaml, its pulse in the hub. */
export type SystemState = Omit<SystemAnswer, "role" | "plant" | "connector" | "health" | "why" | "pulse">;

export async function selectSystemStates(pool: Pool, systems: readonly string[]): Promise<SystemState[]> {
  return query<SystemState>(
    pool,
    {
      name: "api_systems",
      text: `select g.system, s.paused, s.paused_by as "pausedBy", s.paused_at as "pausedAt",
          (select hub_id from leases where name = 'system:' || g.system and expires_at > clock_timestamp()) as owner,
          coalesce((select json_object_agg(state, n) from (
            select state, count(*) as n from lanes where system = g.system and state <> 'idle' group by state) x), '{}') as lanes,
          (select min(wake_at) from lanes where system = g.system and wake_at is not null) as "oldestDueAt",
          coalesce((select json_agg(json_build_object('stream', stream, 'position', position,
              'caughtUpTo', ${instantText("caught_up_to")}, 'heartbeatAt', ${instantText("heartbeat_at")}) order by stream)
            from cursors where system = g.system), '[]') as cursors,
          w.waiting as "waitingMessages", w.quarantined,
          (select opened_at from cases where state = 'open' and fingerprint = 'PLANT_UNREACHABLE/' || g.system) as "silentSince",
          (select received_at from inbound where system = g.system order by -id limit 1) as "lastMessageAt"
        from unnest($1::text[]) as g (system) left join systems s on s.system = g.system
        -- by state: each has its own index
        cross join lateral (
          select (select count(*) from inbound where system = g.system and state = 'kept')
              + (select count(*) from inbound where system = g.system and state in ('held', 'quarantined')) as waiting,
            (select count(*) from inbound where system = g.system and state = 'quarantined') as quarantined) w
        order by g.system`,
    },
    [systems],
  );
}
