/** What goes wrong meanwhile: disorder, copies, lost answers, a plant that is away, a hub that is killed. */
import { setTimeout as delay } from "node:timers/promises";
import { PLANTS, type Works } from "./works.ts";

/** How long Renton is away. */
const AWAY_MS = 5_000;

/** By share of the orders that the ERP has received. */
const EVENTS = [
  { at: 0.05, what: "away" },
  { at: 0.25, what: "kill" },
  { at: 0.6, what: "kill" },
] as const;

export class Weather {
  readonly #works: Works;
  readonly #report: (line: string) => void;
  readonly #left: (typeof EVENTS)[number][] = [...EVENTS];
  #striking: Promise<void> | undefined;
  #failure: unknown;
  kills = 0;
  /** The hub was killed, and its successor is not there yet. */
  hubIsDead = false;

  constructor(works: Works, report: (line: string) => void) {
    this.#works = works;
    this.#report = report;
  }

  async begin(): Promise<void> {
    for (const plant of PLANTS)
      await this.#works.ask(plant, "faults", {
        body: [
          { kind: "webhook-duplicate", every: 10 },
          { kind: "webhook-reorder", every: 4 },
          { kind: "answer-lost", operations: ["release"], count: 8, probability: 0.02 },
        ],
      });
    await this.#works.ask("erp", "faults", {
      body: [
        {
          kind: "answer-lost",
          operations: ["sendMessage", "batch", "service"],
          count: 40,
          probability: 0.01,
        },
        { kind: "message-fails", probability: 0.01 },
        { kind: "queue-overtake", delayMs: 300, probability: 0.02 },
        { kind: "feed-duplicate", probability: 0.1 },
      ],
    });
    await this.#works.ask("crm", "faults", {
      body: [{ kind: "answer-lost", operations: ["update"], count: 10, probability: 0.02 }],
    });
  }

  /** @param share of the orders received so far */
  strike(share: number): void {
    if (this.#failure !== undefined) throw this.#failure;
    const [next] = this.#left;
    if (this.#striking || !next || share < next.at) return;
    this.#left.shift();
    // Everybody else goes on meanwhile.
    this.#striking = (next.what === "kill" ? this.#kill() : this.#cutOff())
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#striking = undefined;
      });
  }

  async end(): Promise<void> {
    await this.#striking;
    // Whatever was too quick for it meets it now.
    for (const { what } of this.#left.splice(0)) await (what === "kill" ? this.#kill() : this.#cutOff());
    for (const system of ["erp", "crm", ...PLANTS] as const)
      await this.#works.ask(system, "faults", { method: "DELETE" });
  }

  async #kill(): Promise<void> {
    this.hubIsDead = true;
    await this.#works.killHub();
    this.kills++;
    await this.#works.startHub();
    this.hubIsDead = false;
    this.#report(`the hub was killed with SIGKILL in the middle of its work; another one goes on`);
  }

  async #cutOff(): Promise<void> {
    await this.#works.ask("mes-renton", "cut-off", { body: { on: true } });
    await delay(AWAY_MS, undefined, { signal: this.#works.signal });
    await this.#works.ask("mes-renton", "cut-off", { body: { on: false } });
    this.#report("Renton was away, worked on, and is back");
  }
}
