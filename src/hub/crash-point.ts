/*
 * Crash points, for proofs only. With INTERLOCK_CRASH_AT=decide:during this hub kills itself with SIGKILL in the middle of its
 * first decision; `decide:during@3` in its third. A transaction of the line is one statement, so it has three places at which a
 * crash differs:
 *
 *   before   the database has heard nothing
 *   during   the statement is on its way, the hub never hears whether it was committed
 *   after    it was committed and answered, nothing followed from it
 *
 * A call to another system has two: before the first byte, and after an answer that nobody writes down any more.
 */
import type { Pool, Statement } from "../db/pool.ts";
import type { Session } from "../connector/contract.ts";

const TRANSACTIONS: Readonly<Record<string, string>> = {
  "ledger.append": "append",
  "intake.keep": "keep",
  "intake.admit": "admit",
  "route.route-events": "route",
  "process.decide-batch": "decide",
  "process.route-and-decide": "route-and-decide",
  "dispatch.settle": "settle",
  "lease.take": "take",
};
const CALLS = ["send", "probe"] as const;

/** Every point, in the order of the line. */
export const CRASH_POINTS: readonly string[] = [
  ...[...new Set(Object.values(TRANSACTIONS)), "claim"].flatMap((name) =>
    ["before", "during", "after"].map((when) => `${name}:${when}`),
  ),
  ...CALLS.flatMap((call) => [`${call}:before`, `${call}:after`]),
];

type Die = () => never;
type Query = (statement: Statement, values: unknown[]) => Promise<unknown>;

/** Where this process is to end; undefined when nowhere, which costs nothing from then on. */
export function readCrashPoint(text: string | undefined, die: Die = killMyself): CrashPoint | undefined {
  if (!text) return undefined;
  const [point = "", nth = "1"] = text.split("@");
  if (!CRASH_POINTS.includes(point) || !/^[1-9]\d{0,5}$/.test(nth))
    throw new TypeError(`INTERLOCK_CRASH_AT=${text} is no crash point; there are ${CRASH_POINTS.join(", ")}`);
  return new CrashPoint(point, Number(nth), die);
}

export class CrashPoint {
  readonly #point: string;
  readonly #die: Die;
  #left: number;

  constructor(point: string, nth: number, die: Die) {
    this.#point = point;
    this.#left = nth;
    this.#die = die;
  }

  /** Watches the statements of every connection that the pool makes from now on. */
  watchPool(pool: Pool): void {
    pool.on("connect", (client) => {
      const query = client.query.bind(client) as Query;
      client.query = ((statement: Statement, values: unknown[]) => {
        const name = nameOf(statement, values);
        if (name === undefined) return query(statement, values);
        this.#reach(`${name}:before`);
        const answer = query(statement, values);
        this.#reach(`${name}:during`);
        return answer.then((result) => {
          this.#reach(`${name}:after`);
          return result;
        });
      }) as typeof client.query;
    });
  }

  /** Watches the calls that are made through a session. */
  watchSession(session: Session): void {
    const watched = <Arguments extends unknown[], Result>(
      call: (typeof CALLS)[number],
      make: ((...all: Arguments) => Promise<Result>) | undefined,
    ) =>
      make &&
      (async (...all: Arguments) => {
        this.#reach(`${call}:before`);
        const answer = await make.apply(session, all);
        this.#reach(`${call}:after`);
        return answer;
      });
    Object.assign(session, {
      apply: watched("send", session.apply),
      applyBatch: watched("send", session.applyBatch),
      resume: watched("send", session.resume),
      probe: watched("probe", session.probe),
    });
  }

  #reach(point: string): void {
    if (point === this.#point && --this.#left === 0) this.#die();
  }
}

/** A settle without results only claims, and a claim without places only settles: two different moments. */
function nameOf({ name }: Statement, values: unknown[]): string | undefined {
  const transaction = TRANSACTIONS[name];
  if (transaction === "settle" && values[1] === "[]") return "claim";
  return transaction;
}

function killMyself(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("unreachable: SIGKILL cannot be caught");
}
