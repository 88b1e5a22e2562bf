import { type Pool, query, type Statement } from "../db/pool.ts";

const LEDGER_ID: Statement = { name: "hub.ledger-id", text: "select ledger_id from ledger_head" };

export async function selectLedgerId(pool: Pool): Promise<string> {
  const [row] = await query<{ ledger_id: string }>(pool, LEDGER_ID, []);
  return row!.ledger_id;
}
