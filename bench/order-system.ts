import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { request } from "undici";
import { startSimulator } from "../src/demo/launch.ts";
import type { Actor } from "../src/demo/process.ts";

interface Entry {
  readonly op: string;
  readonly order?: { readonly sourceOrder: string | null };
  readonly told?: { readonly number: string; readonly status: string };
}

/** What really happened in an order system, by the orders of a benchmark. */
export interface Book {
  /** How often each was created. */
  readonly created: ReadonlyMap<string, number>;
  /** What was told of each, the last word. */
  readonly told: ReadonlyMap<string, string>;
}

/** A simulated order system in a process of its own. It can go away and come back: same address, same book. */
export class OrderSystem {
  readonly name: string;
  readonly #folder: string;
  readonly #died: (how: string) => void;
  #actor: Actor | undefined;
  #url = "";
  #secret = "";

  constructor(name: string, folder: string, died: (how: string) => void) {
    this.name = name;
    this.#folder = folder;
    this.#died = died;
  }

  get url(): string {
    return this.#url;
  }

  get secret(): string {
    return this.#secret;
  }

  get pid(): number {
    return this.#actor!.pid!;
  }

  async start(signal: AbortSignal): Promise<void> {
    const port = this.#url === "" ? "0" : new URL(this.#url).port;
    const log = join(this.#folder, `${this.name}-${Date.now()}.log`);
    const args = ["--data", this.#data, "--port", port];
    const { url } = await startSimulator(
      { name: this.name, product: "reference", args, log },
      { signal, died: this.#died, started: (actor) => (this.#actor = actor) },
    );
    this.#url = url;
    const { body } = await request(`${this.#url}/admin/settings`);
    this.#secret = ((await body.json()) as { clientSecret: string }).clientSecret;
  }

  /** How many changes it has had to tell of so far. */
  async countChanges(): Promise<number> {
    const { body } = await request(`${this.#url}/changes?limit=1`, {
      headers: { authorization: `Bearer ${await fetchToken(this)}` },
    });
    return Number(((await body.json()) as { head: string }).head);
  }

  async end(): Promise<void> {
    const actor = this.#actor;
    this.#actor = undefined;
    await actor?.end();
  }

  /** Its book of the orders `<prefix>-...`, read from its journal: as an answer it would be hundreds of megabytes. */
  async readBook(prefix: string): Promise<Book> {
    const created = new Map<string, number>();
    const told = new Map<string, string>();
    const lines = createInterface({ input: createReadStream(join(this.#data, "journal.jsonl")) });
    for await (const line of lines) {
      const entry = JSON.parse(line) as Entry;
      const source = entry.order?.sourceOrder;
      if (entry.op === "create" && source?.startsWith(`${prefix}-`))
        created.set(source, (created.get(source) ?? 0) + 1);
      if (entry.told?.number.startsWith(`${prefix}-`)) told.set(entry.told.number, entry.told.status);
    }
    return { created, told };
  }

  get #data(): string {
    return join(this.#folder, "systems", this.name);
  }
}

/** A bearer token of the system's own interface. */
export async function fetchToken({ url, secret }: Pick<OrderSystem, "url" | "secret">): Promise<string> {
  const { body } = await request(`${url}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `grant_type=client_credentials&client_id=interlock&client_secret=${encodeURIComponent(secret)}`,
  });
  return ((await body.json()) as { access_token: string }).access_token;
}
