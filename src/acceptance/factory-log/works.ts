/** The works: an ERP, the plant's MES and a hub, each a process of its own, in a folder that is the example project. */
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
import { PROJECT } from "./company.ts";

const HOME = join(import.meta.dirname, "../../..");
const START_WITHIN_MS = 120_000;

/** Months pass in seconds here, and so must the looks: what the ERP has posted decides when the next report is sent to it. */
const SYSTEMS = {
  erp: { product: "erp-dynamics365", options: [], pollEvery: "100ms" },
  "mes-works": { product: "mes-rest", options: ["--dialect", "lyon"], pollEvery: "500ms" },
} as const;
export type SystemName = keyof typeof SYSTEMS;

export class Works {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly #ending = new AbortController();
  readonly #actors: Actor[] = [];
  readonly #urls = new Map<SystemName, string>();
  #hub: { readonly url: string; readonly token: string; readonly pid: number } | undefined;

  constructor(ended: AbortSignal) {
    this.signal = AbortSignal.any([ended, this.#ending.signal]);
    this.folder = mkdtempSync(join(tmpdir(), "interlock-acceptance-"));
    // As root, PostgreSQL runs as an account that must be able to pass; what is secret below has rights of its own.
    if (process.getuid?.() === 0) chmodSync(this.folder, 0o711);
  }

  get hub(): { readonly url: string; readonly token: string; readonly pid: number } {
    return this.#hub!;
  }

  /** Starts everything; the systems are `prepared` before the hub looks at them. */
  async open(prepare: () => Promise<void>): Promise<void> {
    await Promise.all((Object.keys(SYSTEMS) as SystemName[]).map((name) => this.#startSystem(name)));
    await prepare();
    cpSync(PROJECT, this.folder, { recursive: true });
    const file = join(this.folder, "interlock.yaml");
    const yaml = parseDocument(readFileSync(file, "utf8"));
    for (const [name, url] of this.#urls) {
      yaml.setIn(["systems", name, "config", "baseUrl"], url);
      yaml.setIn(["systems", name, "pace"], { pollEvery: SYSTEMS[name].pollEvery });
    }
    yaml.setIn(["systems", "erp", "config", "loginUrl"], this.#urls.get("erp"));
    yaml.setIn(["systems", "erp", "config", "overlapMs"], 2_000);
    writeFileSync(file, yaml.toString());
    const [erp, mes] = await Promise.all([this.ask("erp", "settings"), this.ask("mes-works", "settings")]);
    await this.#startHub({
      ERP_SECRET: erp.clientSecret as string,
      WORKS_MES_SECRET: mes.clientSecret as string,
      WORKS_WEBHOOK_SECRET: mes.webhookSecret as string,
    });
  }

  /** A call of the hub's API. */
  api(path: string, options: Omit<Call, "signal" | "token"> = {}): Promise<Answer> {
    const { url, token } = this.hub;
    return call(`${url}${path}`, { ...options, token, signal: this.signal });
  }

  /** Every page of a list of the hub's API. */
  async list<Item>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null = null;
    do {
      const asked = new URLSearchParams({ ...query, limit: "900", ...(cursor !== null && { cursor }) });
      const { status, body } = await this.api(`${path}?${asked}`);
      if (status !== 200)
        throw new Error(`GET ${path}?${asked} was answered ${status}: ${JSON.stringify(body)}`);
      items.push(...(body.items as Item[]));
      cursor = body.next as string | null;
    } while (cursor !== null);
    return items;
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
    throw new Error(`${system} refused ${method} /admin/${path}: ${JSON.stringify(answer.body)}`);
  }

  /** What each process said last, for a person who looks for the reason. */
  tails(): string {
    return this.#actors.map((actor) => actor.tail()).join("\n");
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#actors.map((actor) => actor.end()));
    const dir = join(this.folder, ".interlock/db");
    if (await settle(findPlace(dir))) await (await startEmbedded(dir)).close();
    for (const folder of [findPlace(dir).folder, this.folder])
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async #startSystem(name: SystemName): Promise<void> {
    const { product, options } = SYSTEMS[name];
    const args = ["--data", join(this.folder, "systems", name), ...options];
    const actor = this.#start(name, `simulators/${product}/main.ts`, args);
    const { url } = await until(
      `${name} is ready`,
      () => readJson<{ url: string }>(actor.read().split("\n", 1)[0]!),
      { signal: this.signal, withinMs: START_WITHIN_MS },
    );
    this.#urls.set(name, url);
  }

  async #startHub(secrets: NodeJS.ProcessEnv): Promise<void> {
    const hubFile = join(this.folder, ".interlock/hub.json");
    const { DATABASE_URL: _, INTERLOCK_ADMIN_TOKEN: __, ...env } = { ...process.env, ...secrets };
    const args = ["run", "--project", this.folder, "--port", "0"];
    const actor = this.#start("hub", "src/cli/main.ts", args, env);
    const { url, tokenFile } = await until(
      "the hub is ready",
      () =>
        existsSync(hubFile)
          ? readJson<{ url: string; tokenFile: string }>(readFileSync(hubFile, "utf8"))
          : undefined,
      { signal: this.signal, withinMs: START_WITHIN_MS },
    );
    this.#hub = { url, token: readFileSync(tokenFile, "utf8").trim(), pid: actor.pid! };
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
