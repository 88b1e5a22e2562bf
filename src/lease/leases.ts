/**
 * Who works on what. Every piece of continuous work (the router, a partition of process instances, a system) has a name, and
 * a hub that holds the lease on that name does it. Nothing relies on a hub noticing in time that it lost one:
 *
 * - Every transaction of the work checks name, hub and fence in the database (`hold_leases`), which also renews the lease.
 *   That check locks the lease's row, so a lease cannot be taken while a transaction of its owner is still open.
 * - Taking a lease raises its fence, so what the former owner tries afterwards fails with IL001.
 * - A session of a dead or sleeping owner that still holds such a lock is ended by the successor.
 * - Calls to other systems end by a deadline far shorter than a lease (src/dispatch).
 *
 * Renewal runs here, on connections of its own, so that slow work costs nobody a lease.
 */
import type { Pool } from "../db/pool.ts";
import { LeaseError } from "./errors.ts";
import {
  countHubs,
  deleteHubs,
  endSessions,
  type FreeLease,
  insertLeases,
  releaseLease,
  renewLeases,
  selectFree,
  takeLeases,
  type TakenLease,
} from "./queries.ts";
import { share } from "./share.ts";

export type Lease = TakenLease;

/** SQLSTATE of a transaction whose hub does not hold the lease any more. */
export const LEASE_LOST = "IL001";

export function isLeaseLost(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === LEASE_LOST;
}

export interface LeaseWork {
  /** released: end what is in hand first, the lease is ours until this resolves. lost: drop everything at once. */
  readonly stop: (how: "released" | "lost") => Promise<void>;
}

export interface LeaseOptions {
  /** At least two connections that nothing else uses. */
  readonly pool: Pool;
  /** Unique for each start of a hub; without colons: `interlock:<hub>:...` names its sessions. */
  readonly hub: string;
  /** Of definitions and configuration: a name that a newer hub has worked on is not taken by an older one. */
  readonly revision: number;
  readonly names: readonly string[];
  readonly leaseMs?: number;
  /** How often to renew and to look for free names; a fifth of the lease unless told. */
  readonly everyMs?: number;
  /** Starts the work of a lease just taken. `lost` is for the work to say that a transaction found the lease gone. */
  readonly begin: (lease: Lease, lost: () => void) => Promise<LeaseWork>;
  /** Told with each look how many hubs live on this database, this one among them. */
  readonly living?: (hubs: number) => void;
  readonly failed: (error: unknown, what: string) => void;
}

export interface Leases {
  readonly held: () => readonly string[];
  /** Renews, gives up and takes now; otherwise that happens by itself. */
  readonly look: () => Promise<void>;
  /** Lets all work end and its leases go. */
  readonly close: () => Promise<void>;
}

interface Held {
  readonly lease: Lease;
  /** Begins in its own time: renewal does not wait for it. */
  readonly work: Promise<LeaseWork | undefined>;
  ending: boolean;
}

export const LEASE_MS = 15_000;

