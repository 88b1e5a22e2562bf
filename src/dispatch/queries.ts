import { query, type Pool, type Statement } from "../db/pool.ts";
import { INTERLOCK_SOURCE } from "../event/envelope.ts";
import type { EventRow } from "../ledger/queries.ts";
import { eventRow } from "../ledger/recent.ts";
import type { AppendRow } from "../ledger/row.ts";
import type { CaseRow } from "../case/open.ts";
import type { ParkedFor, Settlement } from "./policy.ts";

/** What one call came to: a row of `settle`'s results (sql/0018_less_to_begin.sql). */
export interface ResultRow {
  /** Its place among those that are settled together, and its event's. */
  ord: number;
  readonly lane: string;
  readonly reference: string;
  readonly attempt: number;
  readonly kind: "send" | "probe";
  readonly began_at: string;
  readonly ended_at: string;
  /** Null: it was settled without a call. */
  readonly class: string | null;
  readonly status: string | null;
  readonly detail: string | null;
  readonly next: Settlement["next"];
  readonly wake_ms: number;
  readonly why: string | null;
  readonly parked_for: ParkedFor | null;
  readonly missing: string | null;
  readonly sends: number;
  readonly probes: number;
  readonly tries: number;
  readonly early: boolean;
  readonly outcome: string | null;
  readonly evidence: string | null;
  /** Whether it has an event. */
  readonly tells: boolean;
  readonly case: CaseRow | null;
}

/** For `settle` (sql/0018_less_to_begin.sql). */
export interface SettleParameters {
  readonly system: string;
  readonly hub: string;
  readonly fence: number;
  readonly leaseMs: number;
  readonly want: number;
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  /** Settling sets the places of all. */
  readonly results: readonly { readonly row: ResultRow; readonly event: AppendRow | null }[];
  readonly pause: { readonly why: string; readonly event: AppendRow } | null;
}

/** What was claimed, with the lane's counts after the claim. */
export interface ClaimRow {
  readonly lane: string;
  readonly reference: string;
  readonly type: string;
  readonly payload: string;
  readonly process: string;
  readonly key: string;
  readonly name: string;
  readonly cause_seq: number;
  readonly correlation: string;
  readonly plant: string | null;
  readonly traceparent: string | null;
  readonly doing: "send" | "probe";
  readonly attempt: number;
  readonly sends: number;
  readonly probes: number;
  readonly tries: number;
  readonly missing: string | null;
  readonly first_sent_ms: number | null;
  readonly sent_ms: number | null;
  readonly settled: boolean;
  readonly settle_ms: number;
  readonly was: string;
}

export interface Settled {
  readonly claimed: readonly ClaimRow[];
  /** What was appended of the results' and the pause's events; undefined where not all of it is known. */
  readonly told: readonly EventRow[] | undefined;
  /** In how many milliseconds the next lane can move, 0: now; undefined: none waits, or no more are wanted. */
  readonly dueInMs: number | undefined;
}

type SettledRow = {
  claimed: ClaimRow[] | null;
  told: number[] | null;
  first_seq: number | null;
  recorded_at: string | null;
  due_in_ms: number | null;
};

const SETTLE: Statement = { name: "dispatch.settle", text: "select * from settle($1, $2, $3)" };

export async function settle(on: Pool, { results, pause, ...common }: SettleParameters): Promise<Settled> {
  const events: AppendRow[] = [];
  const tell = (event: AppendRow, ord: number): void => {
    event.ord = ord;
    events.push(event);
  };
  for (const [ord, { row, event }] of results.entries()) {
    row.ord = ord;
    if (event) tell(event, ord);
  }
  if (pause) tell(pause.event, results.length);
  const p = { ...common, pause: pause && { why: pause.why, ord: results.length } };
  const values = [p, results.map(({ row }) => row), events].map((value) => JSON.stringify(value));
  const [row] = await query<SettledRow>(on, SETTLE, values);
  const { claimed, told, first_seq, recorded_at, due_in_ms } = row!;
  return {
    claimed: claimed ?? [],
    told: told?.map((ord, i) => {
      const event = ord === results.length ? pause!.event : results[ord]!.event!;
      return eventRow(INTERLOCK_SOURCE, event, first_seq! + i, recorded_at!);
    }),
    dueInMs: due_in_ms ?? undefined,
  };
}

/** @param held references of the claims in hand */
export async function takeOverLanes(
  on: Pool,
  system: string,
  fence: number,
  held: readonly string[],
): Promise<number> {
  const [row] = await query<{ lanes: number }>(
    on,
    { name: "dispatch.take-over", text: "select take_over_lanes($1, $2, $3) as lanes" },
    [system, fence, held],
  );
  return row!.lanes;
}

/** In how many milliseconds a lane of the system can move, 0: now; undefined: none waits. Reads one row of the index `lanes_by_wake`. */
export async function peekLanes(on: Pool, system: string): Promise<number | undefined> {
  const [row] = await query<{ in_ms: number }>(
    on,
    {
      name: "dispatch.peek",
      text: `
        select greatest(0, ceil(extract(epoch from wake_at - clock_timestamp()) * 1000))::bigint as in_ms from lanes
        where system = $1 and wake_at is not null
          and not exists (select from systems where system = $1 and paused is not null)
        order by wake_at limit 1`,
    },
    [system],
  );
  return row?.in_ms;
}
