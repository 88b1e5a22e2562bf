import { type Pool, query } from "../../db/pool.ts";
import { instantText } from "../sql-text.ts";
import { filtered } from "../filter.ts";
import { plantCondition, type Scope } from "../scope.ts";
import type { InstanceDetail, InstanceRow } from "./instance.ts";

const COLUMNS = `i.process, i.key, i.phase, i.definition_version as version, i.held, i.correlation, i.plant, i.began_at as "beganAt"`;
const DEFERRED = `(select count(*) from deferred d where d.process = i.process and d.key = i.key) as deferred`;

export interface InstanceFilter {
  readonly process?: string | undefined;
  readonly key?: string | undefined;
  readonly phase?: string | undefined;
  readonly plant?: string | undefined;
  readonly held: boolean;
  readonly scope: Scope;
}

export async function selectInstances(
  pool: Pool,
  { process, key, phase, plant, held, scope }: InstanceFilter,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<InstanceRow[]> {
  const { statement, values } = filtered(
    held ? "api_held_instances" : "api_instances",
    `select ${COLUMNS}, ${DEFERRED} from instances i`,
    [
      ["i.process = ?", process],
      ["i.key = ?", key],
      ["i.phase = ?", phase],
      ["i.plant = ?", plant],
      plantCondition("i.plant", scope),
      ...(held ? [["i.held is not null"] as const] : []),
      ["(i.process, i.key) > (?, ?)", ...(after ?? [undefined])],
    ],
    ["order by i.process, i.key limit ?", limit],
  );
  return query<InstanceRow>(pool, statement, values);
}

/** Which of these instances there are. */
export async function selectInstancesOf(
  pool: Pool,
  keys: readonly { readonly process: string; readonly key: string }[],
): Promise<InstanceRow[]> {
  return query<InstanceRow>(
    pool,
    {
      name: "api_instances_of",
      text: `select ${COLUMNS}, ${DEFERRED} from unnest($1::text[], $2::text[]) as g (process, key)
        join instances i on i.process = g.process and i.key = g.key order by i.began_at, i.process, i.key`,
    },
    [keys.map(({ process }) => process), keys.map(({ key }) => key)],
  );
}

export async function selectInstance(
  pool: Pool,
  process: string,
  key: string,
): Promise<InstanceDetail | undefined> {
  const [row] = await query<InstanceDetail>(
    pool,
    {
      name: "api_instance",
      text: `select ${COLUMNS}, i.state::json as state,
          coalesce((select json_agg(json_build_object('name', t.name, 'dueAt', ${instantText("t.due_at")}, 'fired', t.fired,
            'watches', t.streams) order by t.due_at)
            from timers t where t.process = i.process and t.key = i.key), '[]') as timers,
          coalesce((select json_agg(json_build_object('seq', d.seq, 'deadlineAt', ${instantText("d.deadline_at")}, 'expired', d.expired)
            order by d.n) from deferred d where d.process = i.process and d.key = i.key), '[]') as deferred
        from instances i where i.process = $1 and i.key = $2`,
    },
    [process, key],
  );
  return row;
}
