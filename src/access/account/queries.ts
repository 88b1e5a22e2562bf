import { type Client, type Pool, query } from "../../db/pool.ts";

type On = Pool | Client;

export interface AccountRow {
  readonly id: string;
  readonly kind: "person" | "service";
  readonly name: string;
  readonly roles: readonly string[];
  readonly plants: readonly string[] | null;
  readonly system: string | null;
  readonly issuer: string | null;
  readonly hasPassword: boolean;
  readonly lockedUntil: string | null;
  readonly disabledAt: string | null;
  readonly createdAt: string;
  readonly signedInAt: string | null;
  readonly version: number;
  readonly [column: string]: unknown;
}

const ACCOUNT = `a.id, a.kind, a.name, a.roles, a.plants, a.system, a.issuer, a.password is not null as "hasPassword",
  case when a.locked_until > clock_timestamp() then a.locked_until end as "lockedUntil", a.disabled_at as "disabledAt",
  a.created_at as "createdAt", a.signed_in_at as "signedInAt", a.version`;

export async function selectAccount(on: On, id: string): Promise<AccountRow | undefined> {
  const [row] = await query<AccountRow>(
    on,
    { name: "access_account", text: `select ${ACCOUNT} from accounts a where a.id = $1` },
    [id],
  );
  return row;
}

export async function selectAccounts(
  on: On,
  after: string | undefined,
  limit: number,
): Promise<AccountRow[]> {
  return query<AccountRow>(
    on,
    {
      name: "access_accounts",
      text: `select ${ACCOUNT} from accounts a where a.id > $1 order by a.id limit $2`,
    },
    [after ?? "", limit],
  );
}

export async function selectAccountOfIssuer(
  on: On,
  issuer: string,
  subject: string,
): Promise<AccountRow | undefined> {
  const [row] = await query<AccountRow>(
    on,
    {
      name: "access_account_of_issuer",
      text: `select ${ACCOUNT} from accounts a where a.issuer = $1 and a.issuer_subject = $2`,
    },
    [issuer, subject],
  );
  return row;
}

export async function selectAnyPerson(on: On): Promise<boolean> {
  const [row] = await query<{ any: boolean }>(on, {
    name: "access_any_person",
    text: `select exists (select from accounts where kind = 'person') as any`,
  });
  return row!.any;
}

export interface NewAccount {
  readonly id: string;
  readonly kind: "person" | "service";
  readonly name: string;
  readonly roles: readonly string[];
  readonly plants: readonly string[] | null;
  readonly system: string | null;
  readonly issuer?: string;
  readonly subject?: string;
}

/** False: there is one of this id. */
export async function insertAccount(on: On, account: NewAccount): Promise<boolean> {
  const { id, kind, name, roles, plants, system, issuer, subject } = account;
  const rows = await query(
    on,
    {
      name: "access_insert_account",
      text: `insert into accounts (id, kind, name, roles, plants, system, issuer, issuer_subject)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
    },
    [id, kind, name, roles, plants, system, issuer ?? null, subject ?? null],
  );
  return rows.length > 0;
}

/** False: it has moved since the version that was seen. */
export async function updateRights(
  on: On,
  id: string,
  version: number,
  rights: Pick<NewAccount, "name" | "roles" | "plants" | "system">,
): Promise<boolean> {
  const rows = await query(
    on,
    {
      name: "access_update_rights",
      text: `update accounts set name = $3, roles = $4, plants = $5, system = $6, version = version + 1
        where id = $1 and version = $2 returning id`,
    },
    [id, version, rights.name, rights.roles, rights.plants, rights.system],
  );
  return rows.length > 0;
}

/** Disabled, it has no session and no token any more. */
export async function updateDisabled(on: On, id: string, disabled: boolean): Promise<boolean> {
  const rows = await query(
    on,
    {
      name: "access_update_disabled",
      text: `update accounts set disabled_at = case when $2 then clock_timestamp() end, version = version + 1
        where id = $1 and (disabled_at is not null) <> $2 returning id`,
    },
    [id, disabled],
  );
  return rows.length > 0;
}

export interface PasswordRow {
  readonly password: string | null;
  readonly disabled: boolean;
  readonly waitSeconds: number;
  readonly [column: string]: unknown;
}

/** For a sign-in: what the password is compared with, and for how long the account is still locked. */
export async function selectPassword(on: On, id: string): Promise<PasswordRow | undefined> {
  const [row] = await query<PasswordRow>(
    on,
    {
      name: "access_password",
      text: `select password, disabled_at is not null as disabled,
          greatest(0, ceil(extract(epoch from locked_until - clock_timestamp())))::integer as "waitSeconds"
        from accounts where id = $1 and kind = 'person'`,
    },
    [id],
  );
  return row && { ...row, waitSeconds: row.waitSeconds ?? 0 };
}

/**
 * A wrong password: from the `free`-th on the account is locked, each time twice as long, up to a limit.
 * @returns for how many seconds it is locked now, and how often it was wrong
 */
export async function recordFailure(
  on: On,
  id: string,
  { free, firstSeconds, mostSeconds }: { free: number; firstSeconds: number; mostSeconds: number },
): Promise<{ failures: number; lockedSeconds: number } | undefined> {
  const [row] = await query<{ failures: number; lockedSeconds: number }>(
    on,
    {
      name: "access_record_failure",
      text: `update accounts set failures = failures + 1,
          locked_until = case when failures + 1 >= $2
            then clock_timestamp() + least($4, $3 * power(2, least(failures + 1 - $2, 20))) * interval '1 second' end
        where id = $1 returning failures,
          coalesce(ceil(extract(epoch from locked_until - clock_timestamp())), 0)::integer as "lockedSeconds"`,
    },
    [id, free, firstSeconds, mostSeconds],
  );
  return row;
}

export async function recordSignIn(on: On, id: string): Promise<void> {
  await query(
    on,
    {
      name: "access_record_sign_in",
      text: `update accounts set failures = 0, locked_until = null, signed_in_at = clock_timestamp() where id = $1`,
    },
    [id],
  );
}

export async function updateUnlocked(on: On, id: string): Promise<void> {
  await query(
    on,
    {
      name: "access_unlock",
      text: `update accounts set failures = 0, locked_until = null where id = $1`,
    },
    [id],
  );
}

export async function updatePassword(on: On, id: string, password: string): Promise<void> {
  await query(
    on,
    {
      name: "access_update_password",
      text: `update accounts set password = $2, failures = 0, locked_until = null, version = version + 1 where id = $1`,
    },
    [id, password],
  );
}

/** Whether somebody else could still administer accounts. Others who take rights away at this moment wait. */
export async function selectOtherAdmin(on: Client, id: string): Promise<boolean> {
  await query(on, { name: "access_lock_accounts", text: "lock table accounts in share row exclusive mode" });
  const [row] = await query<{ other: boolean }>(
    on,
    {
      name: "access_other_admin",
      text: `select exists (select from accounts
        where id <> $1 and kind = 'person' and disabled_at is null and 'admin' = any (roles)) as other`,
    },
    [id],
  );
  return row!.other;
}
