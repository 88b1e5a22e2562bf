import { type Client, type Pool, query } from "../../db/pool.ts";

type On = Pool | Client;

export interface TokenRow {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly usedAt: string | null;
  readonly revokedAt: string | null;
  readonly [column: string]: unknown;
}

const TOKEN = `t.id, t.account, t.name, t.permissions, t.made_at as "madeAt", t.expires_at as "expiresAt",
  t.used_at as "usedAt", t.revoked_at as "revokedAt"`;

export async function insertToken(
  on: On,
  token: {
    readonly secretHash: Buffer;
    readonly id: string;
    readonly account: string;
    readonly name: string;
    readonly permissions: readonly string[];
    readonly days: number;
  },
): Promise<TokenRow> {
  const [row] = await query<TokenRow>(
    on,
    {
      name: "access_insert_token",
      text: `insert into api_tokens as t (secret_hash, id, account, name, permissions, expires_at)
        values ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 day') returning ${TOKEN}`,
    },
    [token.secretHash, token.id, token.account, token.name, token.permissions, token.days],
  );
  return row!;
}

export async function selectTokensOf(on: On, account: string): Promise<TokenRow[]> {
  return query<TokenRow>(
    on,
    {
      name: "access_tokens_of",
      text: `select ${TOKEN} from api_tokens t where t.account = $1 order by t.made_at desc limit 200`,
    },
    [account],
  );
}

/** Null for the account: any account's. Undefined: there is no such token that still holds. */
export async function revokeToken(on: On, id: string, account: string | null): Promise<string | undefined> {
  const [row] = await query<{ account: string }>(
    on,
    {
      name: "access_revoke_token",
      text: `update api_tokens set revoked_at = clock_timestamp()
        where id = $1 and revoked_at is null and ($2::text is null or account = $2) returning account`,
    },
    [id, account],
  );
  return row?.account;
}

export interface TokenHolder {
  readonly token: string;
  readonly permissions: readonly string[];
  readonly account: string;
  readonly kind: "person" | "service";
  readonly name: string;
  readonly roles: readonly string[];
  readonly plants: readonly string[] | null;
  readonly system: string | null;
  readonly [column: string]: unknown;
}

/** Who holds the token, while it holds. That it was used is written at most once a minute. */
export async function selectTokenHolder(on: On, secretHash: Buffer): Promise<TokenHolder | undefined> {
  const [row] = await query<TokenHolder>(
    on,
    {
      name: "access_token_holder",
      text: `with found as (
          select t.* from api_tokens t
          where t.secret_hash = $1 and t.revoked_at is null and t.expires_at > clock_timestamp()
        ), used as (
          update api_tokens t set used_at = clock_timestamp() from found f
          where t.secret_hash = f.secret_hash
            and (f.used_at is null or f.used_at < clock_timestamp() - interval '1 minute')
        ) select f.id as token, f.permissions, a.id as account, a.kind, a.name, a.roles, a.plants, a.system
          from found f join accounts a on a.id = f.account where a.disabled_at is null`,
    },
    [secretHash],
  );
  return row;
}
