import { createTestDatabase } from "../../db/testing/database.ts";
import { sourceOf, eventType } from "../../event/envelope.ts";
import { appendEvents, ensureSource, selectHead } from "../../ledger/queries.ts";
import { appendRow, engineEvent } from "../../ledger/row.ts";
import { partitionLease, PARTITIONS } from "../../route/partition.ts";
import { routeStep } from "../../route/router.ts";
import { ALWAYS } from "../calendar.ts";
import type { Surroundings } from "../catalog.ts";
import type { ProcessDefinition } from "../contract.ts";
import { FactCache } from "../facts.ts";
import { decideStep, type DecideOptions, type DecideResult } from "../run.ts";

/** Any definition, whatever its state and phases. */
// A handler takes its own state only, so no single state type fits all definitions.
export function asDefinition(definition: unknown): ProcessDefinition {
  return definition as ProcessDefinition;
}

/** A database with a router and all partitions under one hub's leases, and hands to play them step by step. */
export async function openLine(
  definitions: readonly ProcessDefinition[],
  options: { ledgerId?: string; claimable?: boolean; connections?: number } = {},
) {
  const { connections: max } = options;
  const database = await createTestDatabase(max === undefined ? {} : { max });
  const { pool } = database;
  if (options.ledgerId !== undefined)
    await pool.query("update ledger_head set ledger_id = $1", [options.ledgerId]);
  const { ledgerId } = await selectHead(pool);
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  const leases = partitions.map((partition) => ({ name: partitionLease(partition), partition, fence: 1 }));
  await pool.query(
    "insert into leases (name, hub_id, fence, expires_at) select unnest($1::text[]), 'one', 1, now() + interval '1 hour'",
    [["router", "system:erp", ...leases.map(({ name }) => name)]],
  );
  const source = (await ensureSource(pool, sourceOf("crm")))!;
  const surroundings: Surroundings = {
    ledgerId,
    workingTime: () => ALWAYS,
    caseDueAt: () => undefined,
    catalog: {
      resolve: (system, _type, payload) => ({
        system,
        lane: `salesOrder/${(payload as { salesOrder: string }).salesOrder}`,
        // more than an integer column takes
        settleMs: (payload as { salesOrder: string }).salesOrder === "poison" ? 5e9 : 1_000,
        safety: "probe",
        claimable: options.claimable ?? false,
      }),
      streams: (watched) => [watched],
      checkEvent: () => undefined,
    },
  };
  const decideOptions: DecideOptions = {
    pool,
    hub: { id: "one" },
    leases,
    leaseMs: 60_000,
    definitions: new Map(definitions.map((definition) => [definition.name, definition])),
    surroundings,
    facts: new FactCache(),
    claims: [],
    limit: 500,
  };
  let told = 0;

  const line = {
    pool,
    database,
    decideOptions,
    /** Appends a business event of the CRM. @returns its position */
    async tell(
      name: string,
      data: object,
      more: { time?: string; id?: string; plant?: string } = {},
    ): Promise<number> {
      const row = appendRow(
        {
          sourceId: source,
          source: sourceOf("crm"),
          id: more.id ?? `told-${++told}`,
          type: eventType(name),
          subject: "test/1",
          time: more.time ?? "2026-03-02T08:00:00Z",
          body: JSON.stringify(data),
          plant: more.plant,
        },
        0,
      );
      return (await appendEvents(pool, JSON.stringify([row])))[0]!.seq;
    },
    /** Appends what the engine or a person would tell an instance. */
    async tellInstance(name: string, process: string, key: string, data: object = {}): Promise<number> {
      const event = engineEvent({
        name,
        id: `${name}-${++told}`,
        subject: "test/1",
        time: "2026-03-02T09:00:00Z",
        data: { process, key, ...data },
      });
      return (await appendEvents(pool, JSON.stringify([appendRow(event, 0)])))[0]!.seq;
    },
    route: (more: Partial<Parameters<typeof routeStep>[0]> = {}) =>
      routeStep({
        pool,
        hub: { id: "one" },
        fence: 1,
        definitions: decideOptions.definitions,
        leaseMs: 60_000,
        limit: 500,
        ...more,
      }),
    decide: (more: Partial<DecideOptions> = {}): Promise<DecideResult> =>
      decideStep({ ...decideOptions, ...more }),
    /** Routes and decides until nothing is left, derived events included. */
    async settle(): Promise<void> {
      for (let idle = false; !idle;) {
        const { routed } = await line.route();
        const { consumed } = await line.decide();
        idle = routed === 0 && consumed === 0;
      }
    },
    rows: async (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
      (await pool.query<Record<string, unknown>>(sql, values)).rows,
    close: () => database.drop(),
  };
  return line;
}
