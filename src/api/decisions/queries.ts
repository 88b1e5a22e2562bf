import { type Pool, query } from "../../db/pool.ts";

/** The plant that an object was told of last; undefined when it was of none. */
export async function selectPlantOf(pool: Pool, subject: string): Promise<string | undefined> {
  const [row] = await query<{ plant: string }>(
    pool,
    {
      name: "api_plant_of",
      text: `select plant from events where subject = $1 and plant is not null order by seq desc limit 1`,
    },
    [subject],
  );
  return row?.plant;
}
