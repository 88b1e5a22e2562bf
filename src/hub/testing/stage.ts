/*
 * A whole plant on one machine, for tests that kill processes: a portal and an ERP, each a simulator with a book of what
 * really happened, and hubs on one database, all of them real processes. Orders go in by HTTP, the way a sender would do it:
 * again and again until some hub has said that it keeps them.
 */
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { type Pool, query, type Statement } from "../../db/pool.ts";
import { type Child, startChild } from "./child.ts";

const ROOT = join(import.meta.dirname, "../../..");
export const TOKEN = "a-token-that-only-these-tests-know";
const SECRET = "reference-secret";
/** Far above what a loaded machine needs: only what hangs meets it. */
const WITHIN_MS = 120_000;
/** After which a sender takes a hub for gone, as one that sleeps. */
const ANSWER_WITHIN_MS = 5_000;

export interface StageOptions {
  /** Absent: the hubs start an embedded database of their own in `stage.data`. */
  readonly databaseUrl?: string;
  readonly leaseMs?: number;
  /** Folder of the project; the example with this portal and this ERP unless told. */
  readonly project?: string;
}

export interface HubOptions {
  /** One of CRASH_POINTS, with `@n` for the n-th time it is reached. */
  readonly crashAt?: string;
  /** Of another version of Interlock; this one unless told. */
  readonly home?: string;
  /** In place of the stage's. */
  readonly project?: string;
}

export interface Book {
  readonly orders: number;
  readonly references: number;
  readonly appliedMoreThanOnce: readonly string[];
  readonly entries: readonly {
    readonly op: string;
    /** A restore of the system took it back. */
    readonly undone: boolean;
    readonly order?: {
      readonly number: string;
      readonly sourceOrder: string | null;
      readonly customer: string;
      readonly lines: readonly object[];
    };
    readonly told?: { readonly number: string; readonly status: string };
  }[];
}

export class Stage {
  readonly folder: string;
  readonly portal: Child;
  erp: Child;
  readonly hubs: Child[] = [];
  /** Sales orders that a hub said it keeps. */
  readonly accepted = new Set<string>();
  /** How many tries to send an order got no answer or 503. */
  unanswered = 0;
  readonly #options: StageOptions;
  #projects = 0;

