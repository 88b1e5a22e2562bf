import { randomUUID } from "node:crypto";

import type { Client, Pool } from "../db/pool.ts";
import type { EventData } from "../contract/generated.ts";
import { toUtc } from "../event/time.ts";
import { appendEvents } from "../ledger/queries.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";

type Told = EventData["interlock.AccountChanged.v1"];

/** Who did it and why. */
export interface Author {
  readonly actor: string;
  readonly reason: string;
}

/** Into the ledger, in the transaction that makes the change: rights never move without a trace. */
export async function tellRights(
  on: Pool | Client,
  change: Omit<Told, "actor" | "reason">,
  { actor, reason }: Author,
): Promise<void> {
  const event = engineEvent({
    name: "AccountChanged",
    id: `account/${change.account}/${change.change}/${randomUUID()}`,
    subject: `account/${change.account}`,
    time: toUtc(new Date().toISOString())!,
    data: { ...change, actor, reason },
    actor,
    reason,
  });
  await appendEvents(on, JSON.stringify([appendRow(event, 0)]));
}
