/** All systems and the hub, each a process of its own, in a folder that is the example project. */
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { settle } from "../../db/embedded/launch.ts";
import { findPlace } from "../../db/embedded/place.ts";
import { startEmbedded } from "../../db/embedded.ts";
import { type Answer, call, type Call } from "../../demo/call.ts";
import { Actor } from "../../demo/process.ts";
import { until } from "../../demo/until.ts";

const HOME = join(import.meta.dirname, "../../..");
const PROJECT = join(HOME, "examples/adventureworks");
const START_WITHIN_MS = 120_000;

const SYSTEMS = {
  crm: { product: "crm-salesforce", options: [], secrets: { CRM_SECRET: "clientSecret" } },
  erp: { product: "erp-dynamics365", options: [], secrets: { ERP_SECRET: "clientSecret" } },
  "mes-bothell": {
    product: "mes-rest",
    options: ["--dialect", "lyon"],
    secrets: { BOTHELL_MES_SECRET: "clientSecret", BOTHELL_WEBHOOK_SECRET: "webhookSecret" },
  },
  "mes-renton": {
    product: "mes-rest",
    options: ["--dialect", "lyon"],
    secrets: { RENTON_MES_SECRET: "clientSecret", RENTON_WEBHOOK_SECRET: "webhookSecret" },
  },
} as const;
export type SystemName = keyof typeof SYSTEMS;
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];
export const PLANTS = ["mes-bothell", "mes-renton"] as const;
export type Plant = (typeof PLANTS)[number];

interface Hub {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

export class Stage {
  readonly folder: string;
  /** Aborted when it is to end: a person said so, or one of the processes died. */
  readonly signal: AbortSignal;
  readonly #ending = new AbortController();
  readonly #actors: Actor[] = [];
  readonly #secrets: NodeJS.ProcessEnv = {};
  readonly #urls = new Map<SystemName, string>();
  #hub: (Hub & { readonly actor: Actor }) | undefined;

  constructor(ended: AbortSignal) {
    this.signal = AbortSignal.any([ended, this.#ending.signal]);
    this.folder = mkdtempSync(join(tmpdir(), "interlock-acceptance-"));
    // As root, PostgreSQL runs as an account that must be able to pass; what is secret below has rights of its own.
    if (process.getuid?.() === 0) chmodSync(this.folder, 0o711);
  }

  get hub(): Hub {
    return this.#hub!;
  }

  /** Starts everything; the systems are `prepared` before the hub looks at them. */
  async open(prepare: () => Promise<void>): Promise<void> {
    await Promise.all(SYSTEM_NAMES.map((name) => this.#startSystem(name)));
    await prepare();
    cpSync(PROJECT, this.folder, { recursive: true });
    const file = join(this.folder, "interlock.yaml");
    const yaml = parseDocument(readFileSync(file, "utf8"));
    for (const name of SYSTEM_NAMES) {
      yaml.setIn(["systems", name, "config", "baseUrl"], this.#urls.get(name));
      const settings = (await this.ask(name, "settings")) as Record<string, string>;
      for (const [variable, setting] of Object.entries(SYSTEMS[name].secrets))
        this.#secrets[variable] = settings[setting];
    }
    yaml.setIn(["systems", "erp", "config", "loginUrl"], this.#urls.get("erp"));
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
    const { DATABASE_URL: _, INTERLOCK_ADMIN_TOKEN: __, ...env } = { ...process.env, ...this.#secrets };
    const args = ["run", "--project", this.folder, "--port", port];
    const actor = this.#start("hub", "src/cli/main.ts", args, env);
    const { url, tokenFile } = await until(
      "the hub is ready",
      () =>
        existsSync(hubFile)
          ? readJson<{ url: string; tokenFile: string }>(readFileSync(hubFile, "utf8"))
          : undefined,
      { signal: this.signal, withinMs: START_WITHIN_MS },
    );
    this.#hub = { url, token: readFileSync(tokenFile, "utf8").trim(), pid: actor.pid!, actor };
  }

  /** As the machine does it: no warning, nothing finished. */
  async killHub(): Promise<void> {
    await this.#hub!.actor.kill();
  }

  /** A call of the hub's API. @throws while the hub is dead */
  api(path: string, options: Omit<Call, "signal" | "token"> = {}): Promise<Answer> {
    const { url, token } = this.hub;
    return call(`${url}${path}`, { ...options, token, signal: this.signal });
  }

  /** A word at a simulator's side door: a person at a screen, its book, its clock. @throws when it is refused */
  async ask(
    system: SystemName,
    path: string,
    { body, method = body === undefined ? "GET" : "POST" }: Pick<Call, "body" | "method"> = {},
  ): Promise<Answer["body"]> {
    const url = `${this.#urls.get(system)}/admin/${path}`;
    const answer = await call(url, { method, body, signal: this.signal });
    if (answer.status < 300) return answer.body;
    throw new Error(
      `${system} refused ${method} /admin/${path}: ${JSON.stringify(answer.body).slice(0, 2000)}`,
    );
  }

  /** What each process said last, for a person who looks for the reason. */
  tails(): string {
    const last = new Map(this.#actors.map((actor) => [actor.log, actor]));
    return [...last.values()].map((actor) => actor.tail()).join("\n");
  }

  /** Ends everything that was started. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#actors.map((actor) => actor.end()));
    const dir = join(this.folder, ".interlock/db");
    // A hub that was killed has left its database running for its successor.
    if (await settle(findPlace(dir))) await (await startEmbedded(dir)).close();
    for (const folder of [findPlace(dir).folder, this.folder])
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async #startSystem(name: SystemName): Promise<void> {
    const { product, options } = SYSTEMS[name];
    const args = ["--data", join(this.folder, "systems", name), "--seed", "1", ...options];
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
      this.#ending.abort(new Error(how)),
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