  static async open(options: StageOptions): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), "interlock-stage-"));
    // An embedded database that root starts runs as another user, who has to reach its data here.
    chmodSync(folder, 0o755);
    const simulate = (name: string) =>
      startChild(join(ROOT, "simulators/reference/main.ts"), ["--data", join(folder, name)]);
    const [portal, erp] = await Promise.all([simulate("portal"), simulate("erp")]);
    const stage = new Stage(folder, portal, erp, options);
    // A target that refuses a second write by itself would hide what a hub does wrong.
    for (const system of [portal, erp])
      await stage.admin(system, "PATCH", "settings", { uniqueReference: false });
    return stage;
  }

  private constructor(folder: string, portal: Child, erp: Child, options: StageOptions) {
    this.folder = folder;
    this.portal = portal;
    this.erp = erp;
    this.#options = options;
  }

  /** Where an embedded database, keys and anchors live. */
  get data(): string {
    return join(this.folder, "data");
  }

  async startHub({ crashAt, home = ROOT, project }: HubOptions = {}): Promise<Child> {
    const { databaseUrl, leaseMs = 3_000 } = this.#options;
    const hub = await startChild(
      join(home, "src/hub/testing/hub-process.ts"),
      [
        "--project",
        this.#project(project),
        "--data",
        this.data,
        "--token",
        TOKEN,
        "--lease-ms",
        String(leaseMs),
      ],
      {
        PORTAL_SECRET: SECRET,
        SHOP_ERP_SECRET: SECRET,
        DATABASE_URL: databaseUrl ?? "",
        INTERLOCK_CRASH_AT: crashAt ?? "",
      },
    );
    this.hubs.push(hub);
    return hub;
  }

  /** The ERP dies, with what it was told to do wrong. @returns what brings it back, where it was and with all that it had */
  async loseErp(): Promise<() => Promise<void>> {
    await this.erp.kill();
    const { port } = new URL(this.erp.ready["url"]!);
    const script = join(ROOT, "simulators/reference/main.ts");
    return async () => {
      this.erp = await startChild(script, ["--data", join(this.folder, "erp"), "--port", port]);
    };
  }

  /** The project, with the addresses of this stage's systems. */
  #project(from = this.#options.project ?? join(ROOT, "examples/order-confirmation")): string {
    const folder = join(this.folder, `project-${++this.#projects}`);
    cpSync(from, folder, { recursive: true });
    const file = join(folder, "interlock.yaml");
    const text = readFileSync(file, "utf8")
      .replace("http://127.0.0.1:4711", this.portal.ready["url"]!)
      .replace("http://127.0.0.1:4710", this.erp.ready["url"]!);
    writeFileSync(file, text);
    return folder;
  }

  /** Those that sleep included. */
  living(): Child[] {
    return this.hubs.filter(({ process }) => process.exitCode === null && process.signalCode === null);
  }

  /** Sends orders `<prefix>-1` to `<prefix>-<count>`, some at a time, each until it is accepted. */
  async order(prefix: string, count: number): Promise<void> {
    let next = 1;
    const worker = async () => {
      while (next <= count) await this.#send(`${prefix}-${next++}`);
    };
    await Promise.all(Array.from({ length: Math.min(count, 8) }, worker));
  }

  async #send(salesOrder: string): Promise<void> {
    for (let tries = 0, until = Date.now() + WITHIN_MS; ; tries++) {
      const living = this.living();
      const hub = living[(this.accepted.size + tries) % living.length];
      if (hub && (await this.#offer(salesOrder, hub))) return;
      this.unanswered += 1;
      if (Date.now() > until) throw new Error(`no hub takes ${salesOrder}\n${this.said()}`);
      await delay(50);
    }
  }

  /** One try. @returns whether the hub said that it keeps the order */
  async #offer(salesOrder: string, hub: Child): Promise<boolean> {
    try {
      const { statusCode, body } = await request(`${hub.ready["url"]}/v1/events`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/cloudevents+json" },
        body: JSON.stringify(orderRequested(salesOrder)),
        headersTimeout: ANSWER_WITHIN_MS,
        bodyTimeout: ANSWER_WITHIN_MS,
      });
      await body.dump();
      if (statusCode >= 400 && statusCode < 500)
        throw new TypeError(`${salesOrder} was refused: ${statusCode}`);
      if (statusCode < 300) this.accepted.add(salesOrder);
      return statusCode < 300;
    } catch (error) {
      if (error instanceof TypeError) throw error;
      return false;
    }
  }

  /** At the side door of a simulated system. */
  async admin(
    system: Child,
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    what: string,
    body?: unknown,
  ) {
    const answer = await request(`${system.ready["url"]}/admin/${what}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return answer.body.json();
  }

  book(system: Child): Promise<Book> {
    return this.admin(system, "GET", "book") as Promise<Book>;
  }

  /** Until every accepted order is in the ERP, confirmed unless told otherwise, and nothing is left to do. */
  async untilAtRest(pool: Pool, { confirmed = true, atLeast = 0 } = {}): Promise<void> {
    let rest: Rest | undefined;
    await until(
      async () => {
        rest = await selectRest(pool).catch(() => undefined);
        if (!rest || rest.created < Math.max(this.accepted.size, atLeast)) return false;
        if (confirmed && rest.confirmed < this.accepted.size) return false;
        return rest.lanes === 0 && rest.unrouted === 0 && rest.undecided === 0 && rest.kept === 0;
      },
      () => `not at rest: ${this.accepted.size} orders accepted, ${JSON.stringify(rest)}\n${this.said()}`,
    );
  }

  /**
   * What the systems' own books say against what was accepted: an empty list when each order is there once. Of a changed order
   * the portal is told that the change was made and that the ERP confirms it anew, in the order in which these come.
   */
  async differences({ confirmed = true, changed = [] as readonly string[] } = {}): Promise<string[]> {
    const [erp, portal] = [await this.book(this.erp), await this.book(this.portal)];
    const found: string[] = [];
    const times = Map.groupBy(
      erp.entries.filter(({ op }) => op === "create"),
      ({ order }) => order!.sourceOrder ?? "none",
    );
    for (const order of this.accepted) {
      const count = times.get(order)?.length ?? 0;
      if (count !== 1) found.push(`${order} is ${count} times in the ERP`);
    }
    for (const order of times.keys())
      if (!this.accepted.has(order)) found.push(`${order} was never accepted`);
    const told = new Map(portal.entries.flatMap(({ told }) => (told ? [[told.number, told.status]] : [])));
    for (const order of confirmed ? this.accepted : []) {
      const status = told.get(order);
      if (status === "confirmed" || (status === "changed" && changed.includes(order))) continue;
      found.push(`the portal was told ${status} of ${order}`);
    }
    for (const { appliedMoreThanOnce } of [erp, portal])
      found.push(...appliedMoreThanOnce.map((reference) => `${reference} was applied more than once`));
    return found;
  }

  said(): string {
    return this.hubs.map((hub, i) => `--- hub ${i + 1}\n${hub.said()}`).join("\n");
  }

  /** Ends all processes, however the test ended. */
  async close(): Promise<void> {
    await Promise.all([...this.hubs, this.portal, this.erp].map((child) => child.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits for a condition; with its words when it does not come. */
export async function until(condition: () => Promise<boolean>, what: () => string): Promise<void> {
  for (const end = Date.now() + WITHIN_MS; !(await condition()); await delay(50))
    if (Date.now() > end) throw new Error(what());
}

function orderRequested(salesOrder: string) {
  return {
    specversion: "1.0",
    id: `requested-${salesOrder}`,
    source: "/systems/portal",
    type: "interlock.OrderRequested.v1",
    subject: `salesOrder/${salesOrder}`,
    time: "2026-03-02T08:00:00Z",
    data: {
      salesOrder,
      customer: "C-77",
      lines: [{ line: 1, item: "PUMP-200", quantity: { value: "1", unit: "C62" } }],
    },
  };
}

type Rest = {
  created: number;
  confirmed: number;
  lanes: number;
  unrouted: number;
  undecided: number;
  kept: number;
};

const REST: Statement = {
  name: "stage.rest",
  text: `select
      (select count(*) from effects e join outcomes o on o.reference = e.reference
       where e.name = 'create' and o.kind = 'applied') as created,
      (select count(*) from instances where phase = 'confirmed') as confirmed,
      (select count(*) from lanes where state <> 'idle') as lanes,
      (select seq from ledger_head) - (select checkpoint from leases where name = 'router') as unrouted,
      (select count(*) from deliveries d join leases l on l.name = 'process:' || lpad(d.partition::text, 2, '0')
       where d.n > l.checkpoint) as undecided,
      (select count(*) from inbound where state = 'kept') as kept`,
};

async function selectRest(pool: Pool): Promise<Rest> {
  return (await query<Rest>(pool, REST))[0]!;
}
