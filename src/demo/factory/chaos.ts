/**
 * Everything that goes wrong between systems, all the time: every fault of every simulator, a plant that cannot be reached for a
 * while, and a hub that is killed in the middle of its work, again and again. Drawn from the seed.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Narrator } from "../narrate.ts";
import { drawnFrom } from "./seed.ts";
import { type SystemName, type World } from "./world.ts";

interface Fault {
  readonly kind: string;
  readonly operations?: readonly string[];
  readonly probability: number;
  readonly delayMs?: number;
  readonly afterProbes?: number;
  readonly retryAfterSeconds?: number;
}

const SELDOM = 0.02;
const often = (kind: string, more: Partial<Fault> = {}): Fault => ({ kind, probability: 0.06, ...more });
const seldom = (kind: string, more: Partial<Fault> = {}): Fault => ({ kind, probability: SELDOM, ...more });

const PLANT: readonly Fault[] = [
  often("answer-lost"),
  seldom("reset-before"),
  seldom("outage"),
  seldom("throttle", { retryAfterSeconds: 1 }),
  seldom("token-expired"),
  seldom("error-after"),
  seldom("duplicate-answer"),
  often("slow-commit", { delayMs: 500, afterProbes: 1 }),
  often("webhook-duplicate"),
  often("webhook-reorder"),
  often("webhook-lost"),
  often("poll-gap"),
];

const FAULTS: Readonly<Record<SystemName, readonly Fault[]>> = {
  crm: [
    often("answer-lost", { operations: ["update"] }),
    seldom("error-after", { operations: ["update"] }),
    often("slow-commit", { operations: ["update"], delayMs: 500, afterProbes: 1 }),
    seldom("lock-row", { operations: ["update"] }),
    seldom("reset-before", { operations: ["update", "query"] }),
    seldom("outage", { operations: ["update", "query"] }),
    seldom("throttle", { operations: ["update", "query"], retryAfterSeconds: 1 }),
    seldom("token-expired", { operations: ["update", "query"] }),
    often("poll-gap", { operations: ["query"] }),
  ],
  erp: [
    often("answer-lost"),
    seldom("error-after"),
    often("slow-commit", { delayMs: 500, afterProbes: 1 }),
    seldom("duplicate-answer"),
    seldom("half-batch"),
    seldom("reset-before"),
    seldom("outage"),
    seldom("throttle", { retryAfterSeconds: 1 }),
    seldom("token-expired"),
    seldom("update-conflict"),
    seldom("queue-stall", { delayMs: 300 }),
    often("queue-overtake", { delayMs: 400 }),
    often("message-fails"),
    often("feed-duplicate"),
    often("poll-gap"),
  ],
  "mes-lyon": PLANT,
  "mes-brno": PLANT,
};

/** The hub is killed in so many of the first spans of time, and a plant cut off in one. */
const KILLS = 6;
const CUT_OFF_MS = 4_000;

export class Chaos {
  readonly #world: World;
  readonly #tell: Narrator;
  readonly #draw: (from: number, to: number) => number;
  readonly #cutOffIn: number;
  #span = 0;
  #kills = 0;

  constructor(world: World, narrator: Narrator) {
    this.#world = world;
    this.#tell = narrator;
    this.#draw = drawnFrom(world.seed + 7919);
    this.#cutOffIn = this.#draw(0, 2);
  }

  get kills(): number {
    return this.#kills;
  }

  async begin(): Promise<void> {
    for (const [system, faults] of Object.entries(FAULTS))
      await this.#world.ask(system as SystemName, "faults", { body: faults });
    const count = Object.values(FAULTS).reduce((sum, faults) => sum + faults.length, 0);
    this.#tell.say(`Every fault is on: ${count} kinds of trouble in four systems, from now on.`);
  }

  /** Comes when the clocks have gone on, while the plants tell and the hub decides and sends. */
  async strike(): Promise<void> {
    const span = this.#span++;
    await Promise.all([
      span < KILLS ? this.#kill() : undefined,
      span === this.#cutOffIn ? this.#cutOff() : undefined,
    ]);
  }

  async end(): Promise<void> {
    for (const system of Object.keys(FAULTS))
      await this.#world.ask(system as SystemName, "faults", { method: "DELETE" });
  }

  async #kill(): Promise<void> {
    await delay(this.#draw(50, 2_000), undefined, { signal: this.#world.signal });
    const { pid } = this.#world.hub;
    await this.#world.killHub();
    this.#kills++;
    this.#tell.say(
      `kill -9 ${pid}: there is no hub any more. Another one is started, and looks before it sends again.`,
    );
    await this.#world.startHub();
  }

  async #cutOff(): Promise<void> {
    await this.#world.ask("mes-brno", "cut-off", { body: { on: true } });
    this.#tell.say("Brno is cut off. It works on.");
    await delay(CUT_OFF_MS, undefined, { signal: this.#world.signal });
    await this.#world.ask("mes-brno", "cut-off", { body: { on: false } });
    this.#tell.say("Brno is back.");
  }
}
