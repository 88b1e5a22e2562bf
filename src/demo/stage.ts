/**
 * Where the demo is played: two order systems and a hub, each a process of its own, in a folder that is a whole project. The
 * hub keeps its database there too, whatever DATABASE_URL says: a demo writes into nobody's real database.
 */
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { startEmbedded } from "../db/embedded.ts";
import { findPlace } from "../db/embedded/place.ts";
import { settle } from "../db/embedded/launch.ts";
import { type Answer, call, type Call } from "./call.ts";
import { DemoError } from "./errors.ts";
import { Actor } from "./process.ts";
import { until } from "./until.ts";

const HOME = join(import.meta.dirname, "../..");
const PROJECT = join(HOME, "examples/order-confirmation");
const START_WITHIN_MS = 120_000;

/** What the hub leaves in the project's folder while it runs. */
interface HubFile {
  readonly url: string;
  readonly tokenFile: string;
}

/** One of the two order systems. */
export interface OrderSystem {
  readonly url: string;
  /** The file it writes what it does into, before it answers. */
  readonly journal: string;
  readonly admin: (path: string, body?: unknown, method?: Call["method"]) => Promise<Answer>;
}

export class Stage {
  readonly folder: string;
  readonly seed: number;
  /** Aborted when the demo is to end: a person said so, or one of the processes died. */
  readonly signal: AbortSignal;
  readonly #ending = new AbortController();
  readonly #actors: Actor[] = [];
  readonly #secrets: NodeJS.ProcessEnv = {};
  #erp: OrderSystem | undefined;
  #portal: OrderSystem | undefined;
  #hub: (HubFile & { readonly actor: Actor; readonly token: string }) | undefined;

  constructor(seed: number, ended: AbortSignal) {
    this.seed = seed;
    this.signal = AbortSignal.any([ended, this.#ending.signal]);
    this.folder = mkdtempSync(join(tmpdir(), "interlock-demo-"));
    // As root, PostgreSQL runs as an account that must be able to pass; what is secret below has rights of its own.
    if (process.getuid?.() === 0) chmodSync(this.folder, 0o711);
  }

  get erp(): OrderSystem {
    return this.#erp!;
  }

  get portal(): OrderSystem {
    return this.#portal!;
  }

  get hub(): { readonly url: string; readonly tokenFile: string; readonly pid: number | undefined } {
    const { url, tokenFile, actor } = this.#hub!;
    return { url, tokenFile, pid: actor.pid };
  }

  async open(): Promise<void> {
    [this.#erp, this.#portal] = await Promise.all([
      this.#startSystem("shop-erp"),
      this.#startSystem("portal"),
    ]);
    cpSync(PROJECT, this.folder, { recursive: true });
    const file = join(this.folder, "interlock.yaml");
    const yaml = parseDocument(readFileSync(file, "utf8"));
    for (const [id, system] of Object.entries({ "shop-erp": this.erp, portal: this.portal })) {
      yaml.setIn(["systems", id, "config", "baseUrl"], system.url);
      const { body: settings } = await system.admin("settings");
      this.#secrets[`${id.toUpperCase().replace("-", "_")}_SECRET`] = settings.clientSecret as string;
    }
    writeFileSync(file, yaml.toString());
    await this.startHub();
  }

  /** Starts the hub, and waits until it takes events. */
  async startHub(): Promise<void> {
    const hubFile = join(this.folder, ".interlock/hub.json");
    rmSync(hubFile, { force: true });
    const { DATABASE_URL: _, INTERLOCK_ADMIN_TOKEN: __, ...env } = { ...process.env, ...this.#secrets };
    const actor = this.#start(
      "hub",
      "src/cli/main.ts",
      ["run", "--project", this.folder, "--port", "0"],
      env,
    );
    const file = await until(
      "the hub is ready",
      () => (existsSync(hubFile) ? readJson<HubFile>(readFileSync(hubFile, "utf8")) : undefined),
      { signal: this.signal, withinMs: START_WITHIN_MS },
    );
    this.#hub = { ...file, actor, token: readFileSync(file.tokenFile, "utf8").trim() };
  }

  async killHub(): Promise<void> {
    await this.#hub!.actor.kill();
  }

  /** A call of the hub's API. @throws while the hub is dead */
  api(path: string, options: Omit<Call, "signal" | "token"> = {}): Promise<Answer> {
    const { url, token } = this.#hub!;
    return call(`${url}${path}`, { ...options, token, signal: this.signal });
  }

  /** What each process said last, for a person who looks for the reason. */
  tails(): string {
    const last = new Map(this.#actors.map((actor) => [actor.log, actor]));
    return [...last.values()].map((actor) => actor.tail()).join("\n");
  }

  /** Ends everything that was started. @param keep leaves the folder for a person to look at */
  async close(keep: boolean): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#actors.map((actor) => actor.end()));
    const dir = join(this.folder, ".interlock/db");
    // A hub that was killed has left its database running for its successor.
    if (await settle(findPlace(dir))) await (await startEmbedded(dir)).close();
    if (keep) return;
    for (const folder of [findPlace(dir).folder, this.folder])
      // What makes a database may still be writing for a moment when its hub was ended in the middle of that.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async #startSystem(name: string): Promise<OrderSystem> {
    const data = join(this.folder, "systems", name);
    const args = ["--data", data, "--seed", String(this.seed)];
    const actor = this.#start(name, "simulators/reference/main.ts", args);
    const { url } = await until(
      `the order system ${name} is ready`,
      () => readJson<{ url: string }>(actor.read().split("\n", 1)[0]!),
      { signal: this.signal, withinMs: START_WITHIN_MS },
    );
    const { signal } = this;
    return {
      url,
      journal: join(data, "journal.jsonl"),
      async admin(path, body, method = body === undefined ? "GET" : "POST") {
        const answer = await call(`${url}/admin/${path}`, { method, body, signal });
        if (answer.status < 300) return answer;
        throw new DemoError(`${name} refused ${method} /admin/${path}: ${JSON.stringify(answer.body)}`);
      },
    };
  }

  #start(name: string, script: string, args: readonly string[], env?: NodeJS.ProcessEnv): Actor {
    const log = join(this.folder, `${name}.log`);
    const actor = new Actor({ name, script: join(HOME, script), args, log, ...(env && { env }) }, (how) =>
      this.#ending.abort(new DemoError(how)),
    );
    this.#actors.push(actor);
    return actor;
  }
}

/** What is being written at this moment is not there yet. */
function readJson<Value>(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}
