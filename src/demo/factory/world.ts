/**
 * The whole factory: a CRM, an ERP, two plants and a hub, each a process of its own, in a folder that is the example project.
 * The hub keeps its database there too, whatever DATABASE_URL says.
 */
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { findPlace } from "../../db/embedded/place.ts";
import { settle } from "../../db/embedded/launch.ts";
import { startEmbedded } from "../../db/embedded.ts";
import { type Answer, call, type Call } from "../call.ts";
import { DemoError } from "../errors.ts";
import { Actor } from "../process.ts";
import { until } from "../until.ts";
import { PACE, type Pace, type Weather } from "./pace.ts";

const HOME = join(import.meta.dirname, "../../..");
const PROJECT = join(HOME, "examples/make-to-order");
const START_WITHIN_MS = 120_000;

/** The systems of the example that have a simulator, and how it is started. */
const SYSTEMS = {
  crm: { product: "crm-salesforce", options: [], secrets: { CRM_SECRET: "clientSecret" } },
  erp: { product: "erp-dynamics365", options: [], secrets: { ERP_SECRET: "clientSecret" } },
  "mes-lyon": {
    product: "mes-rest",
    options: ["--dialect", "lyon"],
    secrets: { LYON_MES_SECRET: "clientSecret", LYON_WEBHOOK_SECRET: "webhookSecret" },
  },
  "mes-brno": {
    product: "mes-rest",
    options: ["--dialect", "brno"],
    secrets: { BRNO_MES_SECRET: "clientSecret", BRNO_WEBHOOK_SECRET: "webhookSecret" },
  },
} as const;
export type SystemName = keyof typeof SYSTEMS;
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];
export const PLANTS = ["mes-lyon", "mes-brno"] as const;

interface HubFile {
  readonly url: string;
  readonly tokenFile: string;
}

export class World {
  readonly folder: string;
  readonly seed: number;
  /** Aborted when the demo is to end: a person said so, or one of the processes died. */
  readonly signal: AbortSignal;
  readonly #ending = new AbortController();
  readonly #actors: Actor[] = [];
  readonly #secrets: NodeJS.ProcessEnv = {};
  readonly #pace: Pace;
  readonly #urls = new Map<SystemName, string>();
  /** What the hub is told besides, by its environment. */
  readonly #told: NodeJS.ProcessEnv;
  /** Resolves when a hub that a visitor killed has its successor. */
  #back: Promise<void> | undefined;
  #replaced = 0;
  #hub: (HubFile & { readonly actor: Actor; readonly token: string }) | undefined;

  /** @param told what the hub is told besides, by its environment */
  constructor(seed: number, ended: AbortSignal, weather: Weather = "fair", told: NodeJS.ProcessEnv = {}) {
    this.seed = seed;
    this.#told = told;
    this.#pace = PACE[weather];
    this.signal = AbortSignal.any([ended, this.#ending.signal]);
    this.folder = mkdtempSync(join(tmpdir(), "interlock-demo-"));
    // As root, PostgreSQL runs as an account that must be able to pass; what is secret below has rights of its own.
    if (process.getuid?.() === 0) chmodSync(this.folder, 0o711);
  }

  get hub(): { readonly url: string; readonly tokenFile: string; readonly pid: number | undefined } {
    const { url, tokenFile, actor } = this.#hub!;
    return { url, tokenFile, pid: actor.pid };
  }

  urlOf(system: SystemName): string {
    return this.#urls.get(system)!;
  }

  /** Starts everything; each simulator is `prepared` before the hub looks at it. */
  async open(prepare: () => Promise<void>): Promise<void> {
    await Promise.all(SYSTEM_NAMES.map((name) => this.#startSystem(name)));
    await prepare();
    cpSync(PROJECT, this.folder, { recursive: true });
    const file = join(this.folder, "interlock.yaml");
    const yaml = parseDocument(readFileSync(file, "utf8"));
    for (const name of SYSTEM_NAMES) {
      yaml.setIn(["systems", name, "config", "baseUrl"], this.urlOf(name));
      yaml.setIn(["systems", name, "pace"], this.#pace.systems);
      const settings = (await this.ask(name, "settings")) as Record<string, string>;
      for (const [variable, setting] of Object.entries(SYSTEMS[name].secrets))
        this.#secrets[variable] = settings[setting];
    }
    yaml.setIn(["systems", "erp", "config", "loginUrl"], this.urlOf("erp"));
    if (this.#pace.erpPageSize) yaml.setIn(["systems", "erp", "config", "pageSize"], this.#pace.erpPageSize);
    if (this.#pace.takeOverAfter) yaml.setIn(["takeOverAfter"], this.#pace.takeOverAfter);
    writeFileSync(file, yaml.toString());
    await this.startHub();
    for (const plant of PLANTS)
      await this.ask(plant, "settings", {
        method: "PATCH",
        body: { webhookUrl: `${this.hub.url}/v1/systems/${plant}/inbound/webhook` },
      });
  }

  /** Starts the hub, where it was before, and waits until it takes events. */
  async startHub(): Promise<void> {
    const hubFile = join(this.folder, ".interlock/hub.json");
    const port = this.#hub ? new URL(this.#hub.url).port : "0";
    rmSync(hubFile, { force: true });
    const {
      DATABASE_URL: _,
      INTERLOCK_ADMIN_TOKEN: __,
      ...env
    } = {
      ...process.env,
      ...this.#secrets,
      ...this.#told,
    };
    const args = ["run", "--project", this.folder, "--port", port];
    const actor = this.#start("hub", "src/cli/main.ts", args, env);
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

  /** The hub dies and another one takes over: who calls meanwhile waits for it, and what got no answer is asked again. */
  async replaceHub(): Promise<void> {
    this.#back ??= this.killHub()
      .then(() => this.startHub())
      .finally(() => {
        this.#replaced++;
        this.#back = undefined;
      });
    await this.#back;
  }

  /** A call of the hub's API. @throws while the hub is dead, unless it is being replaced */
  async api(path: string, options: Omit<Call, "signal" | "token"> = {}): Promise<Answer> {
    await this.#back;
    const { url, token } = this.#hub!;
    const ask = () => call(`${url}${path}`, { ...options, token, signal: this.signal });
    const began = this.#replaced;
    try {
      return await ask();
    } catch (error) {
      if (this.#back === undefined && this.#replaced === began) throw error;
      await this.#back;
      return ask();
    }
  }

  /** A word at a simulator's side door: a person at a screen, its book, its clock. @throws DemoError when it is refused */
  async ask(
    system: SystemName,
    path: string,
    { body, method = body === undefined ? "GET" : "POST" }: Pick<Call, "body" | "method"> = {},
  ): Promise<Answer["body"]> {
    const answer = await call(`${this.urlOf(system)}/admin/${path}`, { method, body, signal: this.signal });
    if (answer.status < 300) return answer.body;
    throw new DemoError(`${system} refused ${method} /admin/${path}: ${JSON.stringify(answer.body)}`);
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

  async #startSystem(name: SystemName): Promise<void> {
    const { product, options } = SYSTEMS[name];
    const data = join(this.folder, "systems", name);
    const args = ["--data", data, "--seed", String(this.seed), ...options];
    const actor = this.#start(name, `simulators/${product}/main.ts`, args);
    const { url } = await until(
      `${name} is ready`,
      () => readJson<{ url: string }>(actor.read().split("\n", 1)[0]!),
      { signal: this.signal, withinMs: START_WITHIN_MS },
    );
    this.#urls.set(name, url);
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
