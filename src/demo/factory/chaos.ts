/**
 * Everything that goes wrong between systems, all the time: every fault of every simulator, a plant that cannot be reached for a
 * while, a system restored from a backup, and a hub that is killed in the middle of its work, again and again. Drawn from the seed.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Narrator } from "../narrate.ts";
import { drawnFrom } from "./seed.ts";
import { setBack } from "./setback.ts";
import { readStruck, type Struck } from "./struck.ts";
import { FAULTS } from "./trouble.ts";
import { SYSTEM_NAMES, type SystemName, type World } from "./world.ts";

/** The hub is killed in so many of the first spans of time, and a plant cut off in one. */
const KILLS = 6;
const CUT_OFF_MS = 4_000;
const KILL_WITHIN_MS = 1_500;

export class Chaos {
  readonly #world: World;
  readonly #tell: Narrator;
  readonly #draw: (from: number, to: number) => number;
  readonly #cutOffIn: number;
  readonly #setBackIn: number;
  readonly #setBack: SystemName;
  #span = 0;
  #kills = 0;

  constructor(world: World, narrator: Narrator) {
    this.#world = world;
    this.#tell = narrator;
    this.#draw = drawnFrom(world.seed + 7919);
    this.#cutOffIn = this.#draw(0, 2);
    this.#setBackIn = this.#draw(1, KILLS);
    this.#setBack = SYSTEM_NAMES[this.#draw(0, SYSTEM_NAMES.length - 1)]!;
  }

  get kills(): number {
    return this.#kills;
  }

  async begin(): Promise<void> {
    for (const system of SYSTEM_NAMES) await this.#world.ask(system, "faults", { body: FAULTS[system] });
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

  /** Comes when all that followed is over. */
  async afterwards(calm: () => Promise<void>): Promise<void> {
    if (this.#span === this.#setBackIn) await setBack(this.#world, this.#setBack, this.#tell, calm);
  }

  struck(): Promise<Struck[]> {
    return readStruck(this.#world, FAULTS);
  }

  async end(): Promise<void> {
    for (const system of SYSTEM_NAMES) await this.#world.ask(system, "faults", { method: "DELETE" });
  }

  async #kill(): Promise<void> {
    await delay(this.#draw(50, KILL_WITHIN_MS), undefined, { signal: this.#world.signal });
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
