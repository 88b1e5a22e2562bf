/**
 * Where an example project is played: simulated systems and a hub, each a process of its own, in a folder that is the whole
 * project. The demos and the acceptance runs all stand on it.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { type Answer, call, type Call } from "./call.ts";
import { DemoError } from "./errors.ts";
import { endDatabase, type Hub, makeFolder, removeProject, startHub, startSimulator } from "./launch.ts";
import type { Actor } from "./process.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
/** What an answer that explains a refusal shows at most. */
const SHOWN = 2_000;

/** A system of the project that has a simulator. */
export interface Simulated {
  /** A folder of `simulators/` */
  readonly product: "crm-salesforce" | "erp-dynamics365" | "mes-rest" | "reference";
  readonly options?: readonly string[];
  /** The variables of interlock.yaml, each with the simulator's setting that holds its value. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Its webhooks go to the hub; otherwise it sends none. */
  readonly webhooks?: boolean;
}

export interface Scene<Name extends string> {
  /** A folder of `examples/` */
  readonly example: string;
  readonly systems: Readonly<Record<Name, Simulated>>;
  /** Of what happens by chance; 1 unless told. */
  readonly seed?: number;
  /** What is otherwise than in the example's interlock.yaml; the addresses are there already. */
  readonly adapt?: (yaml: Document) => void;
  /** What the hub is told besides, by its environment. */
  readonly told?: NodeJS.ProcessEnv;
}

export class Stage<Name extends string = string> {
  readonly scene: Scene<Name>;
  readonly folder: string;
  /** Aborted when it is to end: a person said so, or one of the processes died. */
  readonly signal: AbortSignal;
  readonly #ending = new AbortController();
  readonly #actors: Actor[] = [];
  readonly #urls = new Map<string, string>();
  readonly #secrets: NodeJS.ProcessEnv = {};
  #hub: Hub | undefined;

  constructor(scene: Scene<Name>, ended: AbortSignal) {
    this.scene = scene;
    this.signal = AbortSignal.any([ended, this.#ending.signal]);
    this.folder = makeFolder(scene.example);
  }

  get hub(): Pick<Hub, "url" | "token" | "tokenFile" | "pid"> {
    return this.#hub!;
  }

  get seed(): number {
    return this.scene.seed ?? 1;
  }

  urlOf(system: Name): string {
    return this.#urls.get(system)!;
  }

  /** Starts everything. The systems, and the project's folder, are `prepared` before the hub looks at them. */
  async open(prepare: () => Promise<void> = async () => {}): Promise<void> {
    const names = Object.keys(this.scene.systems) as Name[];
    cpSync(join(EXAMPLES, this.scene.example), this.folder, { recursive: true });
    await Promise.all(names.map((name) => this.#startSystem(name)));
    await prepare();
    const file = join(this.folder, "interlock.yaml");
    const yaml = parseDocument(readFileSync(file, "utf8"));
    for (const name of names) {
      for (const field of ["baseUrl", "loginUrl"])
        if (yaml.hasIn(["systems", name, "config", field]))
          yaml.setIn(["systems", name, "config", field], this.urlOf(name));
      const settings = (await this.ask(name, "settings")) as Record<string, string>;
      for (const [variable, setting] of Object.entries(this.scene.systems[name].secrets))
        this.#secrets[variable] = settings[setting];
    }
    this.scene.adapt?.(yaml);
    writeFileSync(file, yaml.toString());
    await this.startHub();
    for (const name of names.filter((each) => this.scene.systems[each].webhooks))
      await this.ask(name, "settings", {
        method: "PATCH",
        body: { webhookUrl: `${this.hub.url}/v1/systems/${name}/inbound/webhook` },
      });
  }

  /** Starts the hub, where it was before, and waits until it takes events. */
  async startHub(): Promise<void> {
    const port = this.#hub ? new URL(this.#hub.url).port : "0";
    const env = { ...this.#secrets, ...this.scene.told };
    const log = join(this.folder, "hub.log");
    this.#hub = await startHub({ project: this.folder, port, env, log }, this.#launching());
  }

  /** As the machine does it: no warning, nothing finished. */
  async killHub(): Promise<void> {
    await this.#hub!.actor.kill();
  }

  /** A call of the hub's API. @throws while the hub is dead */
  async api(path: string, options: Omit<Call, "signal" | "token"> = {}): Promise<Answer> {
    const { url, token } = this.#hub!;
    return call(`${url}${path}`, { ...options, token, signal: this.signal });
  }

  /** Every page of a list of the hub's API. @throws DemoError when it is refused */
  async list<Item>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const asked = new URLSearchParams({ ...query, limit: "900", ...(cursor !== "" && { cursor }) });
      const { status, body }: Answer = await this.api(`${path}?${asked}`);
      if (status !== 200)
        throw new DemoError(`GET ${path}?${asked} was answered ${status}: ${JSON.stringify(body)}`);
      items.push(...(body.items as Item[]));
      cursor = body.next as string | null;
    }
    return items;
  }

  /** A word at a simulator's side door: a person at a screen, its book, its clock. @throws DemoError when it is refused */
  async ask(
    system: Name,
    path: string,
    { body, method = body === undefined ? "GET" : "POST" }: Pick<Call, "body" | "method"> = {},
  ): Promise<Answer["body"]> {
    const answer = await call(`${this.urlOf(system)}/admin/${path}`, { method, body, signal: this.signal });
    if (answer.status < 300) return answer.body;
    const why = JSON.stringify(answer.body).slice(0, SHOWN);
    throw new DemoError(`${system} refused ${method} /admin/${path}: ${why}`);
  }

  /** What each process said last, for a person who looks for the reason. */
  tails(): string {
    const last = new Map(this.#actors.map((actor) => [actor.log, actor]));
    return [...last.values()].map((actor) => actor.tail()).join("\n");
  }

  /** Why it could not be played to its end: what was thrown, or the death of a process behind it, with the tails. */
  failure(error: unknown): DemoError {
    const why = (this.signal.aborted ? this.signal.reason : error) as Error;
    return new DemoError(`${why.message}\n${this.tails()}`, { cause: error });
  }

  /** Ends everything that was started. @param keep leaves the folder for a person to look at */
  async close(keep = false): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#actors.map((actor) => actor.end()));
    await endDatabase(this.folder);
    if (!keep) removeProject(this.folder);
  }

  async #startSystem(name: Name): Promise<void> {
    const { product, options = [] } = this.scene.systems[name];
    const data = join(this.folder, "systems", name);
    const args = ["--data", data, "--seed", String(this.seed), ...options];
    const log = join(this.folder, `${name}.log`);
    const { url } = await startSimulator({ name, product, args, log }, this.#launching());
    this.#urls.set(name, url);
  }

  #launching() {
    return {
      signal: this.signal,
      died: (how: string) => this.#ending.abort(new DemoError(how)),
      started: (actor: Actor) => void this.#actors.push(actor),
    };
  }
}
