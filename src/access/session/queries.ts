import { type Client, type Pool, query } from "../../db/pool.ts";

type On = Pool | Client;

/** How somebody proved who they are. */
export const WAYS = ["password", "oidc", "link"] as const;
export type Way = (typeof WAYS)[number];

export interface SessionRow {
  readonly id: string;
  readonly account: string;
  readonly way: Way;
  readonly beganAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
  readonly [column: string]: unknown;
}

export async function insertSession(
  on: On,
  { secretHash, id, account, way }: { secretHash: Buffer; id: string; account: string; way: Way },
  lifetimeMs: number,
): Promise<void> {
  await query(
    on,
    {
      name: "access_insert_session",
      text: `insert into sessions (secret_hash, id, account, way, expires_at)
        values ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond')`,
    },
    [secretHash, id, account, way, lifetimeMs],
  );
}

export interface SessionHolder {
  readonly session: string;
  readonly way: Way;
  readonly expiresAt: string;
  readonly account: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly plants: readonly string[] | null;
  readonly hasPassword: boolean;
  readonly [column: string]: unknown;
}

/** Writes at most once a minute that it was seen: a page asks often. */
const SEEN_SECONDS = 60;

/** The session's holder while it lasts; being asked for keeps it from ending by itself. */
export async function selectSession(
  on: On,
  secretHash: Buffer,
  idleMs: number,
): Promise<SessionHolder | undefined> {
  const [row] = await query<SessionHolder>(
    on,
    {
      name: "access_session",
      text: `with found as (
          select s.* from sessions s where s.secret_hash = $1 and s.expires_at > clock_timestamp()
            and s.seen_at > clock_timestamp() - $2 * interval '1 millisecond'
        ), seen as (
          update sessions s set seen_at = clock_timestamp() from found f
          where s.secret_hash = f.secret_hash and f.seen_at < clock_timestamp() - $3 * interval '1 second'
        ) select f.id as session, f.way, f.expires_at as "expiresAt", a.id as account, a.name, a.roles, a.plants,
            a.password is not null as "hasPassword"
          from found f join accounts a on a.id = f.account where a.disabled_at is null`,
    },
    [secretHash, idleMs, SEEN_SECONDS],
  );
  return row;
}

export async function selectSessionsOf(on: On, account: string): Promise<SessionRow[]> {
  return query<SessionRow>(
    on,
    {
      name: "access_sessions_of",
      text: `select id, account, way, began_at as "beganAt", seen_at as "seenAt", expires_at as "expiresAt"
        from sessions where account = $1 and expires_at > clock_timestamp() order by began_at desc limit 100`,
    },
    [account],
  );
}

/** @param except a session that goes on. @returns how many ended */
export async function deleteSessionsOf(on: On, account: string, except?: string): Promise<number> {
  const rows = await query(
    on,
    {
      name: "access_delete_sessions_of",
      text: `delete from sessions where account = $1 and id is distinct from $2 returning id`,
    },
    [account, except ?? null],
  );
  return rows.length;
}

export async function deleteSession(on: On, id: string): Promise<void> {
  await query(on, { name: "access_delete_session", text: `delete from sessions where id = $1` }, [id]);
}

export async function deleteEndedSessions(on: On, idleMs: number): Promise<void> {
  await query(
    on,
    {
      name: "access_delete_ended",
      text: `with links as (delete from sign_in_links where expires_at < clock_timestamp()),
          attempts as (delete from sign_in_attempts where expires_at < clock_timestamp())
        delete from sessions where expires_at < clock_timestamp() or seen_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    },
    [idleMs],
  );
}

export async function insertLink(
  on: On,
  secretHash: Buffer,
  account: string,
  lifetimeMs: number,
): Promise<void> {
  await query(
    on,
    {
      name: "access_insert_link",
      text: `insert into sign_in_links (secret_hash, account, expires_at)
        values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')`,
    },
    [secretHash, account, lifetimeMs],
  );
}

/** Whom the link signs in; whoever comes second gets nothing. */
export async function takeLink(on: On, secretHash: Buffer): Promise<string | undefined> {
  const [row] = await query<{ account: string }>(
    on,
    {
      name: "access_take_link",
      text: `delete from sign_in_links l using accounts a
        where l.secret_hash = $1 and l.expires_at > clock_timestamp() and a.id = l.account and a.disabled_at is null
        returning l.account`,
    },
    [secretHash],
  );
  return row?.account;
}
