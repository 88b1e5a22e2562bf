import { type Pool, query } from "../../db/pool.ts";

export interface PhaseCount {
  readonly process: string;
  readonly phase: string;
  readonly plant: string | null;
  readonly count: number;
  readonly held: number;
  readonly oldest: string;
  readonly [column: string]: unknown;
}

/** Reads every instance: see `seldom`. */
export async function selectPhaseCounts(pool: Pool): Promise<PhaseCount[]> {
  return query<PhaseCount>(pool, {
    name: "api_phase_counts",
    text: `select process, phase, plant, count(*) as count, count(held) as held, min(began_at) as oldest
      from instances group by process, phase, plant`,
  });
}