export async function openLeases(options: LeaseOptions): Promise<Leases> {
  const { pool, hub, revision, names, begin, failed, leaseMs = LEASE_MS } = options;
  if (!/^[^:]{1,40}$/.test(hub))
    throw new TypeError(`a hub's id has at most 40 characters and no colon: ${hub}`);
  const everyMs = options.everyMs ?? leaseMs / 5;
  const self = `hub:${hub}`;
  const held = new Map<string, Held>();
  const endings = new Set<Promise<void>>();
  let own: Lease | undefined;
  let told = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let looks: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    await renew();
    if (!own) {
      await insertLeases(pool, [self]);
      [own] = await takeLeases(pool, hub, [self], revision, leaseMs);
    }
    const { living, able: hubs } = await countHubs(pool, revision);
    options.living?.(living);
    const { free = [], newer = [] } = Object.groupBy(await selectFree(pool, names), (one) =>
      one.revision > revision ? "newer" : "free",
    );
    tellNewer(newer);
    const active = new Set([...held].filter(([, { ending }]) => !ending).map(([name]) => name));
    const { giveUp, take } = share(names, hubs, active, free, leaseMs);
    for (const name of giveUp) keep(end(name, "released"));
    const wanted = take.filter((name) => !held.has(name));
    if (wanted.length === 0 || closed) return;
    const taken = await takeLeases(pool, hub, wanted, revision, leaseMs);
    // Their sessions may still hold locks and commit late: gone before anything is built on what they left.
    const gone = sessionsEnded(free.filter(({ name, abandoned }) => abandoned && wanted.includes(name)));
    for (const lease of taken) start(lease, gone);
    if (taken.length === 0) await gone;
  }

  /** Told once: a hub that may do nothing must not look like one that has nothing to do. */
  function tellNewer(idle: readonly FreeLease[]): void {
    if (told || idle.length === 0) return;
    told = true;
    const behind = Math.max(...idle.map((one) => one.revision)) - revision;
    const message = `this hub must not take ${idle.map(({ name }) => name).join(", ")}: a hub newer by ${behind} had it; start that version, or raise revision in interlock.yaml by ${behind}`;
    failed(new LeaseError("LEASE_REVISION_OLDER", message), "leases");
  }

  async function renew(): Promise<void> {
    const claims = [...held.values()].map(({ lease }) => lease);
    if (own) claims.push(own);
    if (claims.length === 0) return;
    for (const row of await renewLeases(pool, hub, claims, leaseMs)) {
      if (row.held) continue;
      if (row.name === self) own = undefined;
      else if (held.get(row.name)?.lease === claims.find(({ name }) => name === row.name)) {
        keep(end(row.name, "lost"));
      }
    }
  }

  async function sessionsEnded(left: readonly { readonly hub: string }[]): Promise<void> {
    for (const dead of new Set(left.map((each) => each.hub))) {
      if (dead !== hub) await endSessions(pool, dead);
    }
  }

  function start(lease: Lease, ready: Promise<void>): void {
    const work = ready
      .then(() => begin(lease, () => keep(end(lease.name, "lost", lease))))
      .catch((error: unknown) => {
        failed(error, `${lease.name} could not be begun`);
        keep(end(lease.name, "released", lease));
        return undefined;
      });
    held.set(lease.name, { lease, work, ending: false });
  }

  async function end(name: string, how: "released" | "lost", only?: Lease): Promise<void> {
    const one = held.get(name);
    if (!one || one.ending || (only && one.lease !== only)) return;
    one.ending = true;
    // A lease that is lost is not renewed while its work ends.
    if (how === "lost") held.delete(name);
    try {
      await (await one.work)?.stop(how);
      if (how === "released") await releaseLease(pool, hub, one.lease);
    } catch (error) {
      failed(error, `${name} could not be ended`);
    } finally {
      if (held.get(name) === one) held.delete(name);
    }
  }

  function keep(ending: Promise<void>): void {
    endings.add(ending);
    void ending.finally(() => endings.delete(ending));
  }

  function next(): void {
    if (closed) return;
    timer = setTimeout(() => void once().finally(next), everyMs);
  }

  /** One look at a time: who asks during one waits for the next. */
  function once(): Promise<void> {
    looks = looks.then(look).catch((error: unknown) => failed(error, "leases could not be renewed"));
    return looks;
  }

  await insertLeases(pool, names);
  await deleteHubs(pool);
  await once();
  next();

  return {
    held: () => [...held].filter(([, { ending }]) => !ending).map(([name]) => name),
    look: once,
    async close() {
      closed = true;
      clearTimeout(timer);
      await looks;
      for (const name of held.keys()) keep(end(name, "released"));
      await Promise.all(endings);
      if (own) await releaseLease(pool, hub, own).catch((error: unknown) => failed(error, "release"));
    },
  };
}
