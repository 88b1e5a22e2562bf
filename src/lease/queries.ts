import { query, type Client, type Pool } from "../db/pool.ts";

export interface Claim {
  readonly name: string;
  readonly fence: number;
}

/** A name nobody owns has a row too, so that taking it is one update. `on conflict` alone would wait for a dead owner's transaction. */
export async function insertLeases(on: Pool | Client, names: readonly string[]): Promise<void> {
  await query(
    on,
    {
      name: "lease.insert",
      text: `
        insert into leases (name, hub_id, expires_at)
        select name, '', '-infinity' from unnest($1::text[]) as g (name)
        where not exists (select 1 from leases l where l.name = g.name) order by name
        on conflict do nothing`,
    },
    [names],
  );
}

/**
 * Renews what is still ours and says of each whether it is. A row that is locked is skipped: a transaction of ours that
 * holds it renews it as well, and one that takes it over shows with the next look.
 */
export async function renewLeases(
  on: Pool | Client,
  hub: string,
  claims: readonly Claim[],
  leaseMs: number,
): Promise<{ name: string; held: boolean }[]> {
  return query(
    on,
    {
      name: "lease.renew",
      text: `
        with given as materialized (
          select * from unnest($2::text[], $3::bigint[]) as g (name, fence)
        ), mine as materialized (
          select l.name from leases l join given g using (name, fence)
          where l.hub_id = $1 order by l.name for update of l skip locked
        ), renewed as (
          update leases l set expires_at = greatest(l.expires_at, clock_timestamp() + $4::integer * interval '1 millisecond')
          from mine where l.name = mine.name
        )
        select g.name, coalesce(l.fence = g.fence and l.hub_id = $1, false) as held
        from given g left join leases l on l.name = g.name`,
    },
    [hub, claims.map(({ name }) => name), claims.map(({ fence }) => fence), leaseMs],
  );
}

/**
 * How many hubs live: each holds a lease on its own name. `able` leaves out those of an older revision: they cannot take what
 * is left to them.
 */
export async function countHubs(
  on: Pool | Client,
  revision: number,
): Promise<{ readonly living: number; readonly able: number }> {
  const [row] = await query<{ living: number; able: number }>(
    on,
    {
      name: "lease.hubs",
      text: `
        select count(*) as living, count(*) filter (where min_revision >= $1) as able from leases
        where starts_with(name, 'hub:') and expires_at > clock_timestamp()`,
    },
    [revision],
  );
  return row!;
}

export interface FreeLease {
  readonly name: string;
  /** Its last owner; empty when that let go of it by itself. */
  readonly hub: string;
  /** For how long; null when nobody ever had it. */
  readonly freeMs: number | null;
  /** Whether its last owner's own lease has run out as well: it died, sleeps, or lost the database. */
  readonly abandoned: boolean;
  /** Of the newest hub that had it. */
  readonly revision: number;
}

export async function selectFree(on: Pool | Client, names: readonly string[]): Promise<FreeLease[]> {
  return query<FreeLease & Record<string, unknown>>(
    on,
    {
      name: "lease.free",
      text: `
        select l.name, l.hub_id as hub, l.min_revision as revision,
          case when isfinite(l.expires_at) then (extract(epoch from clock_timestamp() - l.expires_at) * 1000)::bigint end as "freeMs",
          l.hub_id <> '' and not exists (
            select 1 from leases h where h.name = 'hub:' || l.hub_id and h.expires_at > clock_timestamp()) as abandoned
        from leases l
        where l.name = any ($1) and l.expires_at <= clock_timestamp()
        order by l.name`,
    },
    [names],
  );
}

export interface TakenLease extends Claim {
  readonly checkpoint: number;
  readonly position: number;
}

/** Takes what is still free. A row that is locked is left alone: a transaction of its former owner has not ended yet. */
export async function takeLeases(
  on: Pool | Client,
  hub: string,
  names: readonly string[],
  revision: number,
  leaseMs: number,
): Promise<TakenLease[]> {
  return query<TakenLease & Record<string, unknown>>(
    on,
    {
      name: "lease.take",
      text: `
        with free as materialized (
          select name from leases
          where name = any ($2) and expires_at <= clock_timestamp() and min_revision <= $3
          order by name for update skip locked
        )
        update leases l set
          hub_id = $1, fence = l.fence + 1, min_revision = greatest(l.min_revision, $3),
          expires_at = clock_timestamp() + $4::integer * interval '1 millisecond'
        from free where l.name = free.name
        returning l.name, l.fence, l.checkpoint, l.position`,
    },
    [hub, names, revision, leaseMs],
  );
}

export async function releaseLease(on: Pool | Client, hub: string, { name, fence }: Claim): Promise<void> {
  await query(
    on,
    {
      name: "lease.release",
      text: "update leases set hub_id = '', expires_at = clock_timestamp() where name = $2 and fence = $3 and hub_id = $1",
    },
    [hub, name, fence],
  );
}

/** Forgets hubs that ended; what they owned has moved on or is free. */
export async function deleteHubs(on: Pool | Client): Promise<void> {
  await query(on, {
    name: "lease.forget",
    text: "delete from leases where starts_with(name, 'hub:') and isfinite(expires_at) and expires_at < clock_timestamp() - interval '1 hour'",
  });
}

/** Ends the database sessions of a hub and waits until each is gone, 5 seconds at most. @returns how many there were */
export async function endSessions(on: Pool | Client, hub: string): Promise<number> {
  const rows = await query(
    on,
    {
      name: "lease.end-sessions",
      text: `
        select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and starts_with(application_name, 'interlock:' || $1 || ':')
          and pid <> pg_backend_pid()`,
    },
    [hub],
  );
  return rows.length;
}
