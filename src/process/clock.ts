/**
 * What time alone brings about. Each step is one transaction: rows are marked, and the events that say so are appended with
 * ids derived from those rows, so that any number of hubs may run it and a step done twice tells nothing twice.
 */
import { hash } from "node:crypto";
import { type Client, type Pool, transaction } from "../db/pool.ts";
import { appendEvents } from "../ledger/queries.ts";
import { withMicros } from "../ledger/read.ts";
import { appendRow, engineEvent, type NewEvent } from "../ledger/row.ts";
import type { Surroundings } from "./catalog.ts";
import { type CaseRow, instanceMember } from "./outcome.ts";
import {
  type ExpiredRow,
  expireDeferred,
  expireWaiting,
  fireTimers,
  openCases,
  selectDue,
  selectLateTimers,
} from "./queries.ts";

export interface ClockOptions {
  readonly pool: Pool;
  readonly limit: number;
  readonly surroundings: Pick<Surroundings, "caseDueAt">;
}

export interface Told {
  /** Events appended. */
  readonly told: number;
  /** Whether there may be more. */
  readonly more: boolean;
}

/** Tells whatever has become due. */
export async function passTime(options: ClockOptions): Promise<Told> {
  const due = await selectDue(options.pool);
  const told = await Promise.all([
    ...(due.timers ? [fireDueTimers(options)] : []),
    ...(due.deferrals ? [expireDeferrals(options)] : []),
    ...(due.waits ? [expireWaits(options)] : []),
  ]);
  return { told: told.reduce((sum, each) => sum + each.told, 0), more: told.some(({ more }) => more) };
}

/**
 * Tells TimerFired for timers whose time has come. A timer that watches streams fires only when they were read up to its due
 * time: after downtime the silence of the streams says nothing yet.
 */
async function fireDueTimers({ pool, limit }: ClockOptions): Promise<Told> {
  return tell(pool, limit, async (client) =>
    (await fireTimers(client, limit)).map((timer) => {
      const { process, key, name, generation } = timer;
      const dueAt = withMicros(timer.due_at);
      return engineEvent({
        name: "TimerFired",
        id: derivedId("timer", [process, key, name, generation, dueAt]),
        subject: timer.correlation,
        time: dueAt,
        data: { process, key, name, generation, dueAt },
        correlation: timer.correlation,
        plant: timer.plant ?? undefined,
      });
    }),
  );
}

export interface LateTimer {
  readonly process: string;
  readonly key: string;
  readonly name: string;
  readonly dueAt: string;
  /** In words, for people. */
  readonly why: string;
}

/** Timers that are due and do not fire, with the reason. */
export async function findLateTimers(pool: Pool, limit = 100): Promise<LateTimer[]> {
  return (await selectLateTimers(pool, limit)).map(({ process, key, name, due_at, streams }) => ({
    process,
    key,
    name,
    dueAt: withMicros(due_at),
    why: `waits until ${streams.join(", ")} ${streams.length === 1 ? "was" : "were"} read up to ${withMicros(due_at)}`,
  }));
}

/** Tells DeferralExpired, with a case, for events that were deferred longer than their process allows. They stay deferred. */
async function expireDeferrals({ pool, limit, surroundings }: ClockOptions): Promise<Told> {
  return tell(pool, limit, async (client) => {
    const expired = await expireDeferred(client, limit);
    await open(
      client,
      expired.map((row) => ({
        ...expiredCase("DEFERRAL_EXPIRED", row, surroundings, { key: row.key }),
        title: `${row.type} has waited too long for ${row.process} to be able to decide on it`,
        member_kind: "instance",
        member_ref: instanceMember(row.process, row.key, `DEFERRAL_EXPIRED@${row.seq}`),
      })),
    );
    return expired.map((row) => {
      const { process, key, seq } = row;
      return expiredEvent("DeferralExpired", row, { process, key, seq });
    });
  });
}

/** Tells WaitExpired, with a case, for events whose object was not linked in time. They still wait. */
async function expireWaits({ pool, limit, surroundings }: ClockOptions): Promise<Told> {
  return tell(pool, limit, async (client) => {
    const expired = await expireWaiting(client, limit);
    await open(
      client,
      expired.map((row) => ({
        ...expiredCase("WAIT_EXPIRED", row, surroundings, {
          object: `${row.known_kind}/${row.known_id}`,
          missing: row.to_kind,
        }),
        title: `${row.type} waits: no ${row.to_kind} is linked to ${row.known_kind} ${row.known_id}`,
        member_kind: "event",
        member_ref: String(row.seq),
      })),
    );
    return expired.map((row) =>
      expiredEvent("WaitExpired", row, {
        seq: row.seq,
        process: row.process,
        kind: row.known_kind,
        id: row.known_id,
        missingKind: row.to_kind,
      }),
    );
  });
}

async function tell(pool: Pool, limit: number, mark: (client: Client) => Promise<NewEvent[]>): Promise<Told> {
  const told = await transaction(pool, async (client) => {
    const events = await mark(client);
    if (events.length > 0) await appendEvents(client, JSON.stringify(events.map(appendRow)));
    return events.length;
  });
  return { told, more: told === limit };
}

async function open(client: Client, cases: readonly CaseRow[]): Promise<void> {
  if (cases.length > 0) await openCases(client, cases);
}

function expiredCase(
  kind: "DEFERRAL_EXPIRED" | "WAIT_EXPIRED",
  row: ExpiredRow,
  { caseDueAt }: Pick<Surroundings, "caseDueAt">,
  detail: object,
): Omit<CaseRow, "title" | "member_kind" | "member_ref"> {
  return {
    fingerprint: `${kind}:${row.process}:${row.seq}`,
    kind,
    owner: "it",
    plant: row.plant,
    system: null,
    subject: row.subject,
    correlation: row.correlation,
    detail: JSON.stringify({
      happened: `${row.type} of ${row.subject} has waited until ${withMicros(row.deadline_at)}`,
      process: row.process,
      event: row.seq,
      ...detail,
      remedy: "find out why what it waits for does not come; it is decided on when it does",
    }),
    sla_at: caseDueAt("it", row.plant ?? undefined, withMicros(row.deadline_at)) ?? null,
  };
}

function expiredEvent(name: "DeferralExpired" | "WaitExpired", row: ExpiredRow, data: object): NewEvent {
  return engineEvent({
    name,
    id: derivedId(name, [row.process, row.seq, data]),
    subject: row.subject,
    time: withMicros(row.deadline_at),
    data,
    correlation: row.correlation,
    plant: row.plant ?? undefined,
    causeSeq: row.seq,
  });
}

function derivedId(what: string, of: readonly unknown[]): string {
  return `${what}/${hash("sha256", JSON.stringify(of), "hex").slice(0, 32)}`;
}
