import type { Pool } from "../../db/pool.ts";

/** A lane of `works` with effects in it, its head in the given state, and the instance that intended them. */
export async function insertLane(
  pool: Pool,
  key: string,
  { effects, state = "parked" }: { readonly effects: number; readonly state?: "parked" | "ready" },
): Promise<string[]> {
  const lane = `salesOrder/${key}`;
  const references = Array.from({ length: effects }, (_, i) =>
    `${key.replaceAll(/\D/g, "")}${i}`.padStart(16, "0"),
  );
  await pool.query(
    `insert into instances (process, key, partition, definition_version, phase, state, began_at, correlation, last_n)
     values ('order-confirmation', $1, 0, 1, 'confirming', '{"lines":1}', now(), $2, 1)`,
    [key, lane],
  );
  for (const [i, reference] of references.entries()) {
    await pool.query(
      `insert into effects (reference, system, lane, pos, type, process, key, name, cause_seq, correlation, payload, payload_hash, settle_ms)
       values ($1, 'works', $2, $3, 'CreateSalesOrder.v1', 'order-confirmation', $4, $5, 1, $2, '{"salesOrder":"X"}', '', 1000)`,
      [reference, lane, i + 1, key, `create-${i}`],
    );
  }
  await pool.query(
    `insert into lanes (system, lane, next_pos, head_pos, head, state, attempt, sends, wake_at, parked_for, why)
     values ('works', $1, $2, 1, $3, $4, 1, 1, case when $4 = 'ready' then now() end,
       case when $4 = 'parked' then 'rejected' end, case when $4 = 'parked' then 'unknown item' end)`,
    [lane, effects + 1, references[0], state],
  );
  await pool.query(
    `insert into attempts (reference, n, kind, began_at, ended_at, class, status, detail)
     values ($1, 1, 'send', now(), now(), 'reject', '422', 'unknown item')`,
    [references[0]],
  );
  return references;
}
