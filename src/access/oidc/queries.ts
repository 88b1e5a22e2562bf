import { type Pool, query } from "../../db/pool.ts";

export interface AttemptRow {
  readonly verifier: string;
  readonly nonce: string;
  readonly returnTo: string;
  readonly [column: string]: unknown;
}

export async function insertAttempt(
  pool: Pool,
  stateHash: Buffer,
  { verifier, nonce, returnTo }: { verifier: string; nonce: string; returnTo: string },
  lifetimeMs: number,
): Promise<void> {
  await query(
    pool,
    {
      name: "access_insert_attempt",
      text: `insert into sign_in_attempts (state_hash, verifier, nonce, return_to, expires_at)
        values ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond')`,
    },
    [stateHash, verifier, nonce, returnTo, lifetimeMs],
  );
}

/** Once: an answer of the provider that is sent again finds nothing. */
export async function takeAttempt(pool: Pool, stateHash: Buffer): Promise<AttemptRow | undefined> {
  const [row] = await query<AttemptRow>(
    pool,
    {
      name: "access_take_attempt",
      text: `delete from sign_in_attempts where state_hash = $1 and expires_at > clock_timestamp()
        returning verifier, nonce, return_to as "returnTo"`,
    },
    [stateHash],
  );
  return row;
}
