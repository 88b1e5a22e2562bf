/**
 * Where the benchmarks run: two order systems, a PostgreSQL with the product's own settings, and a hub as a user runs it, each
 * a process of its own in a temporary folder. The database outlives the hubs: what is preloaded stays from one benchmark to
 * the next, while each begins with a fresh hub.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { startEmbedded, type EmbeddedServer } from "../src/db/embedded.ts";
import { migrate } from "../src/db/migrate.ts";
import { openPool, session, type Pool } from "../src/db/pool.ts";
import { makeFolder, startHub } from "../src/demo/launch.ts";
import type { Actor } from "../src/demo/process.ts";
import { until } from "../src/demo/until.ts";
import { Client } from "./client.ts";
import { preload } from "./preload.ts";
import { OrderSystem } from "./order-system.ts";
import { type Rest, selectRest } from "./queries.ts";

const PROJECT = join(import.meta.dirname, "../examples/order-confirmation");
/** More than the versions of all processes together. */
const REVISION_STEP = 1_000;
const REST_WITHIN_MS = 1_800_000;

/** How much is measured. */
export interface Size {
  readonly seconds: number;
  /** Identities and events that are in the ledger before anything is measured. */
  readonly preload: number;
  /** Effects that wait while their target is away. */
  readonly backlog: number;
  /** Events of memory.million. */
  readonly events: number;
  /** Orders in the list of orders. */
  readonly orders: number;
}

export interface HubOptions {
  /** Without processes nothing is decided and nothing sent: intake alone. */
  readonly processes?: readonly string[];
  /** A folder: the hub writes there what its processor did, when it ends. */
  readonly profile?: string;
}

export interface Hub {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly connect: (inFlight: number) => Promise<Client>;
}

interface Database {
  readonly server: EmbeddedServer;
  readonly pool: Pool;
}

export class Stage {
  readonly size: Size;
  readonly folder: string;
  readonly erp: OrderSystem;
  readonly portal: OrderSystem;
  readonly say: (text: string) => void;
  readonly #ending = new AbortController();
  readonly #project: string;
  #revision = 0;
  #database: Database | undefined;
  #hub: Actor | undefined;

  constructor(size: Size, say: (text: string) => void) {
    this.size = size;
    this.say = say;
    this.folder = makeFolder("bench");
    this.#project = join(this.folder, "project");
    const died = (how: string) => this.abort(new Error(how));
    this.erp = new OrderSystem("shop-erp", this.folder, died);
    this.portal = new OrderSystem("portal", this.folder, died);
  }

  /** Aborted when the benchmarks are to end: a person said so, or a process died. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  abort(why: Error): void {
    this.#ending.abort(why);
  }

  get pool(): Pool {
    return this.#database!.pool;
  }

  /** The server that all others of PostgreSQL's processes descend from. */
  get postgresPid(): number {
    return this.#database!.server.pid;
  }

  get #dataDir(): string {
    return join(this.#project, ".interlock/db");
  }

  async open(): Promise<void> {
    await Promise.all([this.erp.start(this.signal), this.portal.start(this.signal)]);
    mkdirSync(this.#project);
    cpSync(PROJECT, this.#project, { recursive: true });
    // Processes that only measure, as a project's own.
    symlinkSync(join(import.meta.dirname, "processes"), join(this.#project, "processes"));
    await this.holdDatabase();
    await session(this.pool, (client) => migrate(client));
    if (this.size.preload > 0) this.say(`preloading ${this.size.preload.toLocaleString("en")} events`);
    await preload(this.pool, this.size.preload, this.signal);
  }

  /** Keeps the database alive between hubs. */
  async holdDatabase(): Promise<void> {
    const server = await startEmbedded(this.#dataDir);
    this.#database = { server, pool: openPool({ url: server.url, application: "interlock-bench", max: 20 }) };
  }

  /** Leaves the database to the hub: the last one to leave stops it. */
  async releaseDatabase(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    await database?.pool.end();
    await database?.server.close();
  }

  /** A fresh hub that takes events; the one before is ended first. */
  async startHub({ processes = ["order-confirmation"], profile }: HubOptions = {}): Promise<Hub> {
    await this.endHub();
    this.#writeProject(processes);
    const env = {
      PORTAL_SECRET: this.portal.secret,
      SHOP_ERP_SECRET: this.erp.secret,
      ...(profile && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profile}` }),
    };
    const { url, token, pid } = await this.#orWhyItEnded(
      startHub(
        { project: this.#project, port: "0", env, log: join(this.folder, "hub.log") },
        {
          signal: this.signal,
          died: (how) => this.abort(new Error(how)),
          started: (actor) => (this.#hub = actor),
          everyMs: 5,
        },
      ),
    );
    return { url, token, pid, connect: (inFlight) => Client.open(url, token, inFlight) };
  }

  async endHub(): Promise<void> {
    const hub = this.#hub;
    this.#hub = undefined;
    await hub?.end();
  }

  /** Until the hub has nothing left to do, and the ERP nothing left to tell. */
  async untilAtRest(): Promise<void> {
    let left: (Rest & { readonly unread: number }) | undefined;
    try {
      await this.until(
        "the hub is at rest",
        async () => {
          const { read, ...rest } = await selectRest(this.pool);
          // Asked afterwards: what was still being sent a moment ago would be told of by now.
          left = { ...rest, unread: (await this.erp.countChanges()) - read };
          return Object.values(left).every((count) => count === 0) ? true : undefined;
        },
        REST_WITHIN_MS,
        250,
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}; left to do: ${JSON.stringify(left)}`, { cause: error });
    }
  }

  /** Looks until there is something to see. @throws Error when a process dies or it has not come in time */
  async until<Found>(
    what: string,
    look: () => Promise<Found | undefined> | Found | undefined,
    withinMs: number,
    everyMs = 100,
  ): Promise<Found> {
    return this.#orWhyItEnded(until(what, look, { signal: this.signal, withinMs, everyMs }));
  }

  async #orWhyItEnded<Found>(found: Promise<Found>): Promise<Found> {
    try {
      return await found;
    } catch (error) {
      throw this.signal.aborted ? this.signal.reason : error;
    }
  }

  /** What the hub said last, for a person who looks for the reason. */
  tails(): string {
    return this.#hub?.tail() ?? "";
  }

  async close(): Promise<void> {
    await this.endHub();
    await Promise.all([this.erp.end(), this.portal.end()]);
    await this.releaseDatabase();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #writeProject(processes: readonly string[]): void {
    const yaml = parseDocument(readFileSync(join(PROJECT, "interlock.yaml"), "utf8"));
    for (const { name, url } of [this.erp, this.portal])
      yaml.setIn(["systems", name, "config", "baseUrl"], url);
    yaml.setIn(["processes"], processes);
    // A hub with an older revision than the last one's would stand back, and fewer processes count as older.
    yaml.setIn(["revision"], (this.#revision += REVISION_STEP));
    writeFileSync(join(this.#project, "interlock.yaml"), yaml.toString());
  }
}
