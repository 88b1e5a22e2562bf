/** The same four systems, with the scripts where the hub would be. */
import { mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DemoError } from "../errors.ts";
import { PLANTS, type SystemName, World } from "../factory/world.ts";
import { Actor } from "../process.ts";
import { until } from "../until.ts";

const SCRIPTS = join(import.meta.dirname, "script/main.ts");
const START_WITHIN_MS = 60_000;
const NAMES: Readonly<Record<SystemName, string>> = {
  crm: "CRM",
  erp: "ERP",
  "mes-lyon": "LYON",
  "mes-brno": "BRNO",
};
const STREAMS = ["orders", "production", "reports", "status"];

export class ScriptedWorld extends World {
  readonly #died: AbortController;
  readonly #state = join(this.folder, "scripts");
  #settings: NodeJS.ProcessEnv = {};
  #scripts: Actor | undefined;
  #port = "0";

  constructor(seed: number, ended: AbortSignal) {
    const died = new AbortController();
    super(seed, AbortSignal.any([ended, died.signal]));
    this.#died = died;
  }

  override get hub(): World["hub"] {
    return { url: `http://127.0.0.1:${this.#port}`, token: "", tokenFile: "", pid: this.#scripts?.pid ?? 0 };
  }

  override async open(prepare: () => Promise<void>): Promise<void> {
    await super.open(prepare);
    for (const plant of PLANTS)
      await this.ask(plant, "settings", {
        method: "PATCH",
        body: { webhookUrl: `${this.hub.url}/${NAMES[plant].toLowerCase()}` },
      });
  }

  override async startHub(): Promise<void> {
    mkdirSync(this.#state, { recursive: true });
    if (!this.#scripts) this.#settings = await this.#readSettings();
    const said = this.#scripts?.read().length ?? 0;
    const env = { ...process.env, ...this.#settings, STATE: this.#state, PORT: this.#port };
    const log = join(this.folder, "scripts.log");
    const scripts = new Actor({ name: "scripts", script: SCRIPTS, args: [], log, env }, (how) =>
      this.#died.abort(new DemoError(`${how}\n${scripts.tail()}`)),
    );
    this.#scripts = scripts;
    this.#port = await until(
      "the scripts are ready",
      () => /^\{"port":(\d+)\}$/m.exec(scripts.read().slice(said))?.[1],
      { signal: this.signal, withinMs: START_WITHIN_MS },
    );
  }

  override async killHub(): Promise<void> {
    await this.#scripts!.kill();
  }

  override async close(keep = false): Promise<void> {
    await this.#scripts?.end();
    await super.close(keep);
  }

  /** When the round began that went well last, of the stream where that is longest ago. */
  lookedAt(): number {
    const looks = STREAMS.map((stream) => {
      try {
        return Number(readFileSync(join(this.#state, "alive", `${stream}.json`), "utf8"));
      } catch {
        return 0;
      }
    });
    return Math.min(...looks);
  }

  /** Somebody has everything that was put aside tried again. @returns how much that was */
  tryAgain(): number {
    const [failed, again] = [join(this.#state, "failed"), join(this.#state, "again")];
    const names = readdirSync(failed);
    for (const name of names) renameSync(join(failed, name), join(again, name));
    return names.length;
  }

  async #readSettings(): Promise<NodeJS.ProcessEnv> {
    const all = await Promise.all(
      Object.entries(NAMES).map(async ([system, name]) => {
        const { clientId, clientSecret } = (await this.ask(system as SystemName, "settings")) as Record<
          string,
          string
        >;
        return [
          [`${name}_URL`, this.urlOf(system as SystemName)],
          [`${name}_CLIENT`, clientId],
          [`${name}_SECRET`, clientSecret],
        ];
      }),
    );
    return Object.fromEntries(all.flat()) as NodeJS.ProcessEnv;
  }
}
