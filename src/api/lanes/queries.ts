import { type Pool, query } from "../../db/pool.ts";
import { filtered } from "../filter.ts";
import { plantCondition, type Scope } from "../scope.ts";
import type { LaneRow } from "./lane.ts";

export interface LaneFilter {
  readonly system?: string | undefined;
  readonly lane?: string | undefined;
  readonly state?: string | undefined;
  readonly scope?: Scope;
}

export async function selectLanes(
  pool: Pool,
  filter: LaneFilter,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<LaneRow[]> {
  const { statement, values } = filtered(
    "api_lanes",
    // Positions behind the head that hold no ended effect: next_pos counts those that were withdrawn while they waited too.
    `select system, lane, state, head, why, parked_for as "parkedFor", attempt, wake_at as "wakeAt",
       (select count(*) from effects e where e.system = lanes.system and e.lane = lanes.lane and e.pos > lanes.head_pos
          and e.reference <> lanes.head and not exists (select from outcomes o where o.reference = e.reference)) as waiting
     from lanes`,
    [
      ["state <> 'idle'"],
      ["system = ?", filter.system],
      ["lane = ?", filter.lane],
      ["state = ?", filter.state],
      plantCondition("(select e.plant from effects e where e.reference = lanes.head)", filter.scope),
      ["(system, lane) > (?, ?)", ...(after ?? [undefined])],
    ],
    ["order by system, lane limit ?", limit],
  );
  return query<LaneRow>(pool, statement, values);
}
