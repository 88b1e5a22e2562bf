import { type Pool, query } from "../../db/pool.ts";

export interface StoreHealth {
  readonly migrations: number;
  readonly recoverySince: string | null;
}

export async function selectHealth(pool: Pool): Promise<StoreHealth> {
  const [row] = await query<{ migrations: number; recoverySince: string | null }>(pool, {
    name: "api_health",
    text: `select (select count(*) from migrations) as migrations,
             (select began_at from recoveries where ended_at is null) as "recoverySince"`,
  });
  return row!;
}
