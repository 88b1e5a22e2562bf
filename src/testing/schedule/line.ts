import pg from "pg";
import type { Client, Pool } from "../../db/pool.ts";

/** Before and behind a statement to the database, or a call to a target. */
export type Gate = "statement" | "call";

/** What is at the server now, for all hubs of a schedule: who waits for its end need not look again and again. */
export class Traffic {
  #atServer = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  async count<T>(work: Promise<T>): Promise<T> {
    this.#atServer += 1;
    try {
      return await work;
    } finally {
      this.#atServer -= 1;
      if (this.#atServer === 0) this.#idle?.resolve();
    }
  }

  get quiet(): boolean {
    return this.#atServer === 0;
  }

  async idle(): Promise<void> {
    if (this.quiet) return;
    this.#idle = Promise.withResolvers();
    await this.#idle.promise;
  }
}

/**
 * A hub's line to the database, in the hands of a schedule: it can be held (the hub sleeps), cut (the hub is dead), or lose one
 * request or one answer. Sessions are those of one real pool, because a new one costs more than a whole schedule.
 */
export class Line {
  readonly pool: Pool;
  readonly #open = new Set<Leg>();
  #gate: PromiseWithResolvers<void> | undefined;
  #hold: { readonly at: Gate; left: number } | undefined;
  #lose: "request" | "answer" | undefined;
  #cut = false;
  readonly #traffic: Traffic;

  constructor(real: Pool, traffic: Traffic) {
    this.#traffic = traffic;
    const connect = async () => {
      await this.pass();
      const leg: Leg = { client: await traffic.count(real.connect()), ended: false };
      this.#open.add(leg);
      return this.#legOf(leg);
    };
    this.pool = Object.create(real, { connect: { value: connect } }) as Pool;
  }

  /** The hub falls asleep after it has come past some more gates of this kind. */
  hold(at: Gate, gates: number): void {
    this.#hold = { at, left: gates };
  }

  wake(): void {
    this.#hold = undefined;
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** The next statement does not arrive, or its answer does not. */
  loseNext(what: "request" | "answer"): void {
    this.#lose = what;
  }

  /** The hub is dead: it never hears again. What is at the server goes on there. */
  cut(): void {
    this.#cut = true;
    this.endSessions();
  }

  /** What a successor does to the sessions of a hub that sleeps: what was open is rolled back. */
  endSessions(): void {
    for (const leg of this.#open) void this.#end(leg);
  }

  /** A place at which a hub can be asleep or dead. Never resolves for a dead one. */
  async pass(gate: Gate = "statement"): Promise<void> {
    if (this.#hold?.at === gate && --this.#hold.left < 0) {
      this.#hold = undefined;
      this.#gate ??= Promise.withResolvers();
    }
    while (this.#gate && !this.#cut) await this.#gate.promise;
    if (this.#cut) await new Promise(() => {});
  }

  async #end(leg: Leg): Promise<void> {
    if (leg.ended) return;
    leg.ended = true;
    this.#open.delete(leg);
    await leg.running?.catch(() => {});
    await this.#traffic.count(leg.client.query("rollback"));
    leg.client.release();
  }

  #legOf(leg: Leg): Client {
    const query = async (...statement: [never, never]) => {
      await this.pass();
      if (leg.ended || this.#loses("request")) throw sessionEnded();
      leg.running = this.#traffic.count(leg.client.query(...statement) as unknown as Promise<unknown>);
      const answer = await leg.running;
      if (this.#loses("answer")) throw sessionEnded();
      await this.pass();
      if (leg.silent) throw sessionEnded();
      return answer;
    };
    const release = () => {
      if (leg.ended) return;
      leg.ended = true;
      this.#open.delete(leg);
      leg.client.release();
    };
    // The hub slept longer than it believes that a database can be silent.
    const end = async () => void (leg.silent = true);
    return { query, release, end } as unknown as Client;
  }

  #loses(what: "request" | "answer"): boolean {
    if (this.#lose !== what) return false;
    this.#lose = undefined;
    return true;
  }
}

interface Leg {
  readonly client: Client;
  running?: Promise<unknown>;
  ended: boolean;
  silent?: boolean;
}

function sessionEnded(): pg.DatabaseError {
  const error = new pg.DatabaseError("terminating connection due to administrator command", 0, "error");
  error.code = "57P01";
  return error;
}
