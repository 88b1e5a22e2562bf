import type { Pool } from "../../db/pool.ts";
import type { ProcessDefinition } from "../../process/contract.ts";
import { selectCasesAbout } from "../cases/queries.ts";
import { selectEffectsOfInstances } from "../effects/queries.ts";
import { type DetailAnswer, showOrder } from "./order.ts";
import { selectNumbers, selectOrder } from "./queries.ts";

const NUMBERS_LIMIT = 1_000;
const ROWS_LIMIT = 500;

/** Everything that the page of one order shows but its story. */
export async function readOrder(
  pool: Pool,
  id: string,
  processes: Iterable<ProcessDefinition>,
): Promise<DetailAnswer | undefined> {
  const [row, numbers] = await Promise.all([
    selectOrder(pool, id),
    selectNumbers(pool, id, NUMBERS_LIMIT + 1),
  ]);
  if (!row) return undefined;
  const instances = [...processes].flatMap(({ name, subjectKind }) =>
    numbers.filter(({ kind }) => kind === subjectKind).map(({ number }) => ({ process: name, key: number })),
  );
  const effects = await selectEffectsOfInstances(pool, instances, ROWS_LIMIT);
  const cases = await selectCasesAbout(
    pool,
    numbers.map(({ kind, number }) => `${kind}/${number}`),
    effects.map(({ reference }) => reference),
    ROWS_LIMIT,
  );
  const { detail, ...order } = row;
  return {
    ...showOrder(order, cases.filter(({ state }) => state === "open").length),
    ...detail,
    numbers: numbers.slice(0, NUMBERS_LIMIT),
    cases,
    effects,
    truncated: numbers.length > NUMBERS_LIMIT || cases.length === ROWS_LIMIT || effects.length === ROWS_LIMIT,
  };
}
