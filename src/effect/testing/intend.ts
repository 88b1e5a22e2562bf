import type { Pool } from "../../db/pool.ts";

export interface Intended {
  readonly reference: string;
  readonly system: string;
  /** Of the sales order that it is to create, which is the lane, too. */
  readonly key: string;
}

/** Effects as a decision leaves them: the first of a lane is its head. */
export async function intend(pool: Pool, effects: readonly Intended[]): Promise<void> {
  const rows = effects.map(({ reference, system, key }, ord) => ({
    ord,
    reference,
    system,
    lane: `salesOrder/${key}`,
    type: "CreateSalesOrder.v1",
    process: "order-confirmation",
    key,
    name: "create",
    cause_seq: 1,
    correlation: `salesOrder/${key}`,
    payload: "{}",
    payload_hash: "00",
    settle_ms: 0,
    probe_first: false,
  }));
  await pool.query("select queue_effects($1::json, '[]')", [JSON.stringify(rows)]);
}
